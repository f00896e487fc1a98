"""Orders reach the agent, whichever comes first."""

from __future__ import annotations

from typing import Mapping

from machxa_agent.attendant import Attendant
from machxa_agent.orders import Orders
from machxa_wire.records import Scalar, Stamp
from tests.agent.outboxes import Maker


class Agent:
    """Note what was ordered."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def end(self, reason: str) -> None:
        self.told.append(f"end {reason}")

    def asleep(self, kind: str) -> None:
        self.told.append(f"asleep {kind}")

    def awake(self) -> None:
        self.told.append("awake")


def test_an_order_to_end_that_came_too_early_is_given_when_the_agent_is_there() -> None:
    orders, agent = Orders(), Agent()

    orders.end("shutdown")
    orders.attend(agent)

    assert (agent.told, orders.reason, orders.stopping.is_set()) == (["end shutdown"], "shutdown", True)


def test_sleep_before_there_is_an_agent_is_nobodys_business() -> None:
    orders, agent = Orders(), Agent()

    orders.sleep("sleep")
    orders.attend(agent)
    orders.sleep("shutdown")
    orders.wake()

    assert agent.told == ["asleep shutdown", "awake"]


class Book:
    """Note what the presence is told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def going(self, reason: str) -> None:
        self.told.append(f"going: {reason}")

    def woke(self, asleep_at_ms: int) -> None:
        self.told.append(f"woke from {asleep_at_ms}")


def test_a_computer_that_its_user_sent_to_sleep_for_the_night_says_good_bye(disk: Maker) -> None:
    outbox, book = disk.open(), Book()

    def event(name: str, attributes: Mapping[str, Scalar]) -> None:
        book.told.append(f"{name} {attributes['kind']}, {outbox.depth().high} before it")
        outbox.acknowledge(outbox.depth().stream or "", outbox.depth().high)

    attendant = Attendant(book, lambda: book.told.append("stop"), event, outbox, lambda: Stamp("b.1", 1_000, 5))
    attendant.asleep("shutdown")
    attendant.awake()
    attendant.asleep("sleep")
    attendant.end("stop")
    attendant.end("shutdown")

    slept = ["system.sleep shutdown, 1 before it", "woke from 1000", "system.sleep sleep, 1 before it"]
    assert book.told == [*slept, "stop", "going: shutdown", "stop"]
