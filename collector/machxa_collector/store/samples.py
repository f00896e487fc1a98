"""Read samples: recent reports and day chunks as one, raw or rolled up."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Engine, select

from machxa_collector.store.chunk import STATS, Chunk, Column, Reading, Stat, merge, roll_up, unpack
from machxa_collector.store.payloads import readings
from machxa_collector.store.tables import chunks, reports
from machxa_wire.records import Series

DAY_MS = 86_400_000
RAW = 0
RESOLUTIONS = (300, 3600)


@dataclass(frozen=True, slots=True)
class Curve:
    """Hold one series over times (ms since 1970 UTC): columns by statistic, "" for raw values."""

    series: Series
    times: tuple[int, ...]
    columns: dict[Stat, Column]


def read(engine: Engine, agent_pk: int, name: str, span: tuple[int, int], resolution: int) -> tuple[Curve, ...]:
    """Return a metric's curves from span[0] up to, not including, span[1] (ms).

    resolution is RAW or one of RESOLUTIONS (seconds). A day in which reports came after it was packed is
    computed from both, so a late report is never missing.
    """
    days = range(span[0] // DAY_MS, -(-span[1] // DAY_MS))
    with engine.connect() as connection:
        parts = [_day(connection, agent_pk, name, day, resolution) for day in _known(connection, agent_pk, days)]
    found: dict[Series, tuple[list[int], dict[Stat, list[int | None]]]] = {}
    for part in parts:
        keep = [index for index, time in enumerate(part.times) if span[0] <= time < span[1]]
        for (series, stat), column in part.columns.items():
            times, columns = found.setdefault(series, ([], {}))
            if stat in ("", STATS[0]):
                times.extend(part.times[index] for index in keep)
            columns.setdefault(stat, []).extend(column[index] for index in keep)
    return tuple(
        Curve(series, tuple(times), {stat: tuple(column) for stat, column in columns.items()})
        for series, (times, columns) in sorted(found.items(), key=lambda pair: pair[0].labels)
        if times
    )


def pending(connection: Connection, agent_pk: int, day: int, names: set[str] | None) -> Chunk:
    """Return what a day's reports hold that is in no chunk yet."""
    columns = reports.c
    query = select(columns.payload, columns.shift_ms, columns.mark).where(
        columns.agent_pk == agent_pk, columns.last_time >= day * DAY_MS, columns.time < (day + 1) * DAY_MS
    )
    rows = connection.execute(query.order_by(columns.last_time, columns.seq))
    return merge(
        Chunk(),
        (
            one
            for payload, shift_ms, mark in rows
            for one in readings(payload, shift_ms, mark, names)
            if one.time // DAY_MS == day
        ),
    )


def _known(connection: Connection, agent_pk: int, days: range) -> list[int]:
    """Return the days of a range in which there is anything, so that a wide range costs what it holds."""
    packed = select(chunks.c.day).where(chunks.c.agent_pk == agent_pk, chunks.c.day.between(days.start, days.stop))
    found = set(connection.execute(packed.distinct()).scalars())
    columns = reports.c
    recent = select(columns.time, columns.last_time).where(
        columns.agent_pk == agent_pk, columns.last_time >= days.start * DAY_MS, columns.time < days.stop * DAY_MS
    )
    for first, last in connection.execute(recent):
        found.update(range(first // DAY_MS, last // DAY_MS + 1))
    return sorted(found & set(days))


def _day(connection: Connection, agent_pk: int, name: str, day: int, resolution: int) -> Chunk:
    late = pending(connection, agent_pk, day, {name})
    if resolution != RAW and not late.times:
        return _packed(connection, agent_pk, day, name, resolution)
    raw = _joined(_packed(connection, agent_pk, day, name, RAW), late)
    return raw if resolution == RAW else roll_up(raw, resolution)


def _packed(connection: Connection, agent_pk: int, day: int, name: str, resolution: int) -> Chunk:
    columns = chunks.c
    query = select(columns.blob).where(
        columns.agent_pk == agent_pk, columns.resolution == resolution, columns.day == day
    )
    blob = connection.execute(query).scalar()
    return Chunk() if blob is None else unpack(blob, {name})


def _joined(packed: Chunk, late: Chunk) -> Chunk:
    if not packed.times or not late.times:
        return packed if packed.times else late
    return merge(packed, as_readings(late))


def as_readings(chunk: Chunk) -> list[Reading]:
    """Return a raw chunk's cells one by one."""
    return [
        Reading(series, time, mark, value)
        for (series, _), column in chunk.columns.items()
        for time, mark, value in zip(chunk.times, chunk.marks, column, strict=True)
    ]
