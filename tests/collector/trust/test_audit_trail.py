from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from machxa_collector import data_folder
from machxa_collector.registry.audit import Entry
from machxa_collector.store import audit


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a data folder with three entries, one hostile."""
    store = data_folder.open_data(tmp_path / "data")
    for actor in ("lan", "=cmd|' /C calc'!A0", "hoa\r\nroot"):
        audit.record_alone(store, Entry(at=1_728_043_200_000, actor=actor, action="settings.change"))
    store.dispose()
    return tmp_path / "data"


def machxa(*arguments: str | Path) -> tuple[int, str, str]:
    command = [sys.executable, "-m", "machxa_collector.main", *map(str, arguments)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return ended.returncode, ended.stdout, ended.stderr


def test_a_whole_trail_verifies_against_roots_kept_elsewhere(data: Path, tmp_path: Path) -> None:
    status, printed, _ = machxa("audit", "root", "--data", data)
    (tmp_path / "roots").write_text(printed)

    verified = machxa("audit", "verify", "--data", data, "--against", tmp_path / "roots")

    assert status == 0
    assert verified == (0, "nhật ký nguyên vẹn: mục 1 đến 3 (the trail is whole: entries 1 to 3)\n", "")


def test_the_first_broken_entry_is_named_with_exit_status_1(data: Path) -> None:
    store = data_folder.open_data(data)
    with store.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_no_update"))
        connection.execute(text("UPDATE audit SET actor = 'hoa' WHERE seq >= 2"))
    store.dispose()

    status, told, _ = machxa("audit", "verify", "--data", data)

    assert status == 1
    assert told.startswith("mục 2 bị sai (entry 2 was changed")


def test_an_export_is_stamped_recorded_and_opens_no_formula(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "audit.csv"

    status, _, said = machxa("audit", "export", file, "--data", data)

    assert (status, said) == (0, "")
    with file.open(encoding="utf-8-sig", newline="") as opened:
        stamp, columns, *rows = list(csv.reader(opened))
    assert stamp[0] == "machxa audit"
    assert stamp[1].endswith("@command-line")
    assert columns[:3] == ["seq", "at", "actor"]
    assert [row[2] for row in rows[:3]] == ["lan", "'=cmd|' /C calc'!A0", "hoa\\r\\nroot"]
    assert (rows[3][2], rows[3][3], rows[3][4]) == (stamp[1], "command line", "audit.export")
    assert file.stat().st_mode & 0o777 == 0o600


def test_an_export_replaces_no_file(data: Path, tmp_path: Path) -> None:
    (tmp_path / "there").write_text("kept")

    status, _, said = machxa("audit", "export", tmp_path / "there", "--data", data)

    assert status == 1
    assert "File exists" in said
    assert (tmp_path / "there").read_text() == "kept"


def test_a_folder_without_data_is_told_and_not_made(tmp_path: Path) -> None:
    status, _, said = machxa("audit", "verify", "--data", tmp_path / "none")

    assert status == 1
    assert "holds no collector's data" in said
    assert not (tmp_path / "none").exists()


def test_roots_that_are_none_are_told(data: Path, tmp_path: Path) -> None:
    (tmp_path / "roots").write_text("hello\n")

    status, _, said = machxa("audit", "verify", "--data", data, "--against", tmp_path / "roots")

    assert status == 1
    assert "holds no roots" in said
