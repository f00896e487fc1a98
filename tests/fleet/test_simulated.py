"""A simulated fleet loses nothing through a real broker and a real collector, whatever becomes of its connections."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path

import pytest

from machxa_fleet import mosquitto, stage
from machxa_fleet.simulated import Credentials, Fleet, Pace
from machxa_fleet.values import Readings

AGENTS = 40


@pytest.mark.broker
def test_every_record_of_the_fleet_is_acknowledged_and_in_the_books() -> None:
    if absent := stage.missing():
        pytest.skip(f"not installed: {', '.join(absent)}")
    with stage.running() as running:
        fleet = Fleet(running.enrol(AGENTS), Pace(sample_seconds=0.5, batch_seconds=1.0))
        fleet.connect("127.0.0.1", running.broker)
        fleet.run(4.0)

        assert fleet.drain(60.0) == 0
        made = {agent.client._client_id.decode(): agent.outbox.depth().high for agent in fleet.agents}
        fleet.close()
        books = {}
        for agent in made:
            with urllib.request.urlopen(f"http://127.0.0.1:{running.page}/api/v1/agents/{agent}/ledger") as answer:
                (books[agent],) = json.load(answer)["streams"]

    assert sum(made.values()) >= 2 * AGENTS
    assert {agent: book["received"] for agent, book in books.items()} == made
    assert {(book["contiguous"] - book["received"], book["duplicates_refused"]) for book in books.values()} == {(0, 0)}


@pytest.mark.broker
def test_a_fleet_outlives_its_broker(tmp_path: Path) -> None:
    if mosquitto.find() is None:
        pytest.skip("mosquitto is not installed")
    port = mosquitto.free_port()
    first = mosquitto.start(tmp_path, port)
    fleet = Fleet(
        [Credentials(f"{number:08x}-0000-4000-8000-000000000000", "00", b"k" * 32) for number in range(5)], Pace()
    )
    fleet.connect("127.0.0.1", port)
    fleet.run(0.5)
    first.kill()
    first.wait(10)
    fleet.run(3.0)

    second = mosquitto.start(tmp_path, port)
    fleet.run(5.0)

    assert [agent.client.is_connected() for agent in fleet.agents] == [True] * 5
    fleet.close()
    second.kill()
    second.wait(10)


def test_the_same_seed_gives_the_same_readings() -> None:
    first, again, other = Readings(1), Readings(1), Readings(2)

    assert first.next() == again.next()
    assert first.next() != other.next()
    assert len(first.series) == 40
