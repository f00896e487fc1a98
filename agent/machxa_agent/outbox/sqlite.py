"""Keep an outbox on disk whatever happens to the disk: full, failing, damaged or emptied under our feet."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections import deque
from dataclasses import replace
from pathlib import Path
from typing import Callable, Deque, Dict, List, Optional, Sequence, Tuple, Union

from machxa_agent import crash
from machxa_agent.mark import HighWater, Mark
from machxa_agent.outbox import quarantine, ticks
from machxa_agent.outbox.books import Books
from machxa_agent.outbox.disk import DamagedError, EmptyFileError, SqliteShelf
from machxa_agent.outbox.rows import Result
from machxa_agent.outbox.shelf import Build, Depth, Limits, State, UnfitError, Waiting
from machxa_agent.outbox.tick import Tick
from machxa_wire.records import Event, Gap, Place, Sample, Scalar, Stamp

logger = logging.getLogger(__name__)

HELD_MOST = 1440  # readings and records kept in memory while the disk refuses them: a day of minutes
_RETRY_MS = 15 * 1000  # between attempts to open a file that cannot be opened
_QUARANTINE_MS = 10 * 60 * 1000  # at most one file set aside in that time while running
_REFUSED = (sqlite3.Error, OSError, DamagedError)

Held = Union[Tick, Build]


class SqliteOutbox:
    """Keep what was measured until it is acknowledged, over any end of the process. For any thread.

    What the disk refuses is held in memory, within a bound, and kept when the disk takes it again; ``depth``
    tells. A damaged file is set aside, a new stream begins, and its first records declare the loss.
    """

    def __init__(
        self,
        path: Path,
        *,
        stamp: Callable[[], Stamp],
        monotonic_ms: Callable[[], int],
        new_stream: Callable[[], str],
        limits: Limits = Limits(),  # noqa: B008 - frozen
    ) -> None:
        """Open the outbox at a path, with its mark beside it; never raises for what the disk does."""
        self._path = path
        self._stamp = stamp
        self._monotonic_ms = monotonic_ms
        self._new_stream = new_stream
        self._limits = limits
        self._lock = threading.RLock()
        self._held: Deque[Held] = deque()
        self._held_dropped = 0
        self._pending_ack: Optional[Tuple[str, int]] = None
        self._fault: Optional[str] = None
        self._tried_ms: Optional[int] = None
        self._quarantined_ms: Optional[int] = None
        self._age_base_ms = 0
        self._mark: Optional[Mark] = None
        self._marked: Optional[HighWater] = None
        self._shelf: Optional[SqliteShelf] = None
        self._books: Optional[Books] = None
        self._attempt(Books.depth)

    def add_tick(self, stamp: Stamp, samples: Sequence[Sample]) -> None:
        """Keep one reading."""
        if not samples:
            return
        tick = Tick(stamp, tuple(samples))
        with self._lock:
            if self._attempt(lambda books: books.add_ticks((tick,))) is None:
                self._hold(tick)
        crash.reached("agent_after_tick_commit")

    def fold(self) -> int:
        """Make records of the readings kept since the last time; return how many."""
        return self._attempt(Books.fold, "agent_after_fold_before_mark") or 0

    def add(self, build: Build) -> Optional[int]:
        """Keep one record and return its seq, None when it is held in memory; raises UnfitError."""
        with self._lock:
            seq = self._attempt(lambda books: books.add(build), "agent_after_record_before_mark")
            if seq is None:
                self._hold(build)
            return seq

    def peek(self, after_seq: int, max_records: int, max_bytes: int) -> Tuple[Waiting, ...]:
        """Return unacknowledged records beyond a seq, in order; at least one when there is one."""
        return self._attempt(lambda books: books.peek(after_seq, max_records, max_bytes)) or ()

    def acknowledge(self, stream: str, upto: int) -> bool:
        """Take in that the collector has everything up to a seq; return False when it means another stream."""
        crash.reached("agent_after_ack_before_delete")
        with self._lock:
            if self._books is None or stream != self._books.state.stream:
                return False
            if self._attempt(lambda books: (books.acknowledge(stream, upto),)) is None:
                self._pending_ack = (stream, upto)
        crash.reached("agent_after_delete")
        return True

    def need(self, stream: str, from_seq: int) -> bool:
        """Take in that the collector wants everything from a seq again; return False when it is nothing new."""
        return self._attempt(lambda books: books.need(stream, from_seq)) or False

    def depth(self) -> Depth:
        """Return what is held."""
        with self._lock:
            state = self._books.depth() if self._books else _nothing(self._marked)
            return replace(state, dropped=state.dropped + self._held_dropped, held=len(self._held), fault=self._fault)

    def close(self) -> None:
        """Close the files."""
        with self._lock:
            if self._shelf is not None:
                self._shelf.close()
            if self._mark is not None:
                self._mark.close()
            self._shelf = self._books = self._mark = None

    def _attempt(self, work: Callable[[Books], Result], before_mark: str = "") -> Optional[Result]:
        """Return what the work returns, None when the disk refused it."""
        with self._lock:
            try:
                books = self._books or self._open()
                if books is None:
                    return None
                self._drain(books)
                result = work(books)
                if before_mark:
                    crash.reached(before_mark)
                self._note_mark(books.state)
            except _REFUSED as exc:
                self._refused(exc)
                return None
            if self._fault is not None:
                logger.info("outbox takes records again")
                self._fault = None
            return result

    def _open(self) -> Optional[Books]:
        now = self._monotonic_ms()
        if self._tried_ms is not None and now - self._tried_ms < _RETRY_MS:
            return None
        self._tried_ms = now
        self._mark = self._mark or Mark(self._path.with_suffix(".mark"))
        high = self._mark.read()
        self._marked = high
        try:
            self._start(high)
        except (DamagedError, sqlite3.DatabaseError) as exc:
            if not quarantine.is_damage(exc, self._path):
                raise
            self._renew(exc, high)
        return self._books

    def _start(self, high: Optional[HighWater]) -> None:
        """Take the file into use, or raise DamagedError."""
        if high is not None and not self._path.exists():
            raise DamagedError("the file is gone")
        if self._path.is_dir():
            raise DamagedError("it is a folder")
        shelf = self._shelf = SqliteShelf(self._path)
        if shelf.is_new():
            if high is not None:
                raise EmptyFileError("the file is empty")
            with shelf.transaction():
                shelf.create(self._new_stream(), "")
        shelf.check()
        state, previous, damaged_ticks = shelf.load()
        if high is not None and high.stream not in (state.stream, previous):
            raise DamagedError(f"stream is {state.stream}, expected {high.stream}")
        self._age_base_ms = shelf.age_ms() - self._monotonic_ms()
        books = self._make_books(shelf, state)
        holes = books.close_holes(shelf.numbers(state.acknowledged))
        lost = damaged_ticks
        if high is not None and high.stream == state.stream:
            lost += books.count_ticks(high.ticks)
            if state.high < high.seq:
                holes += high.seq - state.high
                books.skip_to(high.seq)
        if lost:
            books.fold()  # what is lost is told once
        self._books = books
        if holes or lost:
            self._tell("rows are missing", {"records_lost": holes, "readings_lost": lost})

    def _renew(self, cause: Exception, high: Optional[HighWater]) -> None:
        """Set the file aside and begin a new stream that declares what the old one may have lost."""
        logger.warning("outbox %s is damaged (%s): it is set aside and a new one begins", self._path, cause)
        old = self._books.state if self._books else None
        if old is not None:
            self._held.extendleft(reversed(old.ticks))
        if old is not None and (high is None or high.stream != old.stream or high.seq < old.high):
            high = HighWater(old.stream, old.high, old.tick_count)
        if self._shelf is not None:
            self._shelf.close()
        self._shelf = self._books = None
        self._quarantined_ms = self._monotonic_ms()
        if isinstance(cause, EmptyFileError):
            quarantine.clear_away(self._path)
        else:
            quarantine.set_aside(self._path)
        ticks.forget(self._path)
        crash.reached("agent_after_quarantine_before_gap")
        shelf = self._shelf = SqliteShelf(self._path)
        state = State(self._new_stream())
        with shelf.transaction():
            shelf.create(state.stream, high.stream if high else "")
            books = self._make_books(shelf, state)
            books.begin(self._first_records(str(cause), high))
        self._books = books

    def _first_records(self, cause: str, high: Optional[HighWater]) -> Tuple[Build, ...]:
        stamp = self._stamp()
        told: Dict[str, Scalar] = {"cause": cause[:200]}

        def event(place: Place) -> Event:
            return Event(place, stamp, "machxa.outbox.damaged", told)

        if high is None or high.seq == 0:
            return (event,)
        old, last = high.stream, high.seq
        return (lambda place: Gap(place, stamp, old, 1, last, None, "damaged"), event)

    def _make_books(self, shelf: SqliteShelf, state: State) -> Books:
        return Books(shelf, state, self._limits, self._age_ms, self._stamp)

    def _age_ms(self) -> int:
        return self._age_base_ms + self._monotonic_ms()

    def _tell(self, cause: str, found: Dict[str, int]) -> None:
        logger.warning("outbox %s: %s: %s", self._path, cause, found)
        stamp = self._stamp()
        self._held.append(lambda place: Event(place, stamp, "machxa.outbox.damaged", dict(found, cause=cause)))

    def _drain(self, books: Books) -> None:
        """Move what was held in memory into the file, in order."""
        if self._pending_ack is not None:
            books.acknowledge(*self._pending_ack)
            self._pending_ack = None
        while self._held:
            readings: List[Tick] = []
            for one in self._held:
                if not isinstance(one, Tick):
                    break
                readings.append(one)
            if readings:
                books.add_ticks(readings)
            elif not isinstance(self._held[0], Tick):
                self._add_held(books, self._held[0])
            for _ in range(len(readings) or 1):
                self._held.popleft()

    def _add_held(self, books: Books, build: Build) -> None:
        try:
            books.add(build)
        except UnfitError as exc:
            logger.warning("a held record is given up: %s", exc)
            self._held_dropped += 1

    def _hold(self, one: Held) -> None:
        if len(self._held) >= HELD_MOST:
            self._held.popleft()
            self._held_dropped += 1
        self._held.append(one)

    def _note_mark(self, state: State) -> None:
        if self._mark is None:
            return
        marked = self._marked
        if marked is None or (marked.stream, marked.seq) != (state.stream, state.high):
            self._mark.write(state.stream, state.high)
        if marked is None or (marked.stream, marked.ticks) != (state.stream, state.tick_count):
            self._mark.count(state.stream, state.tick_count)
        self._marked = HighWater(state.stream, state.high, state.tick_count)

    def _refused(self, exc: Exception) -> None:
        """Say what the disk refused; set the file aside when it is the file's or the medium's fault."""
        if self._fault is None:
            logger.warning("outbox %s cannot write: %s; readings are held in memory", self._path, exc)
        self._fault = f"cannot write: {exc}"[:200]
        now = self._monotonic_ms()
        recently = self._quarantined_ms is not None and now - self._quarantined_ms < _QUARANTINE_MS
        if self._books is None or recently or not quarantine.is_damage(exc, self._path):
            return
        try:
            self._renew(exc, self._marked)
        except _REFUSED as again:
            logger.warning("no new outbox at %s yet: %s", self._path, again)


def _nothing(marked: Optional[HighWater]) -> Depth:
    if marked is None:
        return Depth("", 0, 0, 0, 0, 0, 0)
    return Depth(marked.stream, marked.seq, 0, 0, 0, 0, 0)
