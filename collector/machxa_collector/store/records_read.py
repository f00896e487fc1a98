"""Read the registry's records: one, a page of them by place and text, and how many there are."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, Select, func, or_, select, true, tuple_

from machxa_collector.registry.records import RecordKind
from machxa_collector.registry.units.fold import fold
from machxa_collector.store.asset_acts import ASSETS
from machxa_collector.store.record_rows import Stored, parts, record_of, table_of, values_of

_AT_ONCE = 1_000  # rows read while looking for text
_MORE_TEXT = {ASSETS: ("code", "serial"), "units": ("code", "old_names"), "calendars": ("owner",)}

Key = tuple[str, str]  # place and id: the order of a list


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Choose records: those whose place is one of these (None: any), with every word of a text in their names.

    with_nowhere: those without a place are chosen too. Words need no diacritics and may be parts of words.
    """

    places: Collection[str] | None = None
    with_nowhere: bool = False
    text: str = ""


EVERY = Filter()


def get(engine: Engine, kind: RecordKind, record_id: str) -> Stored | None:
    """Return a record, None when there is none of this id; an asset that was merged away is none."""
    table = table_of(kind)
    query = select(table).where(table.c.id == record_id, _there(kind))
    with engine.connect() as connection:
        row = connection.execute(query).mappings().first()
    return None if row is None else _stored(kind, row)


def get_many(engine: Engine, kind: RecordKind, ids: Collection[str]) -> dict[str, Stored]:
    """Return the records of these ids that there are, even merged ones: their history still names them."""
    table = table_of(kind)
    found: dict[str, Stored] = {}
    with engine.connect() as connection:
        for part in parts(sorted(ids)):
            for row in connection.execute(select(table).where(table.c.id.in_(part))).mappings():
                found[row["id"]] = _stored(kind, row)
    return found


def page(engine: Engine, kind: RecordKind, chosen: Filter, after: Key | None, most: int) -> tuple[Stored, ...]:
    """Return up to ``most`` records behind a key, in the order of their places and ids; those of no place first."""
    found: list[Stored] = []
    with engine.connect() as connection:
        for row in _walk(connection, kind, chosen, after, most):
            found.append(_stored(kind, row))
            if len(found) == most:
                break
    return tuple(found)


def every(engine: Engine, kind: RecordKind, chosen: Filter = EVERY) -> Iterator[Stored]:
    """Give all records that are chosen, as they stood at one moment, in the order of their places and ids."""
    with engine.connect() as connection:
        query = _chosen(kind, chosen).order_by(_place(kind), table_of(kind).c.id)
        fits = _looked_for(kind, chosen.text)
        for row in connection.execution_options(yield_per=_AT_ONCE).execute(query).mappings():
            if fits(row):
                yield _stored(kind, row)


def count(engine: Engine, kind: RecordKind, chosen: Filter = EVERY) -> int:
    """Return how many records are chosen; with a text every one of them is looked at."""
    if chosen.text.strip():
        return sum(1 for _ in every(engine, kind, chosen))
    query = _chosen(kind, chosen).with_only_columns(func.count(), maintain_column_froms=True)
    with engine.connect() as connection:
        return connection.execute(query).scalar_one()


def key_of(kind: RecordKind, stored: Stored) -> Key:
    """Return where a record stands in a list."""
    return str(stored.record[kind.place] or ""), stored.id


def _walk(
    connection: Connection, kind: RecordKind, chosen: Filter, after: Key | None, most: int
) -> Iterator[RowMapping]:
    """Give the rows that fit, reading on only while more are asked for."""
    table, place = table_of(kind), _place(kind)
    fits = _looked_for(kind, chosen.text)
    at_once = _AT_ONCE if chosen.text.strip() else most
    while True:
        query = _chosen(kind, chosen).order_by(place, table.c.id).limit(at_once)
        if after is not None:
            query = query.where(tuple_(place, table.c.id) > tuple_(*after))
        rows = connection.execute(query).mappings().all()
        yield from filter(fits, rows)
        if len(rows) < at_once:
            return
        after = (str(rows[-1][kind.place] or ""), rows[-1]["id"])


def _chosen(kind: RecordKind, chosen: Filter) -> Select[tuple[object, ...]]:
    table = table_of(kind)
    query = select(table).where(_there(kind))
    if chosen.places is not None:
        within: list[ColumnElement[bool]] = [table.c[kind.place].in_(sorted(chosen.places))]
        if chosen.with_nowhere:
            within.append(table.c[kind.place].is_(None))
        query = query.where(or_(*within))
    return query


def _there(kind: RecordKind) -> ColumnElement[bool]:
    table = table_of(kind)
    return table.c.merged_into.is_(None) if kind.name == ASSETS else true()


def _place(kind: RecordKind) -> ColumnElement[str]:
    column: ColumnElement[str] = table_of(kind).c[kind.place]
    return func.coalesce(column, "") if kind.name == ASSETS else column


class _looked_for:  # noqa: N801 - called like a function
    """Tell whether a row has every word looked for."""

    def __init__(self, kind: RecordKind, text: str) -> None:
        self._names = (*kind.title, *_MORE_TEXT.get(kind.name, ()))
        self._words = tuple(fold(text).split())

    def __call__(self, row: RowMapping) -> bool:
        if not self._words:
            return True
        said = quick_fold(" ".join(str(row[name]) for name in self._names if row[name]))
        return all(word in said for word in self._words)


def quick_fold(text: str) -> str:
    """Return what `fold` does of Vietnamese text, in a tenth of its time; other scripts may keep their marks."""
    return unicodedata.normalize("NFC", text.lower()).translate(_BARE)


def _stored(kind: RecordKind, row: RowMapping) -> Stored:
    return Stored(row["id"], record_of(kind, values_of(kind, row)))


_BARE = {
    number: folded
    for number in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))
    if len(folded := fold(chr(number))) == 1 and folded != chr(number)
}
