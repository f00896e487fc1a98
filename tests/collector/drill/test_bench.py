"""``machxa bench detect``: how soon an outage is noticed, over trials that differ by chance."""

from __future__ import annotations

import json

import pytest

from machxa_collector.main import main


def test_outages_are_noticed_and_the_status_says_whether_in_time(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["bench", "detect", "--trials", "2", "--json"])

    dark, many, few = json.loads(capsys.readouterr().out)["results"]
    assert [(one["trials"], one["missed"]) for one in (dark, many, few)] == [(2, 0)] * 3
    assert all(0 < one["p50_seconds"] <= one["p99_seconds"] for one in (dark, many, few))
    assert dark["p99_seconds"] <= 90
    assert few["p99_seconds"] <= 600
    assert status == int(many["p99_seconds"] > 180)
