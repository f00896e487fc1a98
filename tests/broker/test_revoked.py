"""A revoked agent is out at once: its connection ends, it comes in no more, and nobody else notices."""

from __future__ import annotations

import time

import pytest

from tests.broker.ground import Ground
from tests.broker.line import Line
from tests.broker.packets import connect, subscribe

pytestmark = pytest.mark.broker
MOST_SECONDS = 2.0


def test_a_revoked_agent_is_disconnected_at_once_and_comes_in_no_more(ground: Ground) -> None:
    line = ground.as_mallory()
    line.send(subscribe(ground.mallory.address.down))
    assert line.settle()
    before, started = ground.stored(), time.monotonic()

    ground.secured.revoke([ground.mallory.given.agent])
    while line.settle():
        assert time.monotonic() - started < MOST_SECONDS, "the revoked agent is still connected"
    took = time.monotonic() - started

    print(f"from the revocation to the end of the connection: {took * 1000:.0f} ms")
    assert not comes_in(ground)
    ground.assert_unharmed(before)


def test_two_revocations_within_one_second_both_hold(ground: Ground) -> None:
    first, second = "11111111-0000-4000-8000-000000000001", "22222222-0000-4000-8000-000000000002"
    contexts = [ground.secured.context(agent) for agent in (first, second)]
    before = ground.stored()

    ground.secured.revoke([first])
    ground.secured.revoke([second])

    for context in contexts:
        with Line(ground.secured.mosquitto.listening.agents, context) as line:
            assert not line.send(connect()).connected()
    ground.assert_unharmed(before)


def test_a_session_of_before_lets_no_revoked_agent_in(ground: Ground) -> None:
    agent = "33333333-0000-4000-8000-000000000003"
    context = ground.secured.context(agent)
    with Line(ground.secured.mosquitto.listening.agents, context) as line:
        assert line.send(connect()).connected()
        ticket = line.session
    ground.secured.revoke([agent])

    with Line(ground.secured.mosquitto.listening.agents, context, ticket) as line:
        assert not line.send(connect()).connected()


def comes_in(ground: Ground) -> bool:
    with Line(ground.secured.mosquitto.listening.agents, ground.mallory.context) as line:
        return line.send(connect()).connected()
