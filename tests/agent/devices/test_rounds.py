"""Polling devices in turn: spread over the interval, none delayed by another, none asked twice at once."""

from __future__ import annotations

import threading
from collections.abc import Callable

from machxa_agent.devices.rounds import Rounds
from machxa_agent.devices.turns import Turns
from machxa_agent.snmp.target import Target

TARGETS = [Target(f"192.168.1.{number}") for number in range(1, 5)]


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_devices_are_spread_over_the_interval() -> None:
    turns = Turns(4, 300.0, 1000.0)

    assert [turns.due(1000.0 + after) for after in (0, 1, 75, 150, 225, 299, 300)] == [
        (0,),
        (),
        (1,),
        (2,),
        (3,),
        (),
        (0,),
    ]
    assert turns.next_at() == 1375.0


def test_turns_that_were_slept_through_are_left_out() -> None:
    turns = Turns(4, 300.0, 0.0)

    assert turns.due(10_000.0) == (0, 1, 2, 3)
    assert turns.due(10_001.0) == ()
    assert turns.next_at() == 10_050.0


def test_nobody_to_ask_is_nobody_due() -> None:
    assert Turns(0, 300.0, 0.0).next_at() is None


def test_a_device_that_is_still_being_asked_is_not_asked_again_and_delays_nobody() -> None:
    clock = Clock()
    waiting: list[Callable[[], None]] = []
    asked: list[str] = []
    rounds = Rounds(
        TARGETS, lambda target: asked.append(target.host), 300.0, clock, lambda work, _: waiting.append(work)
    )

    for clock.seconds in (0.0, 75.0, 150.0, 225.0):
        rounds.look()
    slow, *others = waiting
    for work in others:
        work()
    clock.seconds = 300.0
    rounds.look()

    assert asked == ["192.168.1.2", "192.168.1.3", "192.168.1.4"]
    assert (len(waiting), rounds.skipped) == (4, 1)
    slow()
    clock.seconds = 600.0
    rounds.look()
    assert len(waiting) == 8  # the other three were due again, too


def test_a_poll_that_breaks_ends_neither_rounds_nor_the_device_s_turns() -> None:
    clock = Clock()
    asked: list[str] = []

    def breaks(target: Target) -> None:
        asked.append(target.host)
        raise RuntimeError("broken")

    rounds = Rounds(TARGETS[:1], breaks, 300.0, clock, lambda work, _: work())

    rounds.look()
    clock.seconds = 300.0
    rounds.look()

    assert asked == ["192.168.1.1", "192.168.1.1"]


def test_without_a_thread_to_be_had_a_turn_is_left_out_and_the_next_one_asks() -> None:
    clock = Clock()
    asked: list[Target] = []
    refusals = [RuntimeError("can't start new thread")]

    def spawn(work: Callable[[], None], _name: str) -> None:
        if refusals:
            raise refusals.pop()
        work()

    rounds = Rounds(TARGETS[:1], lambda target: asked.append(target), 300.0, clock, spawn)  # noqa: PLW0108 - its None
    for _ in range(2):
        clock.seconds += 300.0
        rounds.look()

    assert asked == [TARGETS[0]]


def test_rounds_run_until_they_are_stopped() -> None:
    done = threading.Event()
    rounds = Rounds(TARGETS[:1], lambda _: done.set(), 0.05)
    running = threading.Thread(target=rounds.run, daemon=True)

    running.start()
    assert done.wait(5)
    rounds.stop()
    running.join(5)

    assert not running.is_alive()
