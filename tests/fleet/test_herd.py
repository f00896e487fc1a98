"""A herd of agents with certificates comes back to a broker that was killed, and what it costs is told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from machxa_fleet import bench_herd, mosquitto


@pytest.mark.broker
@pytest.mark.faults
def test_all_of_a_herd_come_back_none_refused(capsys: pytest.CaptureFixture[str]) -> None:
    if mosquitto.find() is None:
        pytest.skip("mosquitto is not installed")

    status = bench_herd.main(["--agents", "30", "--json"])

    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert (status, told["connected"], told["unacknowledged"], told["refused"]) == (0, 30, 0, 0)
    assert told["back_after_seconds"] < 120
    assert told["tls"] == "TLSv1.3"
    assert told["handshake_bytes_up"] + told["handshake_bytes_down"] < 3500  # with session tickets it would be 4,200
    assert told["reconnect_bytes_up"] + told["reconnect_bytes_down"] < 5000
