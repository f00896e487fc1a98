"""Take files in beside the web server: one is written and two are read at a time, and each tells how far it is."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from machxa_collector import threads

logger = logging.getLogger(__name__)

_MOST_WAITING = 8
_MOST_READING = 2  # each costs a process and the file's cells
_READING_WAITS_SECONDS = 60.0


class Busy(Exception):
    """Say that too many files are being read or taken in; try again in a minute."""


class Running:
    """Hold which files are being taken in by this process, and how far each is.

    A file that the store calls running and that is not held here was cut off: what it wrote was rolled back.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._reading = threading.BoundedSemaphore(_MOST_READING)
        self._progress: dict[str, tuple[int, int]] = {}

    def progress(self, import_id: str) -> tuple[int, int] | None:
        """Return how many rows of how many are done, None when this file is not being taken in."""
        with self._lock:
            return self._progress.get(import_id)

    def tell(self, import_id: str, done: int, total: int) -> None:
        """Say how far a file is."""
        with self._lock:
            self._progress[import_id] = (done, total)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Wait for a turn to read a file; raises Busy when that takes too long."""
        if not self._reading.acquire(timeout=_READING_WAITS_SECONDS):
            raise Busy
        try:
            yield
        finally:
            self._reading.release()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Wait for the turn to write, however long that takes: for files that nobody waits for."""
        with self._writing:
            yield

    def claim(self, import_id: str, total: int) -> bool:
        """Hold a file for being taken in; False when it is held already. Raises Busy when too many are."""
        with self._lock:
            if import_id in self._progress:
                return False
            if len(self._progress) >= _MOST_WAITING:
                raise Busy
            self._progress[import_id] = (0, total)
            return True

    def release(self, import_id: str) -> None:
        """Hold a file no longer."""
        with self._lock:
            self._progress.pop(import_id, None)

    def start(self, import_id: str, work: Callable[[], None]) -> None:
        """Take a claimed file in in a thread of its own, after those before it, and release it.

        work may fail: it is logged, and the file counts as cut off.
        """

        def in_turn() -> None:
            try:
                with self._writing:
                    work()
            except Exception:
                logger.exception("import %s ended by a defect; nothing of it was written", import_id)
            finally:
                self.release(import_id)

        threads.start(f"import {import_id[:8]}", in_turn)
