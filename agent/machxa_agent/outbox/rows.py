"""Hold an outbox's rows and its state together: every change is one transaction, in memory as on the shelf."""

from __future__ import annotations

from dataclasses import replace
from typing import Callable, List, Optional, TypeVar

from machxa_agent import crash
from machxa_agent.outbox.shelf import EVENT, FACTS, GAP, SAMPLES, Build, Row, Shelf, State, UnfitError
from machxa_wire.decode import decode
from machxa_wire.encode import encode
from machxa_wire.limits import WINDOW_RECORDS
from machxa_wire.records import Facts, Gap, Place, Samples, Sequenced, Stamp

Result = TypeVar("Result")
_PIECE = 100  # rows read at a time


class Rows:
    """Keep rows on a shelf, and count them. ``age_ms`` is time that counts only while the agent runs."""

    def __init__(self, shelf: Shelf, state: State, age_ms: Callable[[], int], stamp: Callable[[], Stamp]) -> None:
        """Take over a shelf in the state it is in."""
        self.shelf = shelf
        self.age_ms = age_ms
        self.stamp = stamp
        self.state = state

    def commit(self, work: Callable[[], Result], before_commit: str = "") -> Result:
        """Do the work in one transaction; on failure nothing of it stays, in memory either."""
        before = self.state
        try:
            with self.shelf.transaction():
                result = work()
                self.shelf.save(self.state)
                if before_commit:
                    crash.reached(before_commit)
        except BaseException:
            self.state = before
            raise
        return result

    def within(self, work: Callable[[], None]) -> None:
        """Do the work in the transaction the caller has open."""
        work()
        self.shelf.save(self.state)

    def insert(self, build: Build) -> int:
        """Keep a new record under the next seq and return that; raises UnfitError."""
        seq = self.state.high + 1
        record = build(Place(self.state.stream, seq))
        row = self._row(record, _kind(record))
        self.shelf.insert(row)
        self.count(row, 1)
        self.state = replace(self.state, high=seq)
        return seq

    def put(self, record: Sequenced, kind: int, born: int) -> None:
        """Keep a record under a seq that is known already; born is when its content was."""
        row = replace(self._row(record, kind), born=born)
        self.shelf.insert(row)
        self.count(row, 1)

    def put_gap(self, first: int, last: int, count: Optional[int], reason: str) -> None:
        """Declare numbers, in place of the first of them."""
        place = Place(self.state.stream, first)
        self.put(Gap(place, self.stamp(), place.stream, first, last, count, reason), GAP, self.age_ms())

    def _row(self, record: Sequenced, kind: int) -> Row:
        """Encode a record, and read it back: one that the collector would refuse must never stand in the way."""
        try:
            payload = encode(record)
            decode(payload)
        except ValueError as exc:  # Refused is one; so is a lone surrogate, which has no bytes
            raise UnfitError(str(exc)[:200]) from exc
        if record.place is None:
            raise UnfitError("a record without a place")
        return Row(record.place.seq, kind, self.age_ms(), payload)

    def count(self, row: Row, sign: int) -> None:
        """Count a row as waiting, or as gone with a sign of -1."""
        state = self.state
        self.state = replace(
            state,
            waiting_records=state.waiting_records + sign,
            waiting_bytes=state.waiting_bytes + sign * row.cost,
        )

    def between(self, after: int, upto: int) -> List[Row]:
        """Return the rows of seq after+1 to upto."""
        found: List[Row] = []
        while after < upto:
            rows = self.shelf.rows(after, min(_PIECE, upto - after))
            found.extend(row for row in rows if row.seq <= upto)
            if not rows or rows[-1].seq >= upto:
                break
            after = rows[-1].seq
        return found

    def guard(self) -> int:
        """Return the highest seq that may have been sent already: such a number keeps its content."""
        return max(self.state.sent, self.state.acknowledged + WINDOW_RECORDS)


def _kind(record: Sequenced) -> int:
    if isinstance(record, Samples):
        return SAMPLES
    if isinstance(record, Facts):
        return FACTS
    return GAP if isinstance(record, Gap) else EVENT
