"""The command that seeds a centre, run as people run it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from machxa_collector.registry.records import KINDS
from machxa_collector.store import preferences, record_history, records_read
from machxa_collector.store.engine import open_store


def run(data: Path, province: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "machxa_collector.main", "init", "--province", province, "--data", str(data)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=120)


def test_one_step_seeds_a_centre_and_a_second_changes_nothing(tmp_path: Path) -> None:
    first, second = run(tmp_path, "86"), run(tmp_path, "vĩnh long")

    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert "34 tỉnh, thành phố (provinces), 3321 xã, phường, đặc khu (communes), 34 trung tâm" in first.stdout
    assert "Tỉnh Vĩnh Long, mã (code) 86: 124 xã/phường (communes): 105 xã, 19 phường" in first.stdout
    assert "units were there, kept" in second.stdout
    assert "its calendar was there, kept" in second.stdout
    store = open_store(tmp_path / "collector" / "machxa.db")
    assert [records_read.count(store, KINDS[kind]) for kind in ("units", "calendars")] == [3_414, 1]
    assert [one.action for one in record_history.list_batches(store, None, None, 10)] == ["init", "init"]
    assert preferences.home(store) == "86"
    store.dispose()


@pytest.mark.parametrize(
    ("province", "suggested"),
    [
        ("bến tre", "Tỉnh Vĩnh Long (86)"),
        ("vinh", "Tỉnh Vĩnh Long (86)"),
        ("99", "--province 86"),
        ("", "--province 86"),
    ],
)
def test_a_province_that_there_is_not_is_refused_with_what_may_be_meant(
    tmp_path: Path, province: str, suggested: str
) -> None:
    done = run(tmp_path, province)

    assert done.returncode == 1
    assert suggested in done.stderr
    assert done.stdout == ""
