"""Carry what a running agent is told from outside: end, and why; the computer sleeps; it is awake again."""

from __future__ import annotations

import signal
import threading
from typing import Optional, Protocol


class Attending(Protocol):
    """Say what an agent does on orders; each call may come from any thread, ``end`` from a signal handler, too."""

    def end(self, reason: str) -> None:
        """Say good-bye and end: "shutdown", or "stop" where nothing is known of the computer."""

    def asleep(self, kind: str) -> None:
        """Tell that the computer falls asleep now: "sleep", or "shutdown" where its user shut it down so."""

    def awake(self) -> None:
        """Tell that it woke up."""


class Orders:
    """Pass orders on to the agent that attends to them; an order to end waits for one, others need one."""

    def __init__(self) -> None:
        """Start without an agent."""
        self.stopping = threading.Event()
        self.reason = "stop"  # the good-bye's
        self._agent: Optional[Attending] = None

    def attend(self, agent: Attending) -> None:
        """Give orders to this agent from now on."""
        self._agent = agent
        if self.stopping.is_set():
            agent.end(self.reason)

    def end(self, reason: str) -> None:
        """End the agent; reason is what its good-bye says."""
        self.reason = reason
        self.stopping.set()
        if self._agent is not None:
            self._agent.end(reason)

    def sleep(self, kind: str) -> None:
        """Tell the agent that the computer falls asleep."""
        if self._agent is not None:
            self._agent.asleep(kind)

    def wake(self) -> None:
        """Tell the agent that the computer is awake."""
        if self._agent is not None:
            self._agent.awake()


def by_signals() -> Orders:
    """Return orders that SIGTERM and SIGINT give; for the main thread alone."""
    orders = Orders()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda _number, _frame: orders.end("stop"))
    return orders
