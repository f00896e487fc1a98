"""Lay rows and counts of a file over those that hold: newer ones replace, equal ones stay, and all can be taken back.

Everything is within the caller's transaction; the caller holds the one that writes dossiers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter

from sqlalchemy import ColumnElement, Connection, Engine, Table, bindparam, delete, func, insert, select, tuple_, update

from machxa_collector.store.dossiers.words import Kind
from machxa_collector.store.tables import dossier_counts, dossier_imports, dossiers

Values = tuple[object, ...]

ROW_COLUMNS = (
    "number", "unit", "grp", "received_at", "due_at", "extended_at", "released_at", "finished_at", "done_at", "online",
    "status",
)  # fmt: skip
COUNT_COLUMNS = (
    "unit", "field", "day", "grp", "received", "online", "released", "early", "on_time", "late", "open_in_time",
    "open_late", "paused", "waiting", "saturday",
)  # fmt: skip
_ROW_KEY, _COUNT_KEY = 1, 3  # so many columns, from the first, make the key beside source and import
_AT_ONCE = 5_000
_KEYS_AT_ONCE = {1: 5_000, 3: 1_000}  # SQLite takes 32,766 values in a query


@dataclass(slots=True, kw_only=True)
class Merged:
    """Count what became of rows: older ones met a newer file's and were left."""

    new: int = 0
    replaced: int = 0
    same: int = 0
    older: int = 0

    @property
    def total(self) -> int:
        """Return how many rows there were."""
        return self.new + self.replaced + self.same + self.older

    def add(self, other: Merged) -> None:
        """Count another part."""
        self.new += other.new
        self.replaced += other.replaced
        self.same += other.same
        self.older += other.older


def merge_rows(
    connection: Connection, source: int, import_pk: int, as_of: int | None, rows: Iterable[Values]
) -> Iterator[Merged]:
    """Lay rows, values of ROW_COLUMNS with each number once, over a source's; give what became of each portion."""
    yield from _merged(connection, dossiers, ROW_COLUMNS, _ROW_KEY, (source, import_pk, as_of), rows)


def merge_counts(
    connection: Connection, source: int, import_pk: int, as_of: int | None, counts: Iterable[Values]
) -> Iterator[Merged]:
    """Lay counts, values of COUNT_COLUMNS with each unit, field and day once, over a source's."""
    yield from _merged(connection, dossier_counts, COUNT_COLUMNS, _COUNT_KEY, (source, import_pk, as_of), counts)


def compare(connection: Connection, kind: Kind, source: int, as_of: int | None, values: Iterable[Values]) -> Merged:
    """Return what merging would come to; nothing is written."""
    table, columns, key = (
        (dossiers, ROW_COLUMNS, _ROW_KEY) if kind is Kind.ROWS else (dossier_counts, COUNT_COLUMNS, _COUNT_KEY)
    )
    told = Merged()
    for part in _merged(connection, table, columns, key, (source, None, as_of), values):
        told.add(part)
    return told


def take_back(connection: Connection, import_pk: int) -> tuple[int, int]:
    """Remove what an import brought, and let hold again what it replaced; return how many of each.

    Right for the newest import of a source only: what a later one found the same it did not write again.
    """
    removed = restored = 0
    for table in (dossiers, dossier_counts):
        removed += connection.execute(delete(table).where(table.c.import_pk == import_pk)).rowcount
        again = update(table).where(table.c.replaced_by == import_pk).values(replaced_by=None)
        restored += connection.execute(again).rowcount
    return removed, restored


def count_rows(engine: Engine) -> int:
    """Return how many dossiers hold now; of an import that is not done there should be none."""
    with engine.connect() as connection:
        query = select(func.count()).select_from(dossiers).where(dossiers.c.replaced_by.is_(None))
        return int(connection.execute(query).scalar() or 0)


def _merged(
    connection: Connection,
    table: Table,
    columns: Sequence[str],
    key: int,
    place: tuple[int, int | None, int | None],
    rows: Iterable[Values],
) -> Iterator[Merged]:
    source, import_pk, as_of = place
    known = connection.execute(select(dossier_imports.c.pk, dossier_imports.c.as_of))
    ages: Mapping[int, int | None] = {pk: age for pk, age in known}  # noqa: C416 - dict() does not take rows by their types
    is_first = connection.execute(select(table.c.source).where(table.c.source == source).limit(1)).first() is None
    writer = _Writer(connection, table, columns, key)
    coming = iter(rows)
    while portion := list(islice(coming, _KEYS_AT_ONCE[key])):
        there = {} if is_first else _there(connection, table, columns, key, source, portion)
        told, written, replaced = Merged(), [], []
        for row in portion:
            before = there.get(row[:key])
            if before is None:
                told.new += 1
            elif before[1:] == row:
                told.same += 1
                continue
            elif _is_older(as_of, ages.get(int(str(before[0])))):
                told.older += 1
                continue
            else:
                told.replaced += 1
                replaced.append((import_pk, source, *row[:key], before[0]))
            written.append((source, *row[:key], import_pk, *row[key:]))
        if import_pk is not None:
            writer.write(written, replaced)
        yield told


def _is_older(as_of: int | None, before: int | None) -> bool:
    return as_of is not None and before is not None and as_of < before


def _there(
    connection: Connection, table: Table, columns: Sequence[str], key: int, source: int, rows: Sequence[Values]
) -> Mapping[Values, Values]:
    """Return what holds under the keys of some rows: the import's number, then the values of columns."""
    keys = [table.c[name] for name in columns[:key]]
    chosen: ColumnElement[bool] = (
        keys[0].in_([row[0] for row in rows]) if key == 1 else tuple_(*keys).in_([row[:key] for row in rows])
    )
    query = select(table.c.import_pk, *(table.c[name] for name in columns)).where(
        table.c.source == source, table.c.replaced_by.is_(None), chosen
    )
    took = itemgetter(*range(1, key + 1))
    found = [tuple(row) for row in connection.execute(query)]
    return {took(row) if key > 1 else (took(row),): row for row in found}


class _Writer:
    """Write many rows by the driver's own hand: values pass a million times, and need no one to look at each."""

    def __init__(self, connection: Connection, table: Table, columns: Sequence[str], key: int) -> None:
        self._connection = connection
        names = ("source", *columns[:key], "import_pk", *columns[key:])  # as the table has them: none is moved
        self._insert = insert(table).values({name: bindparam(name) for name in names}), names
        keys = ("source", *columns[:key], "import_pk")
        where = [table.c[name] == bindparam(f"the_{name}") for name in keys]
        update_names = ("new_import", *(f"the_{name}" for name in keys))
        self._update = update(table).where(*where).values(replaced_by=bindparam("new_import")), update_names

    def write(self, written: list[Values], replaced: list[Values]) -> None:
        for (statement, names), rows in ((self._update, replaced), (self._insert, written)):
            if not rows:
                continue
            compiled = statement.compile(dialect=self._connection.dialect)
            if compiled.positional:
                order = [names.index(name) for name in compiled.positiontup or ()]
                ready = rows if order == sorted(order) else [tuple(row[at] for at in order) for row in rows]
                self._connection.exec_driver_sql(str(compiled), ready)
            else:
                self._connection.execute(statement, [dict(zip(names, row, strict=True)) for row in rows])
