"""Keep the files that stand behind prices and assets; one that was taken away stays, marked so."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Engine, RowMapping, insert, or_, select, update

from machxa_collector.registry.attachments import Attachment
from machxa_collector.registry.audit import Entry
from machxa_collector.registry.people.territory import Territory
from machxa_collector.store import audit
from machxa_collector.store.tables import assets, planning_files
from machxa_collector.store.territory import within

MOST = 12  # files of one subject
_columns = planning_files.c
_ABOUT = tuple(column for column in _columns if column.name != "content")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Say of a file what it stands behind, what it is, and who added it when (ms since 1970 UTC)."""

    pk: int
    subject: str
    name: str
    media_type: str
    sha256: str
    size: int
    added_at: int
    added_by: str


class Full(Exception):
    """Say that a subject has as many files as it may."""


def unit_of(store: Engine, territory: Territory, asset: str) -> str | None:
    """Return where an asset of a territory stands, None where it has none of this id, or it stands nowhere."""
    query = select(assets.c.unit).where(assets.c.id == asset, within(territory, assets.c.unit))
    with store.connect() as connection:
        return connection.execute(query).scalar()


def keep(store: Engine, subject: str, unit: str | None, file: Attachment, act: Entry) -> int:
    """Keep a file behind a subject; return its number, that of the same file where it is there. Raises Full."""
    holding = select(_columns.pk, _columns.sha256).where(_columns.subject == subject, _columns.removed_at.is_(None))
    with store.begin() as connection:
        there = connection.execute(holding).all()
        for pk, sha256 in there:
            if sha256 == file.sha256:
                return int(pk)
        if len(there) >= MOST:
            raise Full
        added = insert(planning_files).values(
            subject=subject,
            unit=unit,
            name=file.name,
            media_type=file.media_type,
            sha256=file.sha256,
            size=len(file.content),
            content=file.content,
            added_at=act.at,
            added_by=act.actor,
        )
        number = int(connection.execute(added.returning(_columns.pk)).scalar_one())
        audit.record(connection, act)
    return number


def of(store: Engine, territory: Territory, subjects: Collection[str]) -> tuple[Kept, ...]:
    """Return the files behind subjects that a territory may see, in the order of their coming."""
    query = select(*_ABOUT).where(_columns.subject.in_(sorted(subjects)), _seen(territory))
    with store.connect() as connection:
        return tuple(_read(row) for row in connection.execute(query.order_by(_columns.pk)).mappings())


def content(store: Engine, territory: Territory, pk: int) -> tuple[Kept, bytes] | None:
    """Return a file with its bytes, None where the territory has none of this number."""
    query = select(*_ABOUT, _columns.content).where(_columns.pk == pk, _seen(territory))
    with store.connect() as connection:
        row = connection.execute(query).mappings().first()
    return None if row is None else (_read(row), row["content"])


def take_away(store: Engine, territory: Territory, pk: int, act: Entry) -> bool:
    """Let a file stand behind nothing any longer; return whether the territory had it."""
    gone = update(planning_files).where(_columns.pk == pk, _seen(territory)).values(removed_at=act.at)
    with store.begin() as connection:
        if not connection.execute(gone).rowcount:
            return False
        audit.record(connection, act)
    return True


def _seen(territory: Territory) -> ColumnElement[bool]:
    """Return what a territory may see: files of its units, and those behind the province's prices."""
    return _columns.removed_at.is_(None) & or_(_columns.unit.is_(None), within(territory, _columns.unit))


def _read(row: RowMapping) -> Kept:
    return Kept(**{name: row[name] for name in Kept.__dataclass_fields__})
