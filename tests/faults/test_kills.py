"""Whatever dies, in any order: nothing is lost, doubled or invented (F01, F12, F13, F14, F15, F16)."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from tests.faults.rig import Rig

pytestmark = pytest.mark.faults


def test_a_quiet_run_delivers_every_reading_in_order(rig: Rig) -> None:
    rig.until_served(8)

    assert rig.prove().lost == ()


@pytest.mark.parametrize("point", ["before_commit", "after_commit_before_ack", "after_ack_before_puback"])
def test_a_collector_that_dies_at_a_named_point_loses_and_doubles_nothing(rig: Rig, point: str) -> None:
    rig.kill("collector")
    rig.until_served(3)
    for _ in range(2):
        rig.start_collector(MACHXA_CRASH=point)
        rig.wait_dead("collector")
        rig.until_served(2)
    rig.start_collector()

    assert rig.prove().lost == ()


@pytest.mark.parametrize(
    "point",
    [
        "agent_after_tick_commit",
        "agent_after_fold_before_mark",
        "agent_after_publish_before_ack",
        "agent_after_ack_before_delete",
    ],
)
def test_an_agent_that_dies_at_a_named_point_loses_at_most_the_reading_in_doubt(rig: Rig, point: str) -> None:
    for _ in range(2):
        rig.kill("agent")
        rig.start_agent(MACHXA_CRASH=point)
        rig.wait_dead("agent")
        rig.start_agent()
        rig.until_served(2)

    rig.prove()


def test_a_broker_killed_with_messages_queued_loses_nothing(rig: Rig) -> None:
    rig.kill("collector")
    rig.until_served(5)
    rig.kill("broker")
    rig.start_broker()
    rig.until_served(2)
    rig.start_collector()

    assert rig.prove().lost == ()


def test_a_broker_that_hangs_for_a_while_loses_nothing(rig: Rig) -> None:
    rig.pause("broker")
    rig.until_served(8)
    rig.resume("broker")

    assert rig.prove().lost == ()


def test_broker_and_collector_killed_together_lose_nothing(rig: Rig) -> None:
    rig.kill("broker")
    rig.kill("collector")
    rig.until_served(4)
    rig.start_collector()
    rig.start_broker()

    assert rig.prove().lost == ()


def test_everything_killed_at_random_loses_at_most_the_readings_in_doubt(rig: Rig, rounds: int) -> None:
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    for _ in range(rounds):
        parts = chance.sample(["agent", "collector", "broker"], chance.randrange(1, 4))
        for part in parts:
            rig.kill(part)
        rig.until_served(chance.randrange(1, 4)) if "agent" not in parts else None
        starts: dict[str, Callable[[], None]] = {
            "agent": rig.start_agent,
            "collector": rig.start_collector,
            "broker": rig.start_broker,
        }
        for part in chance.sample(parts, len(parts)):
            starts[part]()
        rig.until_arrived()

    rig.prove()
