"""Read the registry's records: one, a page of them by place and text, and how many there are."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, Select, and_, func, or_, select, true, tuple_

from machxa_collector.registry.records import Record, RecordKind
from machxa_collector.registry.units.fold import fold
from machxa_collector.store.asset_acts import ASSETS
from machxa_collector.store.record_rows import Stored, parts, record_of, row_of, table_of, values_of

_AT_ONCE = 1_000  # rows read while looking for text
_MORE_TEXT = {ASSETS: ("code", "serial"), "units": ("code", "old_names"), "calendars": ("owner",)}

Key = tuple[str, str]  # place and id: the order of a list


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Choose records: those whose place is one of these (None: any), with every word of a text in their names.

    with_nowhere: those without a place are chosen too. Words need no diacritics and may be parts of words. having are
    fields of the kind with the value that each must have.
    """

    places: Collection[str] | None = None
    with_nowhere: bool = False
    text: str = ""
    having: tuple[tuple[str, str], ...] = ()


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
    table = table_of(kind)
    query = _behind(kind, _chosen(kind, chosen), after)
    with engine.connect() as connection:
        if chosen.text.strip():
            ids = list(islice(_looked_for(connection, kind, query, chosen.text), most))
            query = select(table).where(table.c.id.in_(ids)).order_by(_place(kind), table.c.id)
        rows = connection.execute(query.limit(most)).mappings().all()
    return tuple(_stored(kind, row) for row in rows)


def every(engine: Engine, kind: RecordKind, chosen: Filter = EVERY) -> Iterator[Stored]:
    """Give all records that are chosen, as they stood at one moment, in the order of their places and ids."""
    asked = fold(chosen.text).split()
    query = _behind(kind, _chosen(kind, chosen), None).execution_options(yield_per=_AT_ONCE)
    with engine.connect() as connection:
        for row in connection.execute(query).mappings():
            if _says(kind, row, asked):
                yield _stored(kind, row)


def count(engine: Engine, kind: RecordKind, chosen: Filter = EVERY) -> int:
    """Return how many records are chosen; with a text every one of them is looked at."""
    if chosen.text.strip():
        with engine.connect() as connection:
            return sum(1 for _ in _looked_for(connection, kind, _chosen(kind, chosen), chosen.text))
    query = _chosen(kind, chosen).with_only_columns(func.count(), maintain_column_froms=True)
    with engine.connect() as connection:
        return connection.execute(query).scalar_one()


def lies_in(kind: RecordKind, chosen: Filter) -> ColumnElement[bool]:
    """Return the condition that a record's place is one of those chosen."""
    if chosen.places is None:
        return true()
    place = table_of(kind).c[kind.place]
    within = place.in_(sorted(chosen.places))
    return or_(within, place.is_(None)) if chosen.with_nowhere else within


def alike(engine: Engine, kind: RecordKind, record: Record, but: str | None) -> Stored | None:
    """Return another record that a file's row could not tell from this one: the same in a key of its kind; or None."""
    table = table_of(kind)
    for key in kind.keys:
        if any(record[name] in (None, ()) for name in key):
            continue
        same = and_(*(table.c[name] == value for name, value in row_of({one: record[one] for one in key}).items()))
        query = select(table).where(same, _there(kind), table.c.id != (but or "")).order_by(table.c.id).limit(1)
        with engine.connect() as connection:
            row = connection.execute(query).mappings().first()
        if row is not None:
            return _stored(kind, row)
    return None


def key_of(kind: RecordKind, stored: Stored) -> Key:
    """Return where a record stands in a list."""
    return str(stored.record[kind.place] or ""), stored.id


def _behind(kind: RecordKind, query: Select[tuple[object, ...]], after: Key | None) -> Select[tuple[object, ...]]:
    """Return a query in the order of a list, beginning behind a key."""
    place, record_id = _place(kind), table_of(kind).c.id
    if after is not None:
        query = query.where(tuple_(place, record_id) > tuple_(*after))
    return query.order_by(place, record_id)


def _looked_for(
    connection: Connection, kind: RecordKind, query: Select[tuple[object, ...]], text: str
) -> Iterator[str]:
    """Give the ids of the rows that have every word looked for, reading on only while more are asked for."""
    table, asked = table_of(kind), fold(text).split()
    names = (table.c[name] for name in _naming(kind))
    narrow = query.with_only_columns(table.c.id, *names, maintain_column_froms=True)
    for row in connection.execute(narrow.execution_options(yield_per=_AT_ONCE)).mappings():
        if _says(kind, row, asked):
            yield row["id"]


def _naming(kind: RecordKind) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*kind.title, *_MORE_TEXT.get(kind.name, ()))))


def _says(kind: RecordKind, row: RowMapping, asked: Sequence[str]) -> bool:
    """Return whether what names a record has every word, folded."""
    if not asked:
        return True
    said = quick_fold(" ".join(str(row[name]) for name in _naming(kind) if row[name]))
    return all(word in said for word in asked)


def _chosen(kind: RecordKind, chosen: Filter) -> Select[tuple[object, ...]]:
    table = table_of(kind)
    equal = (table.c[kind.field(name).name] == value for name, value in chosen.having)
    return select(table).where(_there(kind), lies_in(kind, chosen), *equal)


def _there(kind: RecordKind) -> ColumnElement[bool]:
    table = table_of(kind)
    return table.c.merged_into.is_(None) if kind.name == ASSETS else true()


def _place(kind: RecordKind) -> ColumnElement[str]:
    column: ColumnElement[str] = table_of(kind).c[kind.place]
    return func.coalesce(column, "") if kind.name == ASSETS else column


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
