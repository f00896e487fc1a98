"""Keep an outbox in memory: real code, for simulated fleets and for agents that own no disk."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from contextlib import contextmanager
from typing import Callable, Dict, Iterator, List, Optional, Sequence, Tuple

from machxa_agent.outbox.books import Books
from machxa_agent.outbox.shelf import Build, Depth, Limits, Row, State, Waiting
from machxa_agent.outbox.tick import Tick
from machxa_wire.records import Sample, Stamp

_SMALL = Limits(most_bytes=4 * 1024 * 1024)


class MemoryOutbox:
    """Keep what was measured until it is acknowledged, or the process ends. For one thread."""

    def __init__(
        self, stream: str, *, stamp: Callable[[], Stamp], age_ms: Callable[[], int], limits: Limits = _SMALL
    ) -> None:
        """Start empty; stamp says when the outbox's own records became true, age_ms is monotonic milliseconds."""
        self._books = Books(MemoryShelf(), State(stream), limits, age_ms, stamp)

    def add_tick(self, stamp: Stamp, samples: Sequence[Sample]) -> None:
        """Keep one reading."""
        if samples:
            self._books.add_ticks((Tick(stamp, tuple(samples)),))

    def fold(self) -> int:
        """Make records of the readings kept since the last time; return how many."""
        return self._books.fold()

    def add(self, build: Build) -> Optional[int]:
        """Keep one record and return its seq; raises UnfitError."""
        return self._books.add(build)

    def peek(self, after_seq: int, max_records: int, max_bytes: int) -> Tuple[Waiting, ...]:
        """Return unacknowledged records beyond a seq, in order; at least one when there is one."""
        return self._books.peek(after_seq, max_records, max_bytes)

    def acknowledge(self, stream: str, upto: int) -> bool:
        """Take in that the collector has everything up to a seq; return False when it means another stream."""
        return self._books.acknowledge(stream, upto)

    def need(self, stream: str, from_seq: int) -> bool:
        """Take in that the collector wants everything from a seq again; return False when it is nothing new."""
        return self._books.need(stream, from_seq)

    def depth(self) -> Depth:
        """Return what is held."""
        return self._books.depth()

    def close(self) -> None:
        """End it; what was not acknowledged is gone."""


class MemoryShelf:
    """Keep rows in a sorted list."""

    def __init__(self) -> None:
        self._seqs: List[int] = []
        self._rows: Dict[int, Row] = {}
        self._acks: List[Tuple[int, int]] = []

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Join the calls within; memory does not fail half-way."""
        yield

    def save(self, state: State) -> None:
        """Keep nothing: the caller holds it."""

    def add_ticks(self, first: int, ticks: Sequence[Tick]) -> None:
        """Keep nothing: the state holds them."""

    def clear_ticks(self) -> None:
        """Forget nothing: the state holds them."""

    def insert(self, row: Row) -> None:
        """Keep a row, in place of the one of that number."""
        if row.seq not in self._rows:
            insort(self._seqs, row.seq)
        self._rows[row.seq] = row

    def delete(self, seqs: Sequence[int]) -> None:
        """Forget rows."""
        for seq in seqs:
            del self._rows[seq]
        self._seqs = sorted(self._rows) if seqs else self._seqs

    def rows(self, after_seq: int, most: int) -> Sequence[Row]:
        """Return rows beyond a seq, in order."""
        start = bisect_right(self._seqs, after_seq)
        return [self._rows[seq] for seq in self._seqs[start : start + most]]

    def rows_of(self, kind: int, after_seq: int, most: int) -> Sequence[Row]:
        """Return rows of one kind beyond a seq, in order."""
        found: List[Row] = []
        for seq in self._seqs[bisect_right(self._seqs, after_seq) :]:
            if len(found) == most:
                break
            if self._rows[seq].kind == kind:
                found.append(self._rows[seq])
        return found

    def note_ack(self, upto: int, at: int) -> None:
        """Keep when a number was acknowledged."""
        self._acks.append((upto, at))

    def forget_acks(self, from_seq: int) -> None:
        """Forget acknowledgements of a seq and beyond."""
        del self._acks[bisect_left(self._acks, (from_seq,)) :]

    def acknowledged_before(self, at: int) -> int:
        """Return the highest seq acknowledged before a time, 0 when none."""
        limit = 0
        while self._acks and self._acks[0][1] < at:
            limit = self._acks.pop(0)[0]
        return limit
