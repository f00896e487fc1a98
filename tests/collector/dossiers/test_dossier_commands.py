from __future__ import annotations

from pathlib import Path

import pytest

from machxa_collector.main import main
from tests.collector.dossiers.files import csv, lines


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(["dossiers", *arguments])
    said = capsys.readouterr()
    return status, said.out, said.err


def test_a_file_is_taken_in_with_a_bar_told_again_and_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    data, file = ("--data", str(tmp_path / "var")), tmp_path / "a.csv"
    file.write_bytes(csv(*lines(1, 2)))
    assert told(capsys, "import", str(file), *data)[0] == 1  # no source yet

    told(capsys, "add-source", "tinh", "Một cửa tỉnh", *data)
    tried = told(capsys, "import", str(file), "--dry-run", *data)
    status, out, err = told(capsys, "import", str(file), *data)
    again = told(capsys, "import", str(file), *data)
    listed = told(capsys, "sources", *data)
    import_id = out.splitlines()[-1].rsplit(" ", 1)[1]
    undone = told(capsys, "undo", import_id, *data)
    file.write_bytes(csv(*lines(1), "H62-2,29374,x,hôm qua,,,,"))
    bad = told(capsys, "import", str(file), *data)

    assert "mới (new) 2" in tried[1]
    assert (status, "mới (new) 2" in out, "2/2" in err) == (0, True, True)
    assert "nothing changed" in again[1]
    assert "until) 02/11/2026 09:00" in listed[1]
    assert "2 dòng bỏ (removed)" in undone[1]
    assert (bad[0], (tmp_path / "a-loi.csv").exists()) == (1, True)
    assert told(capsys, "undo", "none", *data)[0] == 1
