"""Number records and pass them on in order: the rules every outbox shares.

Numbers stay dense: each one beyond the acknowledged is either a kept row or covered by a gap row just below
it, so that a cumulative acknowledgement can always move on. A dropped number that was never handed out for
sending is therefore used again, by the gap that declares it and its neighbours.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import partial
from typing import Callable, Iterable, List, Sequence, Tuple

from machxa_agent import crash
from machxa_agent.outbox.holes import close_holes
from machxa_agent.outbox.room import forget_old, make_room
from machxa_agent.outbox.rows import Rows
from machxa_agent.outbox.shelf import Build, Depth, Limits, Row, Shelf, State, UnfitError, Waiting
from machxa_agent.outbox.thin import decoded
from machxa_agent.outbox.tick import Tick, fold_ticks, halves
from machxa_wire.limits import MAX_SEQ
from machxa_wire.records import Gap, Hello, Place, Samples, Sequenced, Stamp

logger = logging.getLogger(__name__)

_SPARE_NUMBERS = 1000  # left free above what is renumbered


class Books:
    """Apply the outbox's rules to a shelf. ``age_ms`` is time that counts only while the agent runs."""

    def __init__(
        self, shelf: Shelf, state: State, limits: Limits, age_ms: Callable[[], int], stamp: Callable[[], Stamp]
    ) -> None:
        """Take over a shelf in the state it is in."""
        self._rows = Rows(shelf, state, age_ms, stamp)
        self._limits = limits

    @property
    def state(self) -> State:
        """Return what is known beside the rows."""
        return self._rows.state

    @state.setter
    def state(self, state: State) -> None:
        self._rows.state = state

    def add_ticks(self, ticks: Sequence[Tick]) -> int:
        """Keep readings; return how many."""
        crash.reached("agent_before_tick_commit")
        self._rows.shelf.add_ticks(self.state.tick_count + 1, ticks)
        state = self.state
        self.state = replace(state, tick_count=state.tick_count + len(ticks), ticks=(*state.ticks, *ticks))
        return len(ticks)

    def fold(self) -> int:
        """Make records of the waiting readings and forget these, both or neither; return how many."""
        return self._rows.commit(self._fold) if self.state.ticks else 0

    def add(self, build: Build) -> int:
        """Keep one record; return its seq."""
        return self._rows.commit(lambda: self._add(build))

    def peek(self, after_seq: int, max_records: int, max_bytes: int) -> Tuple[Waiting, ...]:
        """Return unacknowledged records beyond a seq, in order."""
        size = 0
        found: List[Waiting] = []
        for row in self._rows.shelf.rows(max(after_seq, self.state.acknowledged), max_records):
            if row.payload is None:
                row = self._mend(row)  # noqa: PLW2901 - the gap stands in for the row
            payload = row.payload or b""
            size += len(payload)
            if found and size > max_bytes:
                break
            found.append(Waiting(row.seq, payload))
        if found and found[-1].seq > self.state.sent:
            self.state = replace(self.state, sent=found[-1].seq)  # kept with the next commit
        return tuple(found)

    def acknowledge(self, stream: str, upto: int) -> bool:
        """Take in an acknowledgement; one from beyond what was ever given means this outbox went back in time."""
        if stream != self.state.stream:
            return False
        if upto > self.state.high:
            self._rows.commit(lambda: self._renumber(upto))
        elif upto > self.state.acknowledged:
            self._rows.commit(lambda: self._acknowledge(upto))
        return True

    def need(self, stream: str, from_seq: int) -> bool:
        """Offer again what the collector lost; what is no longer kept is declared."""
        if stream != self.state.stream or not 1 <= from_seq <= self.state.acknowledged:
            return False
        self._rows.commit(lambda: self._need(from_seq))
        return True

    def begin(self, first: Sequence[Build]) -> None:
        """Keep the first records of a new outbox, in the transaction the caller has open."""
        for build in first:
            self._rows.insert(build)
        self._rows.shelf.save(self.state)

    def count_ticks(self, ticks: int) -> int:
        """Take in how many readings there ever were; return how many of them are not known here."""
        lost = max(0, ticks - self.state.tick_count)
        self.state = replace(self.state, tick_count=self.state.tick_count + lost)
        return lost

    def close_holes(self, numbers: Iterable[Tuple[int, int]]) -> int:
        """Declare numbers that neither a row nor a gap accounts for; return how many."""
        return close_holes(self._rows, numbers)

    def skip_to(self, high: int) -> None:
        """Go on numbering above a seq that was given but is not kept, and declare what is missing."""
        self._rows.commit(lambda: self._skip_to(high))

    def depth(self) -> Depth:
        """Return what is held."""
        state = self.state
        return Depth(
            stream=state.stream,
            high=state.high,
            acknowledged=state.acknowledged,
            waiting_records=state.waiting_records,
            waiting_bytes=state.waiting_bytes,
            waiting_ticks=len(state.ticks),
            dropped=state.dropped,
        )

    def _add(self, build: Build) -> int:
        seq = self._rows.insert(build)
        make_room(self._rows, self._limits)
        return seq

    def _fold(self) -> int:
        before = self.state.high
        for batch in fold_ticks(self.state.ticks):
            self._insert_batch(batch)
        self._rows.shelf.clear_ticks()
        self.state = replace(self.state, ticks=())
        make_room(self._rows, self._limits)
        return self.state.high - before

    def _insert_batch(self, batch: Samples) -> None:
        try:
            self._rows.insert(lambda place: replace(batch, place=place))
        except UnfitError as exc:
            parts = halves(batch)
            if len(parts) == 1:
                logger.warning("a reading of %s cannot be said and is given up: %s", batch.series[0].name, exc)
                self.state = replace(self.state, dropped=self.state.dropped + 1)
                return
            for part in parts:
                self._insert_batch(part)

    def _skip_to(self, high: int) -> None:
        first, stamp = self.state.high + 1, self._rows.stamp()
        self.state = replace(self.state, high=high)
        self._rows.insert(lambda place: Gap(place, stamp, place.stream, first, high, None, "damaged"))

    def _mend(self, row: Row) -> Row:
        return self._rows.commit(lambda: self._replace_damaged(row))

    def _replace_damaged(self, row: Row) -> Row:
        """Put a gap in place of a row whose content no longer fits its checksum."""
        self._rows.put_gap(row.seq, row.seq, 1, "damaged")
        self._rows.count(row, -1)
        return self._rows.shelf.rows(row.seq - 1, 1)[0]

    def _acknowledge(self, upto: int) -> None:
        done = self._rows.between(self.state.acknowledged, upto)
        size = sum(row.cost for row in done)
        self._rows.shelf.note_ack(upto, self._rows.age_ms())
        self.state = replace(
            self.state,
            acknowledged=upto,
            waiting_records=self.state.waiting_records - len(done),
            waiting_bytes=self.state.waiting_bytes - size,
            kept_bytes=self.state.kept_bytes + size,
        )
        forget_old(self._rows, self._limits)

    def _need(self, from_seq: int) -> None:
        again = self._rows.between(from_seq - 1, self.state.acknowledged)
        for row in again:
            self._rows.count(row, 1)
        size = sum(row.cost for row in again)
        self._rows.shelf.forget_acks(from_seq)
        self.state = replace(
            self.state, acknowledged=from_seq - 1, kept_bytes=self.state.kept_bytes - size, sent=self.state.high
        )
        oldest = self._rows.shelf.rows(from_seq - 1, 1)
        last = oldest[0].seq - 1 if oldest else self.state.high
        if last >= from_seq:
            self._rows.put_gap(from_seq, last, None, "expired")

    def _renumber(self, upto: int) -> None:
        """Move all that waits above a number the collector already has: this outbox was set back (a disk image)."""
        waiting = self._rows.between(self.state.acknowledged, self.state.high)
        if upto > MAX_SEQ - len(waiting) - _SPARE_NUMBERS:
            return
        self._rows.shelf.delete([row.seq for row in waiting])
        self.state = replace(self.state, high=upto, acknowledged=upto, sent=upto, waiting_records=0, waiting_bytes=0)
        self._rows.shelf.note_ack(upto, self._rows.age_ms())
        for row in waiting:
            record = decoded(row)
            if record is not None and not isinstance(record, (Gap, Hello)):
                self._rows.insert(partial(_moved, record))


def _moved(record: Sequenced, place: Place) -> Sequenced:
    return replace(record, place=place)
