"""Pack the reports of closed days into day chunks with their roll-ups, and forget what is too old."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    Table,
    bindparam,
    delete,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.exc import SQLAlchemyError

from machxa_collector import crash
from machxa_collector.store.chunk import Chunk, between, merge, roll_up
from machxa_collector.store.packing import pack
from machxa_collector.store.payloads import readings
from machxa_collector.store.samples import DAY_MS, RAW, RESOLUTIONS, packed_day
from machxa_collector.store.sinks import waits_for
from machxa_collector.store.tables import agents, chunks, facts, quarantine, reports
from machxa_collector.store.upsert import upsert
from machxa_wire.refusal import Reason, Refused

logger = logging.getLogger(__name__)

GRACE_MS = 2 * 3_600_000  # a day is closed two hours after its end; what comes later is added to its chunk
KEPT_DAYS = {RAW: 35, 300: 400, 3600: 5 * 366}

_REPORTS_AT_ONCE = 300  # a PC's day
_VALUES_AT_ONCE = 250_000  # bounds the memory of one step, whatever reports hold
_KEYS_AT_ONCE = 200
_KEPT_BYTES = 4096
_DETAIL_CHARACTERS = 200

_Key = tuple[int, int]  # stream_pk, seq


class _Span(NamedTuple):
    """Bound what is packed: what ended before a moment and was received until another."""

    ended_before: int
    received_until: int


class _Agent(NamedTuple):
    pk: int
    id: str


@dataclass(slots=True)
class _Taken:
    keys: list[_Key] = field(default_factory=list)
    parts: list[Chunk] = field(default_factory=list)
    unreadable: list[tuple[bytes, Refused]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Compacted:
    """Say what one run did."""

    reports: int
    days: int


def compact(engine: Engine, now_ms: int) -> Compacted:
    """Pack every report that ended before the last closed day's end, about a day of one agent at a time.

    Each step is one transaction that writes the chunks and deletes the reports it packed, so it can be cut
    off anywhere. A step that finds one of its reports gone (a second run beside it) leaves everything as it was. What a
    sink has not safely taken yet stays, a week at most.
    """
    end = _first_open(now_ms) * DAY_MS
    wanted = waits_for(engine, now_ms)
    span = _Span(end, now_ms if wanted is None else wanted)
    with engine.connect() as connection:
        known = [_Agent(*row) for row in connection.execute(_with_reports(span))]
    done = Compacted(0, 0)
    for agent in known:
        try:
            while (step := _step(engine, agent, span, now_ms)) is not None:
                done = Compacted(done.reports + step.reports, done.days + step.days)
        except SQLAlchemyError:
            raise
        except Exception:  # one agent's defect must not keep the others' reports from being packed
            logger.exception("the reports of agent %s cannot be packed and stay as they are", agent.id)
    return done


def first_unpacked(engine: Engine, now_ms: int) -> int:
    """Return the first day, counted from 1970 UTC, of which an ordinary report may not be packed yet."""
    wanted = waits_for(engine, now_ms)
    return _first_open(now_ms if wanted is None else min(now_ms, wanted))


def retain(engine: Engine, now_ms: int) -> int:
    """Delete chunks older than their resolution is kept, and facts that only repeat; return how many chunks.

    What is older than its agent's enrolment was stamped by a wrong clock in a boot that was never heard: how old it
    is nobody knows, so it stays.

    Agents send their facts daily. Of each run of equal ones the first stays, which says since when, and the
    agent's newest, which says how old that knowledge is; the ledger knows all of them.
    """
    today = now_ms // DAY_MS
    deleted = 0
    each_agent = chunks.c.agent_pk.in_(select(agents.c.pk))  # takes the primary key; a scan would hold up the intake
    enrolled_day = (
        select(agents.c.enrolled_at // DAY_MS)
        .where(agents.c.pk == chunks.c.agent_pk)
        .correlate(chunks)
        .scalar_subquery()
    )
    with engine.connect() as connection:
        repeated = [(stream_pk, seq) for stream_pk, seq in connection.execute(_repeated_facts())]
        connection.rollback()
        for resolution, kept in KEPT_DAYS.items():
            with connection.begin():
                old = delete(chunks).where(each_agent, chunks.c.resolution == resolution, chunks.c.day < today - kept)
                old = old.where(chunks.c.day >= enrolled_day - 1)
                deleted += connection.execute(old).rowcount
        for start in range(0, len(repeated), _KEYS_AT_ONCE):
            with connection.begin():
                _delete(connection, facts, repeated[start : start + _KEYS_AT_ONCE])
    return deleted


def _with_reports(span: _Span) -> Select[int, str]:
    """Ask who has something to pack: in most turns nobody, and asking each agent's step costs seconds for a country."""
    waits = select(literal(1)).where(reports.c.agent_pk == agents.c.pk, *_packable(span)).exists()
    return select(agents.c.pk, agents.c.id).where(waits)


def _packable(span: _Span) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return reports.c.last_time < span.ended_before, reports.c.received_at <= span.received_until


def _first_open(now_ms: int) -> int:
    return (now_ms - GRACE_MS) // DAY_MS


def _repeated_facts() -> Select[int, int]:
    columns = facts.c
    order = (columns.received_at, columns.stream_pk, columns.seq)
    told = select(
        columns.stream_pk,
        columns.seq,
        columns.digest,
        func.lag(columns.digest).over(partition_by=columns.agent_pk, order_by=order).label("before"),
        func.lead(columns.seq).over(partition_by=columns.agent_pk, order_by=order).label("later"),
    ).subquery()
    return select(told.c.stream_pk, told.c.seq).where(told.c.digest == told.c.before, told.c.later.is_not(None))


def _step(engine: Engine, agent: _Agent, span: _Span, now_ms: int) -> Compacted | None:
    """Pack some of an agent's reports; None when there are none left."""
    columns = reports.c
    query = (
        select(columns.stream_pk, columns.seq, columns.payload, columns.shift_ms, columns.mark)
        .where(columns.agent_pk == agent.pk, *_packable(span))
        .order_by(columns.last_time, columns.stream_pk, columns.seq)
        .limit(_REPORTS_AT_ONCE)
    )
    with engine.connect() as connection:
        taken = _within_bounds(tuple(row) for row in connection.execute(query))
        if not taken.keys:
            return None
        by_day = _by_day(taken.parts)
        blobs = [blob for day, found in by_day.items() for blob in _blobs(connection, agent.pk, day, found)]
        connection.rollback()
        with connection.begin() as transaction:
            for day, resolution, blob in blobs:
                key = {"agent_pk": agent.pk, "resolution": resolution, "day": day}
                upsert(connection, chunks, key, {"blob": blob})
            for payload, refused in taken.unreadable:
                connection.execute(insert(quarantine).values(_set_aside(agent, payload, refused, now_ms)))
            if _delete(connection, reports, taken.keys) != len(taken.keys):
                transaction.rollback()
                return Compacted(0, 0)
            crash.reached("in_compaction_before_commit")
    return Compacted(len(taken.keys), len(by_day))


def _within_bounds(rows: Iterable[tuple[int, int, bytes, int, int]]) -> _Taken:
    """Return the first reports, at least one, that together hold no more values than a step may."""
    taken = _Taken()
    values = 0
    for stream_pk, seq, payload, shift_ms, mark in rows:
        try:
            part = readings(payload, shift_ms, mark)
        except Refused as refused:
            taken.unreadable.append((payload, refused))
        else:
            values += len(part.times) * len(part.columns)
            if taken.keys and values > _VALUES_AT_ONCE:
                break
            taken.parts.append(part)
        taken.keys.append((stream_pk, seq))
    return taken


def _set_aside(agent: _Agent, payload: bytes, refused: Refused, now_ms: int) -> dict[str, object]:
    logger.error("a stored report of agent %s cannot be read and is set aside: %s", agent.id, refused)
    return {
        "at": now_ms,
        "topic": "",
        "agent": agent.id,
        "reason": Reason.INTERNAL.value,
        "detail": f"stored report: {refused}"[:_DETAIL_CHARACTERS],
        "size": len(payload),
        "payload": payload[:_KEPT_BYTES],
    }


def _by_day(parts: list[Chunk]) -> dict[int, list[Chunk]]:
    by_day: dict[int, list[Chunk]] = {}
    for part in parts:
        for day in range(part.times[0] // DAY_MS, part.times[-1] // DAY_MS + 1):
            found = between(part, day * DAY_MS, (day + 1) * DAY_MS)
            if found.times:
                by_day.setdefault(day, []).append(found)
    return by_day


def _blobs(connection: Connection, agent_pk: int, day: int, found: list[Chunk]) -> list[tuple[int, int, bytes]]:
    raw = merge(packed_day(connection, agent_pk, day, None, RAW), *found)
    rolled = [(day, resolution, pack(roll_up(raw, resolution))) for resolution in RESOLUTIONS]
    return [(day, RAW, pack(raw)), *rolled]


def _delete(connection: Connection, table: Table, keys: list[_Key]) -> int:
    """Delete rows one by one and return how many were there: for a list of key pairs SQLite scans the table."""
    one = delete(table).where(table.c.stream_pk == bindparam("stream"), table.c.seq == bindparam("number"))
    return connection.execute(one, [{"stream": stream_pk, "number": seq} for stream_pk, seq in keys]).rowcount
