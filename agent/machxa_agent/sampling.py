"""Read the probes on a monotonic grid, keep each reading, and make records of them at every batch."""

from __future__ import annotations

import logging
import threading
import time
from typing import Callable, Optional, Tuple

from machxa_agent.outbox.shelf import Outbox
from machxa_agent.outbox.tick import Tick, as_samples
from machxa_agent.sayable import sayable
from machxa_agent.schedule import next_on_grid
from machxa_wire.records import Sample, Samples, Settings, Stamp

logger = logging.getLogger(__name__)

BETWEEN_SECONDS = 30.0  # a wake on a quiet computer costs up to a millisecond: it finds nothing in the caches
SELDOM_SECONDS = 60.0  # where somebody tells in between what there is to look at


class Sampler:
    """Run in a thread of its own until ``stop``."""

    def __init__(
        self,
        measure: Callable[[], Tuple[Sample, ...]],
        outbox: Outbox,
        stamp: Callable[[], Stamp],
        settings: Settings,
        *,
        after_batch: Callable[[], None],
        between: Optional[Callable[[], None]] = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare a sampler; measure returns one reading, after_batch is called when records were made.

        between is called after each reading, and now and then until the next; it must not raise.
        """
        self._measure = measure
        self._outbox = outbox
        self._stamp = stamp
        self._settings = settings
        self._after_batch = after_batch
        self._between = between
        self._monotonic = monotonic
        self.is_told = False  # somebody nudges when there is something to look at
        self._awake = threading.Event()
        self._is_changed = False  # set before the event is
        self._stopping = False
        self._newest: Optional[Samples] = None
        self._folded_at: Optional[float] = None
        self.has_read = threading.Event()  # set once the first reading is kept
        self.has_ended = threading.Event()
        self.readings = 0  # kept since the start

    @property
    def newest(self) -> Optional[Samples]:
        """Return the newest reading, None before the first."""
        return self._newest

    def change(self, settings: Settings) -> None:
        """Sample and send as these settings say, from now on. Safe from any thread."""
        self._settings = settings
        self._is_changed = True
        self._awake.set()

    def stop(self) -> None:
        """Make ``run`` return after the reading in hand. Safe from any thread and from a signal handler."""
        self._stopping = True
        self._awake.set()

    def nudge(self) -> None:
        """Call ``between`` now. Safe from any thread."""
        self._awake.set()

    def run(self) -> None:
        """Sample until stopped; the last readings are made a record of."""
        try:
            while not self._stopping:
                self._on_one_grid()
        finally:
            self._outbox.fold()
            self.has_ended.set()

    def _on_one_grid(self) -> None:
        """Sample with the settings of now until they change."""
        self._is_changed = False
        settings = self._settings
        start = self._monotonic()
        while not (self._is_changed or self._stopping):
            self._cycle(settings)
            now = self._monotonic()
            self._wait(next_on_grid(start, settings.sample_seconds, now))

    def _wait(self, until: float) -> None:
        """Wait until a time, unless the settings change before."""
        while not (self._is_changed or self._stopping):
            if self._between is not None:
                self._between()
            left = max(0.0, until - self._monotonic())
            seldom = SELDOM_SECONDS if self.is_told else BETWEEN_SECONDS
            turn = left if self._between is None else min(left, seldom)
            if self._awake.wait(turn):
                self._awake.clear()
            elif turn == left:
                return

    def _cycle(self, settings: Settings) -> None:
        """Take one reading; at the end of a batch make a record. A first reading is a batch at once."""
        try:
            stamp, samples = self._stamp(), sayable(self._measure())
            if samples:
                self._newest = as_samples(Tick(stamp, samples))
            self._outbox.add_tick(stamp, samples)
            self.readings += 1
            now = self._monotonic()
            slack = settings.sample_seconds / 2
            if self._folded_at is None or now - self._folded_at >= settings.batch_seconds - slack:
                self._folded_at = now
                self._outbox.fold()
                self._after_batch()
        except Exception:
            logger.exception("a reading failed; the next one is tried")
        finally:
            self.has_read.set()
