"""Keep documents as they were given out, so that anybody who holds one can have its hash checked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Engine, RowMapping, Select, func, insert, select

from machxa_collector.registry.audit import Entry
from machxa_collector.store import audit
from machxa_collector.store.tables import documents

_columns = documents.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Hold a document as given out: content is JSON, sha256 its hash as it was then; made_at ms since 1970 UTC."""

    pk: int
    kind: str
    unit: str
    subject: str
    made_at: int
    made_by: str
    sha256: str
    content: str


def keep(store: Engine, act: Entry, kind: str, unit: str, subject: str, sha256: str, content: str) -> int:
    """Keep a document with the audit trail's entry; return its number, the known one's if the content is the same."""
    with store.begin() as connection:
        known = connection.execute(select(_columns.pk).where(_columns.sha256 == sha256)).scalar()
        if known is not None:
            return int(known)
        audit.record(connection, act)
        row = {
            "kind": kind,
            "unit": unit,
            "subject": subject,
            "made_at": act.at,
            "made_by": act.actor,
            "sha256": sha256,
            "content": content,
        }
        return int(connection.execute(insert(documents).values(row)).inserted_primary_key[0])  # type: ignore[index] # it has one


def one(store: Engine, pk: int) -> Given | None:
    """Return a document by its number."""
    return _first(store, select(documents).where(_columns.pk == pk))


def by_hash(store: Engine, sha256: str) -> Given | None:
    """Return a document by its hash."""
    return _first(store, select(documents).where(_columns.sha256 == sha256))


def newest(store: Engine, units: Collection[str] | None, kind: str | None, most: int) -> list[Given]:
    """Return the newest documents of units (None: any), perhaps of one kind."""
    query = select(documents).order_by(_columns.pk.desc()).limit(most)
    if units is not None:
        query = query.where(_columns.unit.in_(sorted(units)))
    if kind is not None:
        query = query.where(_columns.kind == kind)
    with store.connect() as connection:
        return [_given(row) for row in connection.execute(query).mappings()]


def numbers(store: Engine, kind: str, unit: str) -> Mapping[str, int]:
    """Return the number of a unit's newest document of a kind about each subject."""
    query = select(_columns.subject, func.max(_columns.pk)).where(_columns.kind == kind, _columns.unit == unit)
    with store.connect() as connection:
        return {subject: int(pk) for subject, pk in connection.execute(query.group_by(_columns.subject))}


def _first(store: Engine, query: Select[tuple[object, ...]]) -> Given | None:
    with store.connect() as connection:
        row = connection.execute(query).mappings().first()
    return None if row is None else _given(row)


def _given(row: RowMapping) -> Given:
    return Given(**row)
