"""What a broker has forgotten is published when it is back, and what fails in that keeps the intake from nothing."""

from __future__ import annotations

from prometheus_client import CollectorRegistry

from machxa_collector.intake.meters import Meters
from machxa_collector.intake.rows import KnownAgent
from machxa_collector.intake.turn import Turn
from machxa_wire.mac import verify
from tests.collector.builders import MIDNIGHT


def test_what_cannot_be_published_after_connecting_is_tried_again_behind_the_others() -> None:
    moment, did, wrong = [100.0], list[str](), [ZeroDivisionError()]

    def settings() -> None:
        if wrong:
            raise wrong.pop()
        did.append("settings")

    canary = KnownAgent(0, "00000000-0000-4000-8000-000000000000", "00", b"c" * 32, unsigned=False)
    turn = Turn(canary, Meters(CollectorRegistry()), lambda: MIDNIGHT, lambda: moment[0])
    turn.on_connect = (settings, lambda: did.append("roles"))
    seen = []
    for moment[0], connected in (
        (100.0, True),
        (114.9, True),
        (115.0, True),
        (200.0, True),
        (201.0, False),
        (202.0, True),
    ):
        turn.due(connected=connected)
        seen.append(list(did))
        did.clear()

    assert seen == [[], [], ["roles", "settings"], [], [], ["settings", "roles"]]


def test_what_is_published_to_the_whole_country_leaves_as_fast_as_the_broker_takes_it() -> None:
    canary = KnownAgent(0, "00000000-0000-4000-8000-000000000000", "00", b"c" * 32, unsigned=False)
    turn = Turn(canary, Meters(CollectorRegistry()), lambda: MIDNIGHT, lambda: 100.0)
    agents = [
        KnownAgent(n, f"{n:08}-0000-4000-8000-000000000000", "00", bytes([n]) * 32, unsigned=False) for n in range(5)
    ]
    for agent in agents:
        turn.retain(agent, f"to/{agent.pk}", b"{}")

    rounds = [turn.due(connected=True, most=most) for most in (2, 0, 2, 9)]

    told = [[one for one in some if one.retain] for some in rounds]
    assert [[one.topic for one in some] for some in told] == [["to/0", "to/1"], [], ["to/2", "to/3"], ["to/4"]]
    assert [len(some) for some in rounds] == [3, 0, 2, 1]  # the canary waits for no room
    assert all(
        verify(agent.key, one.topic, one.payload, one.mac or "")
        for agent, one in zip(agents, [one for some in told for one in some], strict=True)
    )


def test_what_finds_no_room_is_counted_and_published_again_until_all_has_left() -> None:
    meters = Meters(CollectorRegistry())
    canary = KnownAgent(0, "00000000-0000-4000-8000-000000000000", "00", b"c" * 32, unsigned=False)
    turn = Turn(canary, meters, lambda: MIDNIGHT, lambda: 100.0, queued_most=3)
    agents = [
        KnownAgent(n, f"{n:08}-0000-4000-8000-000000000000", "00", bytes([n]) * 32, unsigned=False) for n in range(8)
    ]
    rounds = list[str]()

    def publish() -> None:
        rounds.append("round")
        for agent in agents:
            turn.retain(agent, f"to/{agent.pk}", b"{}")

    def left() -> list[str]:
        return [one.topic for one in turn.due(connected=True, most=2) if one.retain]

    turn.on_connect = (publish,)
    told = [left() for _ in range(9)]

    topics = [f"to/{n}" for n in range(8)]
    assert [one for some in told for one in some] == topics  # each once
    assert rounds == ["round"] * 3
    assert meters.without_room._value.get() == 5 + 2

    turn.retain(agents[0], "to/0", b"{}")
    turn.retain(agents[1], "to/1", b"older")
    turn.retain(agents[1], "to/1", b"newer")
    turn.retain(agents[2], "to/2", b"{}")
    assert meters.without_room._value.get() == 5 + 2  # of a topic the newest alone takes room
    turn.retain(agents[3], "to/3", b"{}")
    assert [left() for _ in range(4)] == [["to/0", "to/1"], ["to/2"], ["to/3"], []]


def test_nobody_is_asked_again_who_publishes_no_more() -> None:
    canary = KnownAgent(0, "00000000-0000-4000-8000-000000000000", "00", b"c" * 32, unsigned=False)
    turn = Turn(canary, Meters(CollectorRegistry()), lambda: MIDNIGHT, lambda: 100.0, queued_most=1)
    turn.due(connected=True)
    asked = list[str]()
    turn.owe(lambda: asked.append("again"))
    turn.due(connected=True)
    for topic in ("to/0", "to/1"):
        turn.retain(canary, topic, b"{}")

    turn.owe()
    turn.due(connected=True)
    turn.due(connected=True)

    assert asked == ["again"]
