"""The link moves to another way when one dies and back when it is open again, over a real broker and two lines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from machxa_agent.paths import Pace, Route, Routes
from machxa_fleet import mosquitto
from tests.agent.centre import Centre, until
from tests.agent.test_link import Agent
from tests.faults.proxy import Line, Proxy

pytestmark = [
    pytest.mark.broker,
    pytest.mark.skipif(mosquitto.find() is None, reason="mosquitto is not installed"),
]


@pytest.fixture
def lines(port: int) -> Iterator[tuple[Proxy, Proxy]]:
    lines = Proxy(port), Proxy(port)
    yield lines
    for line in lines:
        line.stop()


@pytest.fixture
def agent(port: int, lines: tuple[Proxy, Proxy], tmp_path: Path) -> Iterator[Agent]:
    (tmp_path / "agent").mkdir()
    agent = Agent(tmp_path / "agent", port)
    named = zip(("tslcd", "internet"), lines, strict=True)
    routes = [Route(name, "127.0.0.1", line.port) for name, line in named]
    agent.link.ways.use(Routes(routes, pace=Pace(look=0.1, hold=0.2)))
    agent.start()
    yield agent
    agent.stop()
    agent.outbox.close()


def test_it_moves_when_a_way_dies_and_goes_back_when_it_is_open_again(
    agent: Agent, centre: Centre, lines: tuple[Proxy, Proxy]
) -> None:
    tslcd, internet = lines
    agent.keep(5)
    until("all is acknowledged", lambda: agent.outbox.depth().acknowledged == 5)
    first = agent.link.ways.path

    tslcd.line = Line(refuse=True)
    tslcd.cut()
    agent.keep(5)
    until("all came by the other way", lambda: agent.outbox.depth().acknowledged == 10)
    second = agent.link.ways.path
    tslcd.line = Line()
    until("it is back", lambda: agent.link.ways.path == "tslcd" and agent.link.ways.connected_seconds())
    agent.keep(5)
    until("all is acknowledged", lambda: agent.outbox.depth().acknowledged == 15)

    assert (first, second) == ("tslcd", "internet")
    assert set(centre.seqs) == set(range(1, 16))
    until("the other connection is closed", lambda: not internet._ways)
    assert "lost" not in centre.presences
