"""``machxa bench detect``: how soon an outage is noticed, over trials that differ by chance."""

from __future__ import annotations

import json

import pytest

from machxa_collector.main import main


def test_outages_are_noticed_within_their_aims(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["bench", "detect", "--trials", "2", "--json"])

    results = json.loads(capsys.readouterr().out)["results"]
    assert status == 0
    assert [(one["trials"], one["missed"]) for one in results] == [(2, 0)] * 3
    assert all(0 < one["p50_seconds"] <= one["p99_seconds"] <= one["aim_seconds"] for one in results)
