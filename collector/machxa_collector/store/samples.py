"""Read samples: recent reports and day chunks as one, raw or rolled up."""

from __future__ import annotations

from collections.abc import Collection, Iterator
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
    days = range(max(span[0] // DAY_MS, -_LAST_DAY), min(-(-span[1] // DAY_MS), _LAST_DAY))
    with engine.connect() as connection:
        # reports before chunks: a day that is packed meanwhile is then found in either, never in neither
        late = _days_with_reports(connection, agent_pk, days)
        packed = _packed_days(connection, agent_pk, days)
        parts = [
            between(_day(connection, agent_pk, name, day, resolution, late=day in late), *span)
            for day in sorted(late | packed)
        ]
    return _joined([part for part in parts if part.times])


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
    parts = [_readable(payload, shift_ms, mark, names) for payload, shift_ms, mark in rows]
    return merge(*(between(part, day * DAY_MS, (day + 1) * DAY_MS) for part in parts))


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


def _days_with_reports(connection: Connection, agent_pk: int, days: range) -> set[int]:
    columns = reports.c
    query = select(columns.time, columns.last_time).where(
        columns.agent_pk == agent_pk, columns.last_time >= days.start * DAY_MS, columns.time < days.stop * DAY_MS
    )
    spans = {(first // DAY_MS, last // DAY_MS) for first, last in connection.execute(query)}
    return {day for first, last in spans for day in range(first, last + 1) if day in days}


def _packed_days(connection: Connection, agent_pk: int, days: range) -> set[int]:
    columns = chunks.c
    query = select(columns.day).where(columns.agent_pk == agent_pk, columns.day >= days.start, columns.day < days.stop)
    return set(connection.execute(query.distinct()).scalars())


def _day(connection: Connection, agent_pk: int, name: str, day: int, resolution: int, *, late: bool) -> Chunk:
    if not late:
        return packed_day(connection, agent_pk, day, {name}, resolution)
    came = pending(connection, agent_pk, day, {name})
    raw = merge(packed_day(connection, agent_pk, day, {name}, RAW), came)
    return raw if resolution == RAW else roll_up(raw, resolution)


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
