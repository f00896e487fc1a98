"""Pack the reports of closed days into day chunks with their roll-ups, and forget what is too old."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, delete, select, tuple_

from machxa_collector import crash
from machxa_collector.store.chunk import Chunk, Reading, merge, pack, roll_up, unpack
from machxa_collector.store.payloads import readings
from machxa_collector.store.samples import DAY_MS, RAW, RESOLUTIONS
from machxa_collector.store.tables import chunks, reports
from machxa_collector.store.upsert import upsert

GRACE_MS = 2 * 3_600_000  # a day is closed two hours after its end; what comes later is added to its chunk
_REPORTS_AT_ONCE = 1000

KEPT_DAYS = {RAW: 35, 300: 400, 3600: 5 * 366}


@dataclass(frozen=True, slots=True)
class Compacted:
    """Say what one run did."""

    reports: int
    days: int


def compact(engine: Engine, now_ms: int) -> Compacted:
    """Pack every report that ended before the last closed day's end, a thousand of one agent at a time.

    Each step is one transaction that writes the chunks and deletes the reports it packed.
    """
    end = (now_ms - GRACE_MS) // DAY_MS * DAY_MS
    packed = days = 0
    while True:
        with engine.begin() as connection:
            agent_pk = connection.execute(select(reports.c.agent_pk).where(reports.c.last_time < end).limit(1)).scalar()
            if agent_pk is None:
                return Compacted(packed, days)
            step = _pack_some(connection, agent_pk, end)
            crash.reached("in_compaction_before_commit")
        packed, days = packed + step.reports, days + step.days


def retain(engine: Engine, now_ms: int) -> int:
    """Delete chunks older than their resolution is kept; return how many."""
    today = now_ms // DAY_MS
    deleted = 0
    with engine.begin() as connection:
        for resolution, kept in KEPT_DAYS.items():
            old = delete(chunks).where(chunks.c.resolution == resolution, chunks.c.day < today - kept)
            deleted += connection.execute(old).rowcount
    return deleted


def _pack_some(connection: Connection, agent_pk: int, end: int) -> Compacted:
    columns = reports.c
    query = (
        select(columns.stream_pk, columns.seq, columns.payload, columns.shift_ms, columns.mark)
        .where(columns.agent_pk == agent_pk, columns.last_time < end)
        .order_by(columns.last_time)
        .limit(_REPORTS_AT_ONCE)
    )
    rows = connection.execute(query).all()
    by_day: dict[int, list[Reading]] = defaultdict(list)
    for row in rows:
        for one in readings(row.payload, row.shift_ms, row.mark):
            by_day[one.time // DAY_MS].append(one)
    for day, found in by_day.items():
        _write_day(connection, agent_pk, day, found)
    keys = [(row.stream_pk, row.seq) for row in rows]
    for start in range(0, len(keys), 200):
        part = keys[start : start + 200]
        connection.execute(delete(reports).where(tuple_(columns.stream_pk, columns.seq).in_(part)))
    return Compacted(len(rows), len(by_day))


def _write_day(connection: Connection, agent_pk: int, day: int, found: list[Reading]) -> None:
    columns = chunks.c
    query = select(columns.blob).where(columns.agent_pk == agent_pk, columns.resolution == RAW, columns.day == day)
    blob = connection.execute(query).scalar()
    raw = merge(Chunk() if blob is None else unpack(blob), found)
    for resolution in (RAW, *RESOLUTIONS):
        packed = pack(raw if resolution == RAW else roll_up(raw, resolution))
        upsert(connection, chunks, {"agent_pk": agent_pk, "resolution": resolution, "day": day}, {"blob": packed})
