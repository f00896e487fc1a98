"""The shipped broker configuration starts, and a record goes through it to its acknowledgement."""

from __future__ import annotations

from pathlib import Path

import pytest

from machxa_fleet import stage
from machxa_fleet.simulated import Fleet, Pace

SHIPPED = Path(__file__).parents[2] / "deploy/mosquitto/mosquitto.conf"


@pytest.mark.broker
def test_records_go_through_a_broker_configured_as_shipped() -> None:
    if absent := stage.missing():
        pytest.skip(f"not installed: {', '.join(absent)}")
    lines = SHIPPED.read_text(encoding="utf-8").splitlines()
    settings = "\n".join(line for line in lines if not line.startswith(("#", "listener", "allow_anonymous")))
    with stage.running(settings) as running:
        fleet = Fleet(running.enrol(3), Pace(sample_seconds=0.5, batch_seconds=1.0))
        fleet.connect("127.0.0.1", running.broker)
        fleet.run(3.0)

        assert fleet.drain(60.0) == 0
        assert fleet.sent() > 0
        fleet.close()


def test_the_shipped_broker_listens_on_loopback_only() -> None:
    listeners = [line for line in SHIPPED.read_text(encoding="utf-8").splitlines() if line.startswith("listener")]

    assert listeners == ["listener 1883 127.0.0.1"]
