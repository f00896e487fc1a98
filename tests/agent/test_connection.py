"""A connection gives a sign of life before the broker takes it for dead."""

from __future__ import annotations

from typing import Optional

import pytest

from machxa_agent.connection import ASKED_SECONDS, Connection
from machxa_agent.link_client import BrokerClient, Will
from machxa_agent.paths import Route


def connection(role: str) -> Connection:
    client = BrokerClient(
        "a", b"k" * 32, Will("t", b"", 5), connected=lambda: None, received=lambda _: None, confirmed=lambda *_: None
    )
    return Connection(client, 0.0, role, Route("default", "127.0.0.1", 1883))


@pytest.mark.parametrize("late", [0.0, 0.004, 0.3, 2.0])
def test_the_broker_is_never_left_without_a_word_for_one_and_a_half_keepalives(late: float) -> None:
    """The client pings a keepalive after its last ping, which it counts a moment late, and knows of nothing else."""
    gateway = connection("gateway")
    gateway.said_at = gateway.heard_at = 0.0
    gateway.ping_at = 45.0
    pinged_at, now, said = late, 0.0, [0.0]
    batches = [float(one) for one in range(60, 3600, 300)]
    while now < 3600.0:
        if batches and batches[0] <= gateway.ping_at:
            now = gateway.said_at = batches.pop(0)
            gateway.heard_at = now + 0.2
            said.append(now)
            continue
        now = gateway.ping_at
        has_pinged = now - pinged_at >= gateway.keepalive
        if has_pinged:
            pinged_at = now + late / 1000
            said.append(now)
        gateway.kept(now, has_pinged=has_pinged)

    assert max(later - earlier for earlier, later in zip(said, said[1:])) < 1.5 * gateway.keepalive
    assert len(said) < 12 + 3600 / gateway.keepalive + 2  # and never much more often than it must


@pytest.mark.parametrize(
    ("introduced_at", "planned_at", "expected"),
    [
        (0.0, None, 100.0),
        (99.0, None, 99.0 + ASKED_SECONDS),
        (99.0, 103.0, 103.0),
        (0.0, 103.0, 100.0),
    ],
    ids=["long ago", "perhaps under way", "due anyway", "due later"],
)
def test_a_hello_that_is_asked_for_goes_at_once_but_not_right_after_another(
    introduced_at: float, planned_at: Optional[float], expected: float
) -> None:
    pc = connection("pc")
    pc.introduced_at, pc.hello_at = introduced_at, planned_at

    pc.asked(100.0)

    assert pc.hello_at == expected
