"""Write a record's values, its title and its version as text."""

from __future__ import annotations

import hashlib
from datetime import date

from machxa_collector.registry.records import Field, RecordKind, Value, show
from machxa_collector.store.record_rows import Stored, to_json

View = dict[str, object]


class NotThere(LookupError):
    """Say that there is no such record, kind or act, or none that who asks may see."""


def title_of(kind: RecordKind, stored: Stored) -> str:
    """Return what names a record to a person, in Vietnamese."""
    return " ".join(text for name in kind.title if (text := _said(kind.field(name), stored.record[name])))


def version_of(stored: Stored) -> str:
    """Return a tag of a record's values; another tag, other values."""
    return hashlib.sha256(to_json(dict(stored.record)).encode()).hexdigest()[:16]


def raw(value: Value) -> object:
    """Return a value as JSON has it: a list as a list, a day as ISO 8601, a moment as ms since 1970 UTC."""
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date) else value


def _said(field: Field, value: Value) -> str:
    return next((choice.told.vi for choice in field.choices if choice.value == value), show(field, value))
