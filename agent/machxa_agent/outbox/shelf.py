"""Say what an outbox is to its callers, and what it needs of the place where it keeps rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, ContextManager, Optional, Protocol, Sequence, Tuple

from machxa_agent.outbox.tick import Tick
from machxa_wire.records import Place, Sample, Sequenced, Stamp

SAMPLES, THINNED, FACTS, EVENT, GAP = 1, 2, 3, 4, 5  # kinds of row, in the order in which they are given up
ROW_BYTES = 48  # what a row costs beside its payload

Build = Callable[[Place], Sequenced]


@dataclass(frozen=True)
class Limits:
    """Bound an outbox: bytes of rows kept, and hours, counted while the agent runs, never by the wall clock."""

    most_bytes: int = 64 * 1024 * 1024
    raw_hours: int = 7 * 24  # after that, unsent samples are thinned to one reading an hour
    acknowledged_hours: int = 24  # so long acknowledged rows stay, for a collector restored from a backup


@dataclass(frozen=True)
class Waiting:
    """Hold one record as it travels."""

    seq: int
    payload: bytes


@dataclass(frozen=True)
class Depth:
    """Tell what an outbox holds.

    acknowledged is the number up to which the collector has everything; dropped counts records given up
    for want of room; held counts readings and records kept in memory because the disk refuses them.
    fault is None, or what is wrong in a few words.
    """

    stream: str
    high: int
    acknowledged: int
    waiting_records: int
    waiting_bytes: int
    waiting_ticks: int
    dropped: int
    held: int = 0
    fault: Optional[str] = None


class Outbox(Protocol):
    """Take in readings and records, give each record its place, and keep it until it is acknowledged."""

    def add_tick(self, stamp: Stamp, samples: Sequence[Sample]) -> None:
        """Keep one reading."""

    def fold(self) -> int:
        """Make records of the readings kept since the last time; return how many."""

    def add(self, build: Build) -> Optional[int]:
        """Keep one record and return its seq, None when it waits in memory; raises UnfitError."""

    def peek(self, after_seq: int, max_records: int, max_bytes: int) -> Tuple[Waiting, ...]:
        """Return unacknowledged records beyond a seq, in order; at least one when there is one."""

    def acknowledge(self, stream: str, upto: int) -> bool:
        """Take in that the collector has everything up to a seq; return False when it means another stream."""

    def need(self, stream: str, from_seq: int) -> bool:
        """Take in that the collector wants everything from a seq again; return False when it is nothing new."""

    def depth(self) -> Depth:
        """Return what is held."""

    def close(self) -> None:
        """End it."""


class UnfitError(ValueError):
    """Say that the wire would refuse a record, for its size most likely; the caller makes it smaller or several."""


@dataclass(frozen=True)
class Row:
    """Hold one kept record; payload is None when it was found damaged. born is in the outbox's own time."""

    seq: int
    kind: int
    born: int
    payload: Optional[bytes]

    @property
    def cost(self) -> int:
        """Return the bytes it counts for."""
        return ROW_BYTES + len(self.payload or b"")


@dataclass(frozen=True)
class State:
    """Hold what an outbox knows beside its rows. sent is the highest seq ever handed out for sending."""

    stream: str
    high: int = 0
    acknowledged: int = 0
    sent: int = 0
    dropped: int = 0
    tick_count: int = 0
    waiting_records: int = 0
    waiting_bytes: int = 0
    kept_bytes: int = 0  # of acknowledged rows
    ticks: Tuple[Tick, ...] = ()


class Shelf(Protocol):
    """Keep rows, waiting readings and the state; what happens in one transaction happens wholly or not at all."""

    def transaction(self) -> ContextManager[None]:
        """Join the calls within."""

    def save(self, state: State) -> None:
        """Keep the numbers of a state; its ticks are kept apart."""

    def add_ticks(self, first: int, ticks: Sequence[Tick]) -> None:
        """Keep readings under numbers from the first on, outside of any transaction."""

    def clear_ticks(self) -> None:
        """Forget all readings, within a transaction."""

    def insert(self, row: Row) -> None:
        """Keep a row, in place of the one of that number."""

    def delete(self, seqs: Sequence[int]) -> None:
        """Forget rows."""

    def rows(self, after_seq: int, most: int) -> Sequence[Row]:
        """Return rows beyond a seq, in order."""

    def rows_of(self, kind: int, after_seq: int, most: int) -> Sequence[Row]:
        """Return rows of one kind beyond a seq, in order."""

    def note_ack(self, upto: int, at: int) -> None:
        """Keep when a number was acknowledged."""

    def forget_acks(self, from_seq: int) -> None:
        """Forget acknowledgements of a seq and beyond."""

    def acknowledged_before(self, at: int) -> int:
        """Return the highest seq acknowledged before a time, 0 when none."""
