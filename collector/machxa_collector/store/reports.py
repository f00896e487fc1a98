"""Keep what people report, each once however often it is sent."""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import dataclass

from sqlalchemy import Engine, insert, or_, select, tuple_
from sqlalchemy.exc import IntegrityError

from machxa_collector.registry.audit import Entry
from machxa_collector.registry.people.territory import Territory
from machxa_collector.registry.reports import Told
from machxa_collector.store.acting import acting
from machxa_collector.store.tables import human_reports
from machxa_collector.store.territory import within

UNVERIFIED = "unverified"  # until a later judgement sets it beside what was measured
CONFIRMED = "confirmed"  # a colleague or what was measured stands by it
FIXED = "fixed"  # its reporter said since that the trouble is over; it counts all the same


class KeyTaken(Exception):
    """Say that a key came before with something else told under it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Hold a report as it is kept; times in ms since 1970 UTC. None: not told; unit: its agent stands in none yet."""

    id: str
    unit: str | None
    category: str
    symptom: str | None
    text: str
    at: int
    received_at: int
    source: str
    reporter: str
    state: str
    agent: str | None = None
    device: str | None = None
    system: str | None = None
    stages: str | None = None
    waiting: str | None = None
    began_at: int | None = None
    incident: str | None = None
    confirmed_at: int | None = None
    confirmed_by: str | None = None


def keep(engine: Engine, told: Told, entry: Entry) -> tuple[Report, bool]:
    """Return the report of a key, kept now if it came for the first time, and whether it did; raises KeyTaken.

    entry says who told, for the audit trail.
    """
    digest = _digest(told)
    known = _known(engine, told.key, digest)
    if known is not None:
        return known, False
    at = entry.at if told.at is None else told.at
    row = {
        "id": str(uuid.uuid4()),
        "key": told.key,
        "digest": digest,
        "unit": told.unit,
        "category": told.category.value,
        "symptom": None if told.symptom is None else told.symptom.value,
        "text": told.text,
        "at": at,
        "received_at": entry.at,
        "source": told.source.value,
        "reporter": entry.actor,
        "state": CONFIRMED if told.is_confirmed else UNVERIFIED,
        "device": told.device,
        "system": told.system,
        "stages": told.stages,
        "waiting": told.waiting,
        "incident": told.incident,
        "began_at": None if told.began_seconds is None else at - 1000 * told.began_seconds,
        "confirmed_at": entry.at if told.is_confirmed else None,
        "confirmed_by": entry.actor if told.is_confirmed else None,
    }
    try:
        with acting(engine, entry) as connection:
            connection.execute(insert(human_reports).values(row))
    except IntegrityError:  # sent twice at the same moment
        known = _known(engine, told.key, digest)
        if known is None:
            raise
        return known, False
    return report_of({name: row[name] for name in COLUMNS if name in row}), True


def newest(engine: Engine, territory: Territory, after: tuple[int, str] | None, limit: int) -> tuple[Report, ...]:
    """Return reports of a territory, newest first, after a report's time of arrival and id."""
    columns = human_reports.c
    query = select(*(columns[name] for name in COLUMNS)).where(within(territory, columns.unit))
    if after is not None:
        at, id_ = after
        query = query.where(or_(columns.received_at < at, (columns.received_at == at) & (columns.id > id_)))
    with engine.connect() as connection:
        rows = connection.execute(query.order_by(columns.received_at.desc(), columns.id).limit(limit)).mappings()
        return tuple(report_of(dict(row)) for row in rows)


def unlinked(engine: Engine, since_ms: int, most: int) -> tuple[Report, ...]:
    """Return reports since a moment of no incident that were not called over, those waiting longest first."""
    columns = human_reports.c
    query = select(*(columns[name] for name in COLUMNS)).where(
        columns.received_at >= since_ms, columns.incident.is_(None), columns.state != FIXED
    )
    with engine.connect() as connection:
        rows = connection.execute(query.order_by(columns.received_at, columns.id).limit(most)).mappings()
        return tuple(report_of(dict(row)) for row in rows)


def since(engine: Engine, after: tuple[int, str], until: int | None, most: int) -> tuple[Report, ...]:
    """Return up to ``most`` reports behind a moment of receipt and an id, in that order, until a moment (included)."""
    columns = human_reports.c
    query = select(*(columns[name] for name in COLUMNS)).where(tuple_(columns.received_at, columns.id) > tuple_(*after))
    if until is not None:
        query = query.where(columns.received_at <= until)
    with engine.connect() as connection:
        rows = connection.execute(query.order_by(columns.received_at, columns.id).limit(most)).mappings()
        return tuple(report_of(dict(row)) for row in rows)


def _known(engine: Engine, key: str, digest: bytes) -> Report | None:
    """Return the report of a key, None when there is none; raises KeyTaken."""
    columns = human_reports.c
    query = select(columns.digest, *(columns[name] for name in COLUMNS)).where(columns.key == key)
    with engine.connect() as connection:
        row = connection.execute(query).mappings().first()
    if row is None:
        return None
    if row["digest"] != digest:
        raise KeyTaken
    return report_of({name: row[name] for name in COLUMNS})


def _digest(told: Told) -> bytes:
    symptom = None if told.symptom is None else told.symptom.value
    parts: list[object] = [told.unit, told.category.value, symptom, told.text, told.at, told.source.value]
    more = [told.system, told.stages, told.waiting, told.device, *([told.incident] if told.incident else [])]
    parts += more if any(more) else []
    return hashlib.sha256(json.dumps(parts).encode()).digest()


def report_of(row: dict[str, object]) -> Report:
    """Return the report of a row of COLUMNS."""
    return Report(**row)  # type: ignore[arg-type] # the columns are those of the dataclass


COLUMNS = (
    "id", "unit", "category", "symptom", "text", "at", "received_at", "source", "reporter", "state", "device", "system",
    "stages", "waiting", "agent", "began_at", "incident", "confirmed_at", "confirmed_by",
)  # fmt: skip
