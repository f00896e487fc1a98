"""Do what a running agent is ordered from outside: go, and tell that the computer falls asleep or is awake again."""

from __future__ import annotations

import time
from typing import Callable, Mapping, Protocol

from machxa_agent.outbox.shelf import Outbox
from machxa_wire.records import Bye, Scalar, Stamp

_ASLEEP_SECONDS = 1.5  # Windows waits two before it sleeps


class Book(Protocol):
    """Be the agent's presence, as far as orders reach it."""

    def going(self, reason: str) -> None:
        """Take the system's word why it goes."""

    def woke(self, asleep_at_ms: int) -> None:
        """Tell of a sleep that began then and ends now."""


class Attendant:
    """Attend to orders."""

    def __init__(
        self,
        book: Book,
        stop: Callable[[], None],
        event: Callable[[str, Mapping[str, Scalar]], None],
        outbox: Outbox,
        stamp: Callable[[], Stamp],
    ) -> None:
        """Prepare; stop makes the agent say good-bye and end."""
        self._book = book
        self._stop = stop
        self._event = event
        self._outbox = outbox
        self._stamp = stamp
        self._asleep_at_ms = 0

    def end(self, reason: str) -> None:
        """Say good-bye and end; "stop" is where nothing is known of the computer: the book finds out."""
        if reason != "stop":
            self._book.going(reason)
        self._stop()

    def asleep(self, kind: str) -> None:
        """Keep it, a good-bye before it when the user shut the computer down so, and wait a moment for its delivery.

        What is not delivered now is when the computer is awake again: it is on the disk.
        """
        stamp = self._stamp()
        self._asleep_at_ms = stamp.time
        if kind == "shutdown":
            self._outbox.add(lambda place: Bye(place, stamp, "shutdown"))
        self._event("system.sleep", {"kind": kind, "at": stamp.time})
        until = time.monotonic() + _ASLEEP_SECONDS
        while self._outbox.depth().waiting_records and time.monotonic() < until:
            time.sleep(0.05)

    def awake(self) -> None:
        """Tell that the computer woke up, with what the system wrote down of its sleep."""
        self._book.woke(self._asleep_at_ms)
