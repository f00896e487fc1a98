"""A herd of agents with certificates comes back to a broker that was killed, and what it costs is told (F37)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from machxa_fleet import bench_herd, mosquitto


@pytest.mark.broker
@pytest.mark.faults
def test_all_of_a_herd_come_back_none_refused(capsys: pytest.CaptureFixture[str], rounds: int) -> None:
    if mosquitto.find() is None:
        pytest.skip("mosquitto is not installed")

    agents = 30 if rounds < 3 else 1000

    status = bench_herd.main(["--agents", str(agents), "--json"])

    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    print(told)
    assert (status, told["connected"], told["unacknowledged"], told["refused"]) == (0, agents, 0, 0)
    assert told["back_after_seconds"] < 120
    assert told["tls"] == "TLSv1.3"
    assert told["handshake_bytes_up"] + told["handshake_bytes_down"] < 3500  # with session tickets it would be 4,200
    assert told["reconnect_bytes_up"] + told["reconnect_bytes_down"] < 5000
