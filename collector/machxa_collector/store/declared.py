"""Keep the extra sessions that a unit's own people declare, each an act of the registry that they can take back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine, select

from machxa_collector.registry.records import SEPARATOR, Record
from machxa_collector.store import audit, records
from machxa_collector.store.record_acts import Act, entry_of
from machxa_collector.store.record_undo import undo
from machxa_collector.store.tables import batches, calendars, changes

_KIND, _NOTE = "calendars", "declared on the unit's own page"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraSession:
    """Hold a declared session; batch takes it back, None where the registry's keepers wrote it."""

    day: date
    hours: tuple[str, ...]
    reason: str
    batch: str | None


def declare(store: Engine, unit: str, day: date, hours: str, reason: str, act: Act) -> str:
    """Write an extra session of one day; return the act's id. Raises Refused for hours that can be none."""
    record: Record = {
        "owner": unit,
        "rule": "extra",
        "valid_from": day,
        "valid_to": day,
        "weekdays": (),
        "sessions": (hours,),
        "name": reason,
        "source": reason,
        "confidence": "confirmed",
    }
    act = Act(actor=act.actor, at_ms=act.at_ms, note=_NOTE, origin=act.origin)
    with store.begin() as connection:
        batch = records.apply(connection, _KIND, act, creates=[record])
        audit.record(connection, entry_of(act, batch))
    return batch.id


def take_back(store: Engine, batch: str, act: Act) -> None:
    """Take a declared session back. Raises Conflict when it was changed since, Refused when it was taken back."""
    act = Act(actor=act.actor, at_ms=act.at_ms, action="undo", origin=act.origin)
    with store.begin() as connection:
        done = undo(connection, batch, act)
        audit.record(connection, entry_of(act, done, undone=batch))


def owner_of(store: Engine, batch: str) -> str | None:
    """Return the unit that declared a session by this act, None where it was none or is taken back."""
    query = select(changes.c.after).join(batches, batches.c.id == changes.c.batch)
    query = query.where(batches.c.id == batch, batches.c.note == _NOTE, batches.c.undone_by.is_(None))
    with store.connect() as connection:
        after = connection.execute(query).scalar()
    return None if after is None else str(json.loads(after)["owner"])


def upcoming(store: Engine, unit: str, first: date, most: int) -> list[ExtraSession]:
    """Return a unit's extra sessions of single days from one on, in their order."""
    columns = calendars.c
    query = select(columns.id, columns.valid_from, columns.sessions, columns.name, columns.source)
    query = query.where(
        columns.owner == unit,
        columns.rule == "extra",
        columns.valid_from >= first,
        columns.valid_to == columns.valid_from,
    )
    made = select(changes.c.record, changes.c.batch).join(batches, batches.c.id == changes.c.batch)
    made = made.where(batches.c.note == _NOTE, batches.c.undone_by.is_(None), changes.c.kind == _KIND)
    with store.connect() as connection:
        rows = connection.execute(query.order_by(columns.valid_from, columns.id).limit(most)).mappings().all()
        found = connection.execute(made.where(changes.c.record.in_([row["id"] for row in rows])))
        mine = {row.record: row.batch for row in found}
    return [
        ExtraSession(
            day=row["valid_from"],
            hours=tuple(row["sessions"].split(SEPARATOR)),
            reason=row["name"] or row["source"],
            batch=mine.get(row["id"]),
        )
        for row in rows
    ]
