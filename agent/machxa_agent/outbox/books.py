"""Number records, bound what is kept, and pass it on in order: the rules every outbox shares.

Numbers stay dense: each one beyond the acknowledged is either a kept row or covered by a gap row just below
it, so that a cumulative acknowledgement can always move on. A dropped number that was never handed out for
sending is therefore used again, by the gap that declares it and its neighbours.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Callable, Iterable, Iterator, List, Optional, Sequence, Tuple, TypeVar

from machxa_agent import crash
from machxa_agent.outbox import shelf as kept
from machxa_agent.outbox.shelf import Build, Depth, Limits, Row, Shelf, State, TooLargeError, Waiting
from machxa_agent.outbox.thin import Thinning, decoded, gap_runs, thin_hour
from machxa_agent.outbox.tick import Tick, fold_ticks, halves
from machxa_wire.encode import encode
from machxa_wire.limits import MAX_PAYLOAD_BYTES, MAX_SEQ, WINDOW_RECORDS
from machxa_wire.records import Facts, Gap, Hello, Place, Samples, Sequenced, Stamp

Result = TypeVar("Result")
_HOUR_MS = 3600 * 1000
_PIECE = 100  # rows given up, read or forgotten at a time
_STEPS = 50  # of making room in one call; the next call goes on
_HOUR_ROWS = 720  # of the shortest interval, 5 s


class Books:
    """Apply the outbox's rules to a shelf. ``age_ms`` is time that counts only while the agent runs."""

    def __init__(
        self, shelf: Shelf, state: State, limits: Limits, age_ms: Callable[[], int], stamp: Callable[[], Stamp]
    ) -> None:
        """Take over a shelf in the state it is in."""
        self._shelf = shelf
        self._limits = limits
        self._age_ms = age_ms
        self._stamp = stamp
        self.state = state

    def add_ticks(self, ticks: Sequence[Tick]) -> int:
        """Keep readings; return how many."""
        return self._commit(lambda: self._add_ticks(ticks), "agent_before_tick_commit")

    def fold(self) -> int:
        """Make records of the waiting readings and forget these, both or neither; return how many."""
        return self._commit(self._fold) if self.state.ticks else 0

    def add(self, build: Build) -> int:
        """Keep one record; return its seq."""
        return self._commit(lambda: self._add(build))

    def peek(self, after_seq: int, max_records: int, max_bytes: int) -> Tuple[Waiting, ...]:
        """Return unacknowledged records beyond a seq, in order."""
        size = 0
        found: List[Waiting] = []
        for row in self._shelf.rows(max(after_seq, self.state.acknowledged), max_records):
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
            self._commit(lambda: self._renumber(upto))
        elif upto > self.state.acknowledged:
            self._commit(lambda: self._acknowledge(upto))
        return True

    def need(self, stream: str, from_seq: int) -> bool:
        """Offer again what the collector lost; what is no longer kept is declared."""
        if stream != self.state.stream or not 1 <= from_seq <= self.state.acknowledged:
            return False
        self._commit(lambda: self._need(from_seq))
        return True

    def within(self, work: Callable[[], None]) -> None:
        """Do the work in the transaction the caller has open."""
        work()
        self._shelf.save(self.state)

    def put(self, build: Build) -> int:
        """Keep one record, for work done ``within``; return its seq."""
        return self._insert(build)

    def count_ticks(self, ticks: int) -> int:
        """Take in how many readings there ever were; return how many of them are not known here."""
        lost = max(0, ticks - self.state.tick_count)
        self.state = replace(self.state, tick_count=self.state.tick_count + lost)
        return lost

    def close_holes(self, numbers: Iterable[Tuple[int, int]]) -> int:
        """Declare numbers that neither a row nor a gap accounts for; return how many.

        A number that may have been sent gets a gap of its own: should the collector have it after all, it
        refuses that gap as known and still learns the rest.
        """
        holes = list(self._holes(numbers))
        if holes:
            self._commit(lambda: self._fill(holes))
        return sum(last - first + 1 for first, last in holes)

    def skip_to(self, high: int) -> None:
        """Go on numbering above a seq that was given but is not kept, and declare what is missing."""
        self._commit(lambda: self._skip_to(high))

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

    def _holes(self, numbers: Iterable[Tuple[int, int]]) -> Iterator[Tuple[int, int]]:
        covered = self.state.acknowledged
        for seq, kind in numbers:
            if seq > covered + 1:
                declared = self._declared(seq) if kind == kept.GAP else seq
                if declared > covered + 1:
                    yield covered + 1, min(declared, seq) - 1
            covered = max(covered, self._declared_upto(seq) if kind == kept.GAP else seq)
        if covered < self.state.high:
            yield covered + 1, self.state.high

    def _gap_at(self, seq: int) -> Optional[Gap]:
        rows = self._shelf.rows(seq - 1, 1)
        record = decoded(rows[0]) if rows else None
        return record if isinstance(record, Gap) and record.of == self.state.stream else None

    def _declared(self, seq: int) -> int:
        """Return from where a gap row accounts for numbers."""
        gap = self._gap_at(seq)
        return seq if gap is None else min(seq, gap.first)

    def _declared_upto(self, seq: int) -> int:
        """Return up to where a gap row accounts for numbers."""
        gap = self._gap_at(seq)
        return seq if gap is None else max(seq, gap.last)

    def _fill(self, holes: Sequence[Tuple[int, int]]) -> None:
        for first, last in holes:
            single = min(last, self._guard(), first + _PIECE)
            for seq in range(first, single + 1):
                self._put_gap(seq, seq, 1, "damaged")
            start = max(first, single + 1)
            if start <= last:
                self._put_gap(start, last, last - start + 1, "damaged")

    def _put_gap(self, first: int, last: int, count: Optional[int], reason: str) -> None:
        place = Place(self.state.stream, first)
        self._put(Gap(place, self._stamp(), place.stream, first, last, count, reason), kept.GAP, self._age_ms())

    def _commit(self, work: Callable[[], Result], before_commit: str = "") -> Result:
        """Do the work in one transaction; on failure nothing of it stays, in memory either."""
        before = self.state
        try:
            with self._shelf.transaction():
                result = work()
                self._shelf.save(self.state)
                if before_commit:
                    crash.reached(before_commit)
        except BaseException:
            self.state = before
            raise
        return result

    def _add_ticks(self, ticks: Sequence[Tick]) -> int:
        for number, tick in enumerate(ticks, self.state.tick_count + 1):
            self._shelf.add_tick(number, tick)
        self.state = replace(
            self.state, tick_count=self.state.tick_count + len(ticks), ticks=(*self.state.ticks, *ticks)
        )
        return len(ticks)

    def _add(self, build: Build) -> int:
        seq = self._insert(build)
        self._make_room()
        return seq

    def _fold(self) -> int:
        before = self.state.high
        for batch in fold_ticks(self.state.ticks):
            self._insert_batch(batch)
        self._shelf.clear_ticks()
        self.state = replace(self.state, ticks=())
        self._make_room()
        return self.state.high - before

    def _insert_batch(self, batch: Samples) -> None:
        try:
            self._insert(lambda place: replace(batch, place=place))
        except TooLargeError:
            parts = halves(batch)
            if len(parts) == 1:
                raise
            for part in parts:
                self._insert_batch(part)

    def _insert(self, build: Build) -> int:
        seq = self.state.high + 1
        record = build(Place(self.state.stream, seq))
        row = self._row(record, _kind(record))
        self._shelf.insert(row)
        self._count(row, 1)
        self.state = replace(self.state, high=seq)
        return seq

    def _skip_to(self, high: int) -> None:
        first, stamp = self.state.high + 1, self._stamp()
        self.state = replace(self.state, high=high)
        self._insert(lambda place: Gap(place, stamp, place.stream, first, high, None, "damaged"))

    def _row(self, record: Sequenced, kind: int) -> Row:
        payload = encode(record)
        if len(payload) > MAX_PAYLOAD_BYTES or record.place is None:
            raise TooLargeError(f"record of {len(payload)} bytes, at most {MAX_PAYLOAD_BYTES}")
        return Row(record.place.seq, kind, self._age_ms(), payload)

    def _count(self, row: Row, sign: int) -> None:
        state = self.state
        self.state = replace(
            state,
            waiting_records=state.waiting_records + sign,
            waiting_bytes=state.waiting_bytes + sign * row.cost,
        )

    def _mend(self, row: Row) -> Row:
        return self._commit(lambda: self._replace_damaged(row))

    def _replace_damaged(self, row: Row) -> Row:
        """Put a gap in place of a row whose content no longer fits its checksum."""
        self._put_gap(row.seq, row.seq, 1, "damaged")
        self._count(row, -1)
        return self._shelf.rows(row.seq - 1, 1)[0]

    def _acknowledge(self, upto: int) -> None:
        done = self._between(self.state.acknowledged, upto)
        size = sum(row.cost for row in done)
        self._shelf.note_ack(upto, self._age_ms())
        self.state = replace(
            self.state,
            acknowledged=upto,
            waiting_records=self.state.waiting_records - len(done),
            waiting_bytes=self.state.waiting_bytes - size,
            kept_bytes=self.state.kept_bytes + size,
        )
        self._forget_old()

    def _between(self, after: int, upto: int) -> List[Row]:
        """Return the rows of seq after+1 to upto."""
        found: List[Row] = []
        while after < upto:
            rows = self._shelf.rows(after, min(_PIECE, upto - after))
            found.extend(row for row in rows if row.seq <= upto)
            if not rows or rows[-1].seq >= upto:
                break
            after = rows[-1].seq
        return found

    def _forget_old(self) -> None:
        """Forget rows acknowledged longer ago than they are kept."""
        limit = self._shelf.acknowledged_before(self._age_ms() - self._limits.acknowledged_hours * _HOUR_MS)
        if limit:
            self._forget_kept(self._between(0, limit))

    def _forget_kept(self, rows: Sequence[Row]) -> None:
        self._shelf.delete([row.seq for row in rows])
        self.state = replace(self.state, kept_bytes=self.state.kept_bytes - sum(row.cost for row in rows))

    def _need(self, from_seq: int) -> None:
        again = self._between(from_seq - 1, self.state.acknowledged)
        for row in again:
            self._count(row, 1)
        size = sum(row.cost for row in again)
        self._shelf.forget_acks(from_seq)
        self.state = replace(
            self.state, acknowledged=from_seq - 1, kept_bytes=self.state.kept_bytes - size, sent=self.state.high
        )
        oldest = self._shelf.rows(from_seq - 1, 1)
        last = oldest[0].seq - 1 if oldest else self.state.high
        if last >= from_seq:
            self._put_gap(from_seq, last, None, "expired")

    def _renumber(self, upto: int) -> None:
        """Move all that waits above a number the collector already has: this outbox was set back (a disk image)."""
        waiting = self._between(self.state.acknowledged, self.state.high)
        if upto > MAX_SEQ - len(waiting) - 1000:
            return
        self._shelf.delete([row.seq for row in waiting])
        self.state = replace(self.state, high=upto, acknowledged=upto, sent=upto, waiting_records=0, waiting_bytes=0)
        self._shelf.note_ack(upto, self._age_ms())
        for row in waiting:
            record = decoded(row)
            if record is not None and not isinstance(record, (Gap, Hello)):
                self._insert(partial(_moved, record))

    def _make_room(self) -> None:
        """Keep the bounds: forget acknowledged rows first, then thin samples, then give up the oldest of a kind."""
        self._forget_old()
        steps = 0
        while steps < _STEPS and self._oldest_is_old() and self._thin():
            steps += 1
        while steps < _STEPS and self.state.waiting_bytes + self.state.kept_bytes > self._limits.most_bytes:
            steps += 1
            if not (self._forget_some() or self._thin() or self._give_up()):
                return

    def _guard(self) -> int:
        """Return the highest seq that may have been sent already: such a number keeps its content."""
        return max(self.state.sent, self.state.acknowledged + WINDOW_RECORDS)

    def _oldest_is_old(self) -> bool:
        oldest = self._shelf.rows_of(kept.SAMPLES, self._guard(), 1)
        return bool(oldest) and oldest[0].born < self._age_ms() - self._limits.raw_hours * _HOUR_MS

    def _forget_some(self) -> bool:
        rows = self._shelf.rows(0, _PIECE)
        done = [row for row in rows if row.seq <= self.state.acknowledged]
        self._forget_kept(done)
        return bool(done)

    def _thin(self) -> bool:
        """Thin the oldest hour of samples to its last reading; return whether there was one."""
        thinning = thin_hour(self._shelf.rows_of(kept.SAMPLES, self._guard(), _HOUR_ROWS))
        if thinning is None:
            return False
        self._drop(thinning)
        return True

    def _give_up(self) -> bool:
        """Drop the oldest rows of the first kind that has any; gaps stay."""
        for kind in (kept.THINNED, kept.FACTS, kept.EVENT):
            rows = self._shelf.rows_of(kind, self._guard(), _PIECE)
            if rows:
                self._drop(Thinning(tuple(rows), None))
                return True
        return False

    def _drop(self, thinning: Thinning) -> None:
        dropped, last = thinning.rows, thinning.last
        if last is not None:
            dropped = dropped[:-1]
        self._shelf.delete([row.seq for row in dropped])
        for row in thinning.rows:
            self._count(row, -1)
        if last is not None:
            place, born = Place(self.state.stream, thinning.rows[-1].seq), thinning.rows[-1].born
            self._put(replace(last, place=place), kept.THINNED, born)
        self.state = replace(self.state, dropped=self.state.dropped + len(dropped))
        if not dropped:
            return
        first, end = dropped[0].seq, dropped[-1].seq
        for run in gap_runs(dropped, self._between(first - 1, end + 1)):
            for row in run.absorbed:
                self._count(row, -1)
            self._shelf.delete([row.seq for row in run.absorbed])
            self._put_gap(run.first, run.last, run.count, "full")

    def _put(self, record: Sequenced, kind: int, born: int) -> None:
        row = replace(self._row(record, kind), born=born)
        self._shelf.insert(row)
        self._count(row, 1)


def _moved(record: Sequenced, place: Place) -> Sequenced:
    return replace(record, place=place)


def _kind(record: Sequenced) -> int:
    if isinstance(record, Samples):
        return kept.SAMPLES
    if isinstance(record, Facts):
        return kept.FACTS
    return kept.GAP if isinstance(record, Gap) else kept.EVENT
