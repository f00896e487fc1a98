"""Turn records into rows of their table and back, and into the JSON of their history."""

from __future__ import annotations

import json
import secrets
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import Connection, RowMapping, Table, select

from machxa_collector.registry.records import KINDS, SEPARATOR, Form, Record, RecordKind, Value
from machxa_collector.store.tables import metadata

MOST_AT_ONCE = 500  # values of one IN list: SQLite takes 999 in old builds

# Columns beside a record's fields that go into its history, so that an undo gives them back.
BESIDE: Mapping[str, tuple[str, ...]] = {"assets": ("fixed", "origin", "created_at")}

_Value = TypeVar("_Value")
Values = dict[str, Value]  # a record, and what stands beside it


@dataclass(frozen=True, slots=True)
class Stored:
    """Hold a record with its id."""

    id: str
    record: Record


def table_of(kind: RecordKind) -> Table:
    """Return the table of a kind, which has its name."""
    return metadata.tables[kind.name]


def columns_of(kind: RecordKind) -> tuple[str, ...]:
    """Return the columns that a record's values come from, those beside its fields last."""
    return (*(field.name for field in kind.fields), *BESIDE.get(kind.name, ()))


def values_of(kind: RecordKind, row: RowMapping) -> Values:
    """Return a row's values: lists as tuples, days as dates; what stands beside as it is kept."""
    lists = _lists(kind)
    return {
        name: (tuple(row[name].split(SEPARATOR)) if row[name] else ()) if name in lists else row[name]
        for name in columns_of(kind)
    }


def record_of(kind: RecordKind, values: Mapping[str, Value]) -> Record:
    """Return the fields of values alone; a field that is not there is empty."""
    return {field.name: values.get(field.name, field.empty) for field in kind.fields}


def row_of(values: Mapping[str, Value]) -> dict[str, object]:
    """Return values as their columns hold them."""
    return {name: SEPARATOR.join(value) if isinstance(value, tuple) else value for name, value in values.items()}


def to_json(values: Mapping[str, Value]) -> str:
    """Return values as the JSON of a history: a day as ISO 8601, a list as a list."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), default=_plain)


def of_json(kind: RecordKind, text: str) -> Values:
    """Return what to_json wrote; a field that a later release no longer has is left out."""
    forms = {field.name: field.form for field in kind.fields}
    known = set(columns_of(kind))
    return {name: _value(forms.get(name), value) for name, value in json.loads(text).items() if name in known}


def read_values(connection: Connection, kind: RecordKind, ids: Sequence[str], *, lock: bool) -> dict[str, Values]:
    """Return the values of the records of these ids that there are; lock keeps them so until the commit."""
    table = table_of(kind)
    found: dict[str, Values] = {}
    for part in parts(ids):
        query = select(table).where(table.c.id.in_(part))
        for row in connection.execute(query.with_for_update() if lock else query).mappings():
            found[row["id"]] = values_of(kind, row)
    return found


def parts(values: Sequence[_Value], most: int = MOST_AT_ONCE) -> Iterable[Sequence[_Value]]:
    """Cut values into parts that a database takes at once."""
    return (values[start : start + most] for start in range(0, len(values), most))


def new_ids(at_ms: int, count: int) -> tuple[str, ...]:
    """Return fresh ids that sort in the order given, after those of earlier times (UUID version 7, RFC 9562)."""
    ids = []
    for number in range(count):
        low, high = number & 0x3FFF, (number >> 14) & 0xFFF
        bits = (at_ms & 0xFFFFFFFFFFFF) << 80 | 7 << 76 | high << 64 | 2 << 62 | low << 48 | secrets.randbits(48)
        ids.append(str(uuid.UUID(int=bits)))
    return tuple(ids)


def kind_of(name: str) -> RecordKind:
    """Return the kind of this name; raises KeyError when there is none."""
    return KINDS[name]


def _lists(kind: RecordKind) -> frozenset[str]:
    return frozenset(field.name for field in kind.fields if field.form in (Form.LIST, Form.ASSETS))


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} goes into no history")


def _value(form: Form | None, value: object) -> Value:
    if isinstance(value, list):
        return tuple(value)
    if form is Form.DATE and isinstance(value, str):
        return date.fromisoformat(value)
    if value is None or isinstance(value, (str, int, float)):
        return value
    raise TypeError(f"{value!r} comes from no history")
