"""Agents come back with days of samples each: nothing is lost, and the pages answer meanwhile (F38)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from machxa_fleet import bench_backlog, stage


@pytest.mark.broker
@pytest.mark.faults
def test_what_waited_for_days_is_caught_up_while_the_list_is_read(
    capsys: pytest.CaptureFixture[str], rounds: int
) -> None:
    if absent := stage.missing():
        pytest.skip(f"not installed: {', '.join(absent)}")
    agents, days = (10, 0.25) if rounds < 3 else (100, 3.0)

    status = bench_backlog.main(["--agents", str(agents), "--days", str(days), "--json"])

    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    print(told)
    assert (status, told["lost"], told["api_failures"], told["agents"]) == (0, 0, 0, agents)
    assert told["present_of_all_seconds"] < 300
    assert told["backlog_seconds"] < 12 * 3600
    assert told["api_answers"] > 0
