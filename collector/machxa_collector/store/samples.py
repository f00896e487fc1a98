"""Read samples: recent reports and day chunks as one, raw or rolled up."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, select

from machxa_collector.store.chunk import Chunk, Stat, between, merge, roll_up
from machxa_collector.store.packing import unpack
from machxa_collector.store.payloads import hello_newest, readings
from machxa_collector.store.resolution import real_column
from machxa_collector.store.tables import chunks, hellos, reports
from machxa_wire.records import Label, Series
from machxa_wire.refusal import Refused

DAY_MS = 86_400_000
RAW = 0
RESOLUTIONS = (300, 3600)
_LAST_REPORTS = 4  # which cover a round of polls, whatever the batches
_LAST_DAY = 2**31 - 1  # that a column of days can say
AHEAD_MS = 60_000  # a report that claims to be newer than this before it came has a clock nobody checked

Number = int | float | None
_Report = tuple[bytes, int, int]  # its payload, what is added to its clock (ms), and its mark


@dataclass(frozen=True, slots=True)
class Curve:
    """Hold one series over times (ms since 1970 UTC): columns by statistic, "" for raw values.

    Values are in the metric's own unit, None where the agent reported at that time but not this series.
    """

    labels: tuple[Label, ...]
    times: tuple[int, ...]
    columns: dict[Stat, tuple[Number, ...]]


@dataclass(frozen=True, slots=True)
class Reading:
    """Hold what one series read at one time (ms since 1970 UTC), None when it was not measured then."""

    series: Series
    time: int
    value: int | None


def read(engine: Engine, agent_pk: int, name: str, span: tuple[int, int], resolution: int) -> tuple[Curve, ...]:
    """Return a metric's curves from span[0] up to, not including, span[1] (ms), in the order of their labels.

    resolution is RAW or one of RESOLUTIONS (seconds). A day in which reports came after it was packed is
    computed from both, so a late report is never missing.
    """
    return Held(engine, agent_pk, span, resolution).curves(name)


class Held:
    """Hold what the store has of an agent over a time as it is stored: any number of metrics is read from it.

    span and resolution are as in ``read``. Two questions, a third where reports came of days that are rolled up.
    """

    def __init__(self, engine: Engine, agent_pk: int, span: tuple[int, int], resolution: int) -> None:
        """Read it."""
        self._span, self._resolution = span, resolution
        days = range(max(span[0] // DAY_MS, -_LAST_DAY), min(-(-span[1] // DAY_MS), _LAST_DAY))
        with engine.connect() as connection:
            # reports before chunks: a day that is packed meanwhile is then found in either, never in neither
            self._came = _reports_by_day(connection, agent_pk, days)
            self._packed = _blobs(connection, agent_pk, (days.start, days.stop - 1), resolution)
            self._raw = self._packed
            if self._came and resolution != RAW:
                self._raw = _blobs(connection, agent_pk, (min(self._came), max(self._came)), RAW)

    def curves(self, name: str) -> tuple[Curve, ...]:
        """Return a metric's curves as ``read`` does."""
        days = sorted(self._came.keys() | self._packed.keys())
        parts = [between(self._day(name, day), *self._span) for day in days]
        return _joined([part for part in parts if part.times])

    def _day(self, name: str, day: int) -> Chunk:
        came = self._came.get(day)
        if came is None:
            return unpack(self._packed[day], {name})
        blob = self._raw.get(day)
        raw = merge(Chunk() if blob is None else unpack(blob, {name}), _told(came, day, {name}))
        return raw if self._resolution == RAW else roll_up(raw, self._resolution)


def newest(engine: Engine, agent_pk: int) -> tuple[Reading, ...]:
    """Return an agent's last readings, from whichever is newer: its reports or its hello. Empty before the first."""
    report = select(reports.c.payload, reports.c.shift_ms, reports.c.mark).where(
        reports.c.agent_pk == agent_pk, reports.c.last_time <= reports.c.received_at + AHEAD_MS
    )
    hello = select(hellos.c.payload, hellos.c.received_at).where(hellos.c.agent_pk == agent_pk)
    packed = select(chunks.c.blob).where(chunks.c.agent_pk == agent_pk, chunks.c.resolution == RAW)
    with engine.connect() as connection:
        found = connection.execute(report.order_by(reports.c.last_time.desc()).limit(1)).first()
        said = connection.execute(hello).first()
        blob = None if found else connection.execute(packed.order_by(chunks.c.day.desc()).limit(1)).scalar()
    known = _readable(*found, None) if found else unpack(blob) if blob else Chunk()
    told = hello_newest(*said) if said else Chunk()
    last = max((known, told), key=lambda chunk: chunk.times[-1:])
    return tuple(Reading(series, last.times[-1], column[-1]) for (series, _), column in last.columns.items())


def last_readings(engine: Engine, agent_pk: int, label: Label) -> Iterator[Reading]:
    """Yield the last reading of each series with a label, from an agent's newest reports; its label is left out."""
    columns = reports.c
    query = select(columns.payload, columns.shift_ms, columns.mark).where(
        columns.agent_pk == agent_pk, columns.last_time <= columns.received_at + AHEAD_MS
    )
    with engine.connect() as connection:
        found = connection.execute(query.order_by(columns.last_time.desc()).limit(_LAST_REPORTS)).all()
    seen: set[tuple[str, tuple[Label, ...]]] = set()
    for payload, shift_ms, mark in found:
        chunk = _readable(payload, shift_ms, mark, None)
        for (series, _), column in chunk.columns.items():
            if label not in series.labels or (series.name, series.labels) in seen:
                continue
            at = next((place for place in range(len(column) - 1, -1, -1) if column[place] is not None), None)
            if at is not None:
                seen.add((series.name, series.labels))
                own = series._replace(labels=tuple(one for one in series.labels if one != label))
                yield Reading(own, chunk.times[at], column[at])


def pending(connection: Connection, agent_pk: int, day: int, names: Collection[str] | None) -> Chunk:
    """Return what a day's reports hold that is in no chunk yet, the first to come first."""
    columns = reports.c
    query = select(columns.payload, columns.shift_ms, columns.mark).where(
        columns.agent_pk == agent_pk, columns.last_time >= day * DAY_MS, columns.time < (day + 1) * DAY_MS
    )
    rows = connection.execute(query.order_by(columns.last_time, columns.stream_pk, columns.seq))
    return _told([(payload, shift_ms, mark) for payload, shift_ms, mark in rows], day, names)


def packed_day(
    connection: Connection, agent_pk: int, day: int, names: Collection[str] | None, resolution: int
) -> Chunk:
    """Return a day's chunk, or of it only these metrics; empty when there is none."""
    columns = chunks.c
    query = select(columns.blob).where(
        columns.agent_pk == agent_pk, columns.resolution == resolution, columns.day == day
    )
    blob = connection.execute(query).scalar()
    return Chunk() if blob is None else unpack(blob, names)


def _readable(payload: bytes, shift_ms: int, mark: int, names: Collection[str] | None) -> Chunk:
    """Return a report's readings, none when nobody can read it: compaction sets it aside and says so."""
    try:
        return readings(payload, shift_ms, mark, names)
    except Refused:
        return Chunk()


def _told(rows: Sequence[_Report], day: int, names: Collection[str] | None) -> Chunk:
    parts = [_readable(*row, names) for row in rows]
    return merge(*(between(part, day * DAY_MS, (day + 1) * DAY_MS) for part in parts))


def _reports_by_day(connection: Connection, agent_pk: int, days: range) -> dict[int, list[_Report]]:
    """Return the reports that touch each of some days, the first to come first; days without any are left out."""
    columns = reports.c
    query = select(columns.time, columns.last_time, columns.payload, columns.shift_ms, columns.mark).where(
        columns.agent_pk == agent_pk, columns.last_time >= days.start * DAY_MS, columns.time < days.stop * DAY_MS
    )
    found: dict[int, list[_Report]] = {}
    for first, last, *report in connection.execute(query.order_by(columns.last_time, columns.stream_pk, columns.seq)):
        for day in range(max(first // DAY_MS, days.start), min(last // DAY_MS + 1, days.stop)):
            found.setdefault(day, []).append((report[0], report[1], report[2]))
    return found


def _blobs(connection: Connection, agent_pk: int, days: tuple[int, int], resolution: int) -> dict[int, bytes]:
    """Return the packed days from one to another, both included."""
    columns = chunks.c
    query = select(columns.day, columns.blob).where(columns.agent_pk == agent_pk, columns.resolution == resolution)
    return dict(tuple(row) for row in connection.execute(query.where(columns.day.between(*days))))


def _joined(parts: list[Chunk]) -> tuple[Curve, ...]:
    found: dict[tuple[Label, ...], tuple[list[int], dict[Stat, list[Number]]]] = {}
    for part in parts:
        timed = set()
        for (series, stat), column in part.columns.items():
            times, columns = found.setdefault(series.labels, ([], {}))
            if series.labels not in timed:
                timed.add(series.labels)
                times.extend(part.times)
            told = column if stat == "count" else real_column(series, column)
            columns.setdefault(stat, []).extend(told)
    return tuple(
        Curve(labels, tuple(times), {stat: tuple(column) for stat, column in columns.items()})
        for labels, (times, columns) in sorted(found.items())
    )
