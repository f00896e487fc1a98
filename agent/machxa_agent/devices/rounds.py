"""Poll devices in turn, each in a thread that ends with its poll: a slow one delays nobody and is not asked twice."""

from __future__ import annotations

import logging
import threading
import time
from typing import Callable, Generic, Hashable, Optional, Sequence, Set, TypeVar

from machxa_agent import threads
from machxa_agent.devices.turns import Turns

logger = logging.getLogger(__name__)
EVERY_SECONDS = 300.0

_Asked = TypeVar("_Asked", bound=Hashable)


class Rounds(Generic[_Asked]):
    """Poll until stopped.

    ask polls one device and tells what came of it; whatever it raises is logged. It returns after how many seconds to
    ask the device again before its next turn, None for then.
    """

    def __init__(
        self,
        targets: Sequence[_Asked],
        ask: Callable[[_Asked], Optional[float]],
        every_seconds: float = EVERY_SECONDS,
        clock: Callable[[], float] = time.monotonic,
        spawn: threads.Spawn = threads.start,
    ) -> None:
        self._ask, self._spawn, self._clock, self._every = ask, spawn, clock, every_seconds
        self._targets = tuple(targets)
        self._turns = Turns(len(targets), every_seconds, clock())
        self._out: Set[_Asked] = set()
        self._lock = threading.Lock()
        self._changed = threading.Event()
        self._stopping = False
        self.skipped = 0  # turns that came while the device was still being asked

    def change(self, targets: Sequence[_Asked]) -> None:
        """Poll these from now on, spread anew; the same ones again change nothing. Safe from any thread."""
        with self._lock:
            if self._targets != tuple(targets):
                self._targets = tuple(targets)
                self._turns = Turns(len(targets), self._every, self._clock())
        self._changed.set()

    def stop(self) -> None:
        """Make ``run`` return. Safe from any thread."""
        self._stopping = True
        self._changed.set()

    def run(self) -> None:
        """Poll until stopped."""
        while not self._stopping:
            self._changed.clear()
            self.look()
            with self._lock:
                following = self._turns.next_at()
            if not self._stopping:
                self._changed.wait(None if following is None else max(0.0, following - self._clock()))

    def look(self) -> None:
        """Start the polls that are due."""
        with self._lock:
            due = [self._targets[place] for place in self._turns.due(self._clock())]
        for target in due:
            with self._lock:
                is_out = target in self._out
                self._out.add(target)
            if is_out:
                self.skipped += 1
                continue
            try:
                self._spawn(lambda target=target: self._poll(target), "device")  # type: ignore[misc]  # bound now
            except RuntimeError as exc:  # no more threads just now: its next turn may find one
                logger.warning("%r is not polled: %s", target, exc)
                with self._lock:
                    self._out.discard(target)

    def _poll(self, target: _Asked) -> None:
        again: Optional[float] = None
        try:
            again = self._ask(target)
        except Exception:  # one device must never end the rounds
            logger.exception("%r broke its poll", target)
        finally:
            with self._lock:
                self._out.discard(target)
                if again is not None and target in self._targets:
                    self._turns.sooner(self._targets.index(target), self._clock() + again)
            if again is not None:
                self._changed.set()
