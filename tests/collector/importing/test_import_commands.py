from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import Engine, func, select

from machxa_collector.main import main
from machxa_collector.store import tables
from machxa_collector.store.engine import open_store

GOOD = "Mã;Tên;Loại;Đơn vị\n0007;Máy in;máy in;86\n0008;Máy quét;máy quét;29506\n"
BROKEN = GOOD + "0009;Máy bay;máy bay;86\n"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a file of two assets in the folder where the command runs."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "ts.csv"
    path.write_text(GOOD, encoding="utf-8")
    return path


def opened() -> Engine:
    return open_store(Path("var/collector/machxa.db"))


def how_many(engine: Engine) -> tuple[int, int, int]:
    """Count assets, acts and the history of records."""
    with engine.connect() as connection:
        counts = [
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (tables.assets, tables.batches, tables.changes)
        ]
    return counts[0], counts[1], counts[2]


def test_a_file_is_taken_in_and_given_out_again(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "assets", str(file)]) == 0
    told = capsys.readouterr()
    assert "  Mã -> code\n" in told.out
    assert "2 dòng (rows): mới (new) 2, đổi (changed) 0, giữ nguyên (same) 0, không dùng được (bad) 0" in told.out
    assert "[##############################] 2/2" in told.err
    assert how_many(opened()) == (2, 1, 2)

    assert main(["export", "assets", "ra.xlsx"]) == 0
    sheet = openpyxl.load_workbook("ra.xlsx").worksheets[0]
    assert [sheet.cell(row, 1).value for row in (1, 2, 3)] == ["Mã tài sản", "0008", "0007"]
    assert main(["import", "assets", "ra.xlsx"]) == 0
    assert "Không có gì để đổi (nothing to change)" in capsys.readouterr().out


def test_a_broken_row_keeps_everything_out_and_goes_to_a_file_with_its_reason(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(BROKEN, encoding="utf-8")

    assert main(["import", "assets", str(file)]) == 1

    told = capsys.readouterr().out
    assert "Không nhập gì (nothing was taken in): 1 trong 3 dòng không dùng được" in told
    assert how_many(opened()) == (0, 0, 0)
    errors = Path("ts-loi.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(errors) == 2
    assert errors[1].startswith('"0009";"Máy bay";"máy bay";"86";"4";"Loại: là \'máy bay\', cần một trong')

    assert main(["import", "assets", str(file), "--good-only"]) == 1
    assert how_many(opened())[0] == 2
    assert Path("ts-loi-2.csv").exists()


def test_a_dry_run_writes_nothing(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "assets", str(file), "--dry-run"]) == 0

    assert "mới (new) 2" in capsys.readouterr().out
    engine = opened()
    assert how_many(engine) == (0, 0, 0)
    with engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(tables.imports)).scalar_one() == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["import", "planes", "ts.csv"], "there is no kind 'planes'"),
        (["import", "assets", "none.csv"], "cannot be read"),
        (["import", "assets", "ts.csv", "--mapping", "x"], "no mapping is kept as 'x'"),
        (["export", "assets", "ra.pdf"], "expected a name in .csv or .xlsx"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(
    file: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert file.exists()

    assert main(arguments) == 1

    assert said in capsys.readouterr().err


def test_a_crash_at_the_worst_moment_leaves_nothing_and_the_next_try_takes_all(file: Path) -> None:
    environment = {**os.environ, "MACHXA_CRASH": "in_import_before_commit"}
    command = [sys.executable, "-m", "machxa_collector.main", "import", "assets", str(file)]

    died = subprocess.run(command, env=environment, check=False, capture_output=True, timeout=60)

    assert died.returncode == -9
    assert how_many(opened()) == (0, 0, 0)
    assert main(["import", "assets", str(file)]) == 0
    assert how_many(opened()) == (2, 1, 2)


def test_counters_name_their_assets_by_code_and_come_back_the_same(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["import", "assets", str(file)])
    counters = Path("quay.csv")
    counters.write_text("Mã đơn vị;Số quầy;Tên quầy;Thiết bị dùng\n86;01;Đất đai;0007; \n", encoding="utf-8")
    assert main(["import", "counters", str(counters)]) == 0

    main(["export", "counters", "ra.csv"])

    assert '"86";"01";"Đất đai";"";"0007";"";' in Path("ra.csv").read_text(encoding="utf-8-sig")
    capsys.readouterr()
    assert main(["import", "counters", "ra.csv", "--dry-run"]) == 0
    assert "mới (new) 0, đổi (changed) 0, giữ nguyên (same) 1" in capsys.readouterr().out


def test_a_bench_shows_seconds_memory_and_that_a_broken_row_leaves_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "import", "--rows", "200", "--json"]) == 0

    told = json.loads(capsys.readouterr().out)
    assert [(one["form"], one["stored"], one["stored_after_a_broken_row"]) for one in told] == [
        ("xlsx", 200, 0),
        ("csv", 200, 0),
    ]
    assert all(one["preview_seconds"] >= 0 and one["growth_mb"] >= 0 and one["progress_told"] for one in told)
