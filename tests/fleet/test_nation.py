"""A small country reports through the real wire, and nothing is lost."""

from __future__ import annotations

import json
from typing import Any

import pytest

from machxa_fleet import bench_nation, postgresql, stage


@pytest.mark.broker
@pytest.mark.faults
@pytest.mark.parametrize("collectors", ["0", "2"])
def test_a_country_reports_and_catches_up_without_loss(
    capsys: pytest.CaptureFixture[str], rounds: int, collectors: str
) -> None:
    if rounds < 3:
        pytest.skip("takes the better part of a minute: --faults 3")
    if absent := stage.missing():
        pytest.skip(f"not installed: {', '.join(absent)}")
    if collectors != "0" and not postgresql.is_here():
        pytest.skip("not installed: postgresql")

    small = ["--agents", "60", "--seconds", "5", "--backlog", "20"]
    status = bench_nation.main([*small, "--collectors", collectors, "--json"])

    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert (status, told["lost"], told["agents"]) == (0, 0, 60)
    assert "intake" in told["cpu_percent_by_thread"]


@pytest.mark.parametrize(
    "wrong", [["--agents", "0"], ["--seconds", "0"], ["--agents", "5", "--backlog", "6"], ["--collectors", "9"]]
)
def test_what_no_country_is_is_refused(wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        bench_nation.main(wrong)

    assert ended.value.code == 2
