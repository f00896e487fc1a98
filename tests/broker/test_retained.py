"""What a hostile agent leaves in the broker for those who come later is refused, and cleared away."""

from __future__ import annotations

import time
from pathlib import Path

import psutil
import pytest

from machxa_fleet import mosquitto, secured
from machxa_fleet.simulated import Credentials
from tests.broker.ground import Enrolled, Ground, collecting, connected
from tests.broker.line import Line
from tests.broker.packets import PUBLISH, connect, publish, subscribe

pytestmark = pytest.mark.broker
RETAINED_SECONDS = 20.0
_RETAIN_AS_PUBLISHED = 0x08


def test_what_was_retained_while_no_collector_ran_is_not_stored_when_one_comes(tmp_path: Path) -> None:
    if mosquitto.find() is None:
        pytest.skip("mosquitto is not installed")
    with secured.running(tmp_path / "broker") as broker:
        with collecting(tmp_path, broker) as running:
            one = running.enrol(1)[0]
        mallory = Enrolled(one, broker.context(one.agent))
        line = connected(broker, mallory)
        record = mallory.next_record()
        line.send(mallory.signed(record, retain=True))
        line.send(publish(mallory.address.presence, b"\xff" * 1000, retain=True))
        line.send(publish(f"mx/1/zz/{one.agent}/up", b"x" * 1000, retain=True))
        assert line.settle()

        with collecting(tmp_path, broker) as running:
            ground = Ground(broker, running, mallory, mallory, mallory, line, line)
            line.send(mallory.signed(record))  # as an agent does that heard no acknowledgement
            ground.send_good_record()

            assert ground.stored()["events"] == 2
            assert retained(broker, mallory.given) == []


@pytest.mark.faults
def test_retained_messages_do_not_gather_under_its_own_shard_or_made_up_ones(ground: Ground) -> None:
    before = ground.stored()
    process = psutil.Process(ground.secured.mosquitto.child.pid)
    memory = process.memory_info().rss
    line = ground.as_mallory()

    for number in (ground.mallory.given.shard, *range(100, 2099)):
        line.send(publish(f"mx/1/{number}/{ground.mallory.given.agent}/up", b"x" * 20_000, retain=True))
    assert line.settle()

    deadline = time.monotonic() + RETAINED_SECONDS
    while left := len(retained(ground.secured, ground.mallory.given)):
        assert time.monotonic() < deadline, f"{left} still retained"
    ground.assert_unharmed(before)
    grown = (process.memory_info().rss - memory) / 1e6
    print(f"2,000 retained messages of 20 kB: the broker's memory grew by {grown:.1f} MB")
    assert grown < 100


def retained(broker: secured.Secured, agent: Credentials) -> list[str]:
    """Return the topics of what the broker retains of an agent's, presence apart, as the collector would hear them."""
    with Line(broker.mosquitto.listening.centre) as line:
        password = broker.password.read_text().strip()
        line.send(connect("", user="centre", password=password))
        assert line.connected()
        line.send(subscribe(f"mx/1/+/{agent.agent}/up"))
        assert line.settle()
        return [one.topic for one in line.packets if one.kind == PUBLISH]
