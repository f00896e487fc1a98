"""Say at which value a share of a metric's readings lies, over many agents and any days, packed or open."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy import Connection, Engine, select

from machxa_collector.store.chunk import Chunk, between
from machxa_collector.store.open_columns import HEAD, Readings, head_of, take
from machxa_collector.store.open_day import group_of
from machxa_collector.store.packing import unpack
from machxa_collector.store.payloads import readings
from machxa_collector.store.resolution import real
from machxa_collector.store.samples import DAY_MS, RAW, Number
from machxa_collector.store.snapshot import snapshot
from machxa_collector.store.tables import chunks, open_columns, reports, streams
from machxa_wire.records import Series
from machxa_wire.refusal import Refused

_AT_ONCE = 300  # agents of one question
_MOST_DAYS = 400

Span = tuple[int, int]  # ms since 1970 UTC, the end not included
_Days = defaultdict[int, set[int]]  # agents by day


def quantile(engine: Engine, agent_pks: Sequence[int], name: str, span: Span, share: float) -> Number:
    """Return the value below or at which that share (0 to 1) of a metric's raw readings lies, None when there are none.

    All series of the metric count. Raises ValueError for a span beyond 400 days: raw readings are kept for 35.
    """
    if span[1] - span[0] > _MOST_DAYS * DAY_MS:
        raise ValueError(f"a span beyond {_MOST_DAYS} days")
    found: Readings = defaultdict(list)
    known = sorted(set(agent_pks))
    for start in range(0, len(known), _AT_ONCE):
        with snapshot(engine) as connection:
            _Asked(connection, frozenset(known[start : start + _AT_ONCE]), name, span, found).read()
    counts: Counter[int | float] = Counter()
    for (multiplier, divisor), values in found.items():
        series = Series(name, (), multiplier, divisor)
        for value, count in Counter(values).items():
            told = real(series, value)
            assert told is not None  # noqa: S101 - the value is none
            counts[told] += count
    left = min(counts.total() - 1, int(share * counts.total()))
    for lies in sorted(counts):
        left -= counts[lies]
        if left < 0:
            return lies
    return None


class _Asked:
    """Read what some agents have of a metric within a span, each reading from the one place that counts for its day."""

    def __init__(self, connection: Connection, agents: Collection[int], name: str, span: Span, found: Readings) -> None:
        self._connection, self._agents, self._name, self._span, self._found = connection, agents, name, span, found
        self._days = range(span[0] // DAY_MS, (span[1] - 1) // DAY_MS + 1)

    def read(self) -> None:
        packed = self._read_chunks()
        has_runs = self._read_runs(packed)
        self._read_ungathered()
        for day in self._days:
            by_report = packed[day] | {one for one in self._agents if (group_of(one), day) not in has_runs}
            if by_report:
                self._read_gathered(by_report, day)

    def _read_chunks(self) -> _Days:
        columns = chunks.c
        query = select(columns.agent_pk, columns.day, columns.blob).where(
            columns.agent_pk.in_(self._agents),
            columns.resolution == RAW,
            columns.day.between(self._days.start, self._days.stop - 1),
        )
        packed: _Days = defaultdict(set)
        for agent, day, blob in self._connection.execute(query):
            packed[day].add(agent)
            self._add(unpack(blob, (self._name,)), self._span)
        return packed

    def _read_runs(self, packed: _Days) -> set[tuple[int, int]]:
        """Read what is gathered of days that are not packed; return which groups' days have any."""
        columns = open_columns.c
        query = select(columns.agents, columns.day, columns.run, columns.name, columns.blob).where(
            columns.agents.in_({group_of(one) for one in self._agents}),
            columns.day.between(self._days.start, self._days.stop - 1),
            columns.name.in_((HEAD, self._name)),
        )
        heads: dict[tuple[int, int, int], bytes] = {}
        blobs: dict[tuple[int, int, int], bytes] = {}
        for group, day, run, name, blob in self._connection.execute(query):
            (heads if name == HEAD else blobs)[group, day, run] = blob
        for (group, day, run), blob in blobs.items():
            its = {one for one in self._agents if group_of(one) == group} - packed[day]
            if its:
                take(head_of(heads[group, day, run]), blob, self._name, self._span, its, self._found)
        return {(group, day) for group, day, _ in heads}

    def _read_ungathered(self) -> None:
        theirs = (streams.c.agent_pk.in_(self._agents), reports.c.seq > streams.c.gathered)
        query = (
            select(reports.c.payload, reports.c.shift_ms, reports.c.mark)
            .join_from(streams, reports, reports.c.stream_pk == streams.c.pk)
            .where(*theirs, reports.c.last_time >= self._span[0], reports.c.time < self._span[1])
        )
        for payload, shift_ms, mark in self._connection.execute(query):
            self._add(self._readable(payload, shift_ms, mark), self._span)

    def _read_gathered(self, agents: Collection[int], day: int) -> None:
        """Read the gathered reports of a day whose runs do not count: they are forgotten, or there is a chunk."""
        start, end = max(self._span[0], day * DAY_MS), min(self._span[1], (day + 1) * DAY_MS)
        query = (
            select(reports.c.payload, reports.c.shift_ms, reports.c.mark)
            .join_from(reports, streams, reports.c.stream_pk == streams.c.pk)
            .where(reports.c.agent_pk.in_(agents), reports.c.last_time >= start, reports.c.time < end)
            .where(reports.c.seq <= streams.c.gathered)
        )
        for payload, shift_ms, mark in self._connection.execute(query):
            self._add(self._readable(payload, shift_ms, mark), (start, end))

    def _readable(self, payload: bytes, shift_ms: int, mark: int) -> Chunk:
        try:
            return readings(payload, shift_ms, mark, (self._name,))
        except Refused:
            return Chunk()

    def _add(self, chunk: Chunk, span: Span) -> None:
        for (series, _), column in between(chunk, *span).columns.items():
            values = self._found[series.multiplier, series.divisor]
            if None in column:
                values.extend(value for value in column if value is not None)
            else:
                values.extend(column)  # type: ignore[arg-type] # no None among them
