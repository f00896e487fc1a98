"""Read what was done to the registry's records: acts, what each changed, and what became of one record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Engine, Row, RowMapping, and_, or_, select, tuple_

from machxa_collector.registry.records import RecordKind, Value
from machxa_collector.store.record_acts import Batch
from machxa_collector.store.record_rows import kind_of, of_json, table_of
from machxa_collector.store.records_read import Filter, lies_in
from machxa_collector.store.tables import batches
from machxa_collector.store.tables import changes as history

Diff = Mapping[str, Value] | None


@dataclass(frozen=True, slots=True)
class Event:
    """Hold what one act did to one record: the fields that differ. before None: it was made, after None: removed."""

    pk: int
    batch: Batch
    record: str
    before: Diff
    after: Diff


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Choose the acts that somebody may see: their own, those on some kinds, and those that touched some places.

    places: for each other kind the records chosen; only a record that still is there tells where it lies.
    """

    actor: str
    kinds: frozenset[str]
    places: Mapping[str, Filter]


def one_batch(engine: Engine, batch_id: str) -> Batch | None:
    """Return an act, None when there is none of this id."""
    with engine.connect() as connection:
        row = connection.execute(select(batches).where(batches.c.id == batch_id)).mappings().first()
    return None if row is None else batch_of(row)


def is_seen(engine: Engine, batch_id: str, seen: Seen) -> bool:
    """Return whether an act may be seen."""
    with engine.connect() as connection:
        return connection.execute(select(batches.c.id).where(batches.c.id == batch_id, _seen(seen))).first() is not None


def list_batches(
    engine: Engine, kind: str | None, before: tuple[int, str] | None, most: int, seen: Seen | None = None
) -> tuple[Batch, ...]:
    """Return acts, newest first, beginning after the key ``before`` (time, id).

    kind None: of all kinds; seen None: by whomever and wherever.
    """
    query = select(batches).order_by(batches.c.at.desc(), batches.c.id.desc()).limit(most)
    if seen is not None:
        query = query.where(_seen(seen))
    if kind is not None:
        query = query.where(batches.c.kind == kind)
    if before is not None:
        query = query.where(tuple_(batches.c.at, batches.c.id) < tuple_(*before))
    with engine.connect() as connection:
        return tuple(batch_of(row) for row in connection.execute(query).mappings())


def batch_events(
    engine: Engine, batch: Batch, after: int, most: int, chosen: Filter | None = None
) -> tuple[Event, ...]:
    """Return what an act did, record by record in the order it did it, behind the change of this number.

    chosen: only what it did to records that lie there now, and to those that are no more.
    """
    query = select(history).where(history.c.batch == batch.id, history.c.pk > after).order_by(history.c.pk).limit(most)
    if chosen is not None:
        kind = kind_of(batch.kind)
        there = table_of(kind)
        query = query.outerjoin(there, there.c.id == history.c.record)
        query = query.where(or_(there.c.id.is_(None), lies_in(kind, chosen)))
    with engine.connect() as connection:
        return tuple(_event(row, batch) for row in connection.execute(query))


def record_events(engine: Engine, kind: RecordKind, record_id: str, before: int | None, most: int) -> tuple[Event, ...]:
    """Return what became of a record, newest first, older than the change of this number (None: from the newest)."""
    query = select(history).where(history.c.kind == kind.name, history.c.record == record_id)
    query = query.order_by(history.c.pk.desc()).limit(most)
    if before is not None:
        query = query.where(history.c.pk < before)
    with engine.connect() as connection:
        rows = connection.execute(query).all()
        acts = select(batches).where(batches.c.id.in_({row.batch for row in rows}))
        told = {row["id"]: batch_of(row) for row in connection.execute(acts).mappings()}
    return tuple(_event(row, told[row.batch]) for row in rows)


def batch_of(row: RowMapping) -> Batch:
    """Return a row of the acts."""
    return Batch(
        id=row["id"],
        at_ms=row["at"],
        actor=row["actor"],
        action=row["action"],
        kind=row["kind"],
        note=row["note"],
        file_sha256=row["file_sha256"],
        created=row["created"],
        changed=row["changed"],
        removed=row["removed"],
        undone_by=row["undone_by"],
    )


def _seen(seen: Seen) -> ColumnElement[bool]:
    touched = [
        and_(
            batches.c.kind == name,
            select(history.c.pk)
            .join(table_of(kind_of(name)), table_of(kind_of(name)).c.id == history.c.record)
            .where(history.c.batch == batches.c.id, lies_in(kind_of(name), chosen))
            .exists(),
        )
        for name, chosen in seen.places.items()
    ]
    return or_(batches.c.actor == seen.actor, batches.c.kind.in_(sorted(seen.kinds)), *touched)


def _event(row: Row[tuple[object, ...]], batch: Batch) -> Event:
    kind = kind_of(row.kind)
    before = None if row.before is None else of_json(kind, row.before)
    after = None if row.after is None else of_json(kind, row.after)
    return Event(row.pk, batch, row.record, before, after)
