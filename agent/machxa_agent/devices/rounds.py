"""Poll devices in turn, each in a thread that ends with its poll: a slow one delays nobody and is not asked twice."""

from __future__ import annotations

import logging
import threading
import time
from typing import Callable, Sequence, Set

from machxa_agent import threads
from machxa_agent.devices.turns import Turns
from machxa_agent.snmp.target import Target

logger = logging.getLogger(__name__)
EVERY_SECONDS = 300.0


class Rounds:
    """Poll until stopped. ask polls one device and tells what came of it; whatever it raises is logged."""

    def __init__(
        self,
        targets: Sequence[Target],
        ask: Callable[[Target], None],
        every_seconds: float = EVERY_SECONDS,
        clock: Callable[[], float] = time.monotonic,
        spawn: threads.Spawn = threads.start,
    ) -> None:
        self._targets, self._ask, self._spawn, self._clock = tuple(targets), ask, spawn, clock
        self._turns = Turns(len(targets), every_seconds, clock())
        self._out: Set[int] = set()
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self.skipped = 0  # turns that came while the device was still being asked

    def stop(self) -> None:
        """Make ``run`` return. Safe from any thread."""
        self._stopping.set()

    def run(self) -> None:
        """Poll until stopped."""
        while not self._stopping.is_set():
            self.look()
            following = self._turns.next_at()
            self._stopping.wait(None if following is None else max(0.0, following - self._clock()))

    def look(self) -> None:
        """Start the polls that are due."""
        for place in self._turns.due(self._clock()):
            with self._lock:
                is_out = place in self._out
                self._out.add(place)
            if is_out:
                self.skipped += 1
            else:
                self._spawn(lambda place=place: self._poll(place), f"device-{place}")  # type: ignore[misc]  # bound now

    def _poll(self, place: int) -> None:
        try:
            self._ask(self._targets[place])
        except Exception:  # one device must never end the rounds
            logger.exception("device %s broke its poll", self._targets[place].host)
        finally:
            with self._lock:
                self._out.discard(place)
