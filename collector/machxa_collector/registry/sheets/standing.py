"""Find the record that a row is about among those kept: by its id, else by the keys of its kind in their order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from machxa_collector.registry.records import Form, Record, RecordKind, Value
from machxa_collector.registry.units.fold import words

_ALWAYS_SAY = frozenset({Form.LIST, Form.ASSETS, Form.DATE})  # no first day is a value too: since ever
_NO_SERIALS = frozenset(
    {
        *((one,) for one in ("0", "00", "000", "1", "none", "null", "na", "x", "khong", "default", "unknown")),
        *((), ("n", "a"), ("khong", "co"), ("chua", "co"), ("khong", "ro"), ("default", "string")),
        *(("to", "be", "filled", "by", "o", "e", "m"), ("system", "serial", "number"), ("not", "specified")),
    }
)  # what people and makers write where there is none

_LONGEST_NUMBER = 3  # of those that stand for no serial

Key = tuple[int, tuple[Value, ...]]  # which of the kind's keys, and what it says, as compared


class Ambiguous(Exception):
    """Say that several records have a key."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        """Take the fields of the key."""
        super().__init__(", ".join(fields))
        self.fields = fields


@dataclass(frozen=True, slots=True)
class Kept:
    """Hold a record that is kept, its values in the order of the kind's fields."""

    id: str
    values: tuple[Value, ...]


class Standing:
    """Hold the records of one kind; a record costs a tuple, since a province has a hundred thousand assets."""

    def __init__(self, kind: RecordKind, records: Iterable[tuple[str, Record]] = ()) -> None:
        """Take every record of the kind with its id."""
        self._kind = kind
        self._names = tuple(field.name for field in kind.fields)
        self._by_id: dict[str, Kept] = {}
        self._by_key: dict[Key, str | list[str]] = {}
        self._texts: dict[Value, Value] = {}
        self._alike: dict[tuple[Value, ...], str] | None = None  # made when first asked
        for record_id, record in records:
            self._add(record_id, record)

    def record(self, kept: Kept) -> Record:
        """Return a kept record's values by name."""
        return dict(zip(self._names, kept.values, strict=True))

    def by_id(self, record_id: str) -> Kept | None:
        """Return the record of an id, None when there is none."""
        return self._by_id.get(record_id)

    def find(self, record: Mapping[str, Value], said: Collection[str]) -> Kept | None:
        """Return the record that the fields said of another are about, None when it is new; raises Ambiguous.

        A key counts only where no earlier key, filled in both, tells them apart: two assets of one serial number
        but two codes are two assets.
        """
        keys = keys_of(self._kind, record, said)
        for key in keys:
            held = self._by_key.get(key, ())
            kept = [self._by_id[one] for one in ((held,) if isinstance(held, str) else held)]
            alike = [one for one in kept if not tells_apart(keys, self._keys(one), key[0])]
            if len(alike) > 1:
                raise Ambiguous(self._kind.keys[key[0]])
            if alike:
                return alike[0]
        return None

    def resembling(self, record: Mapping[str, Value]) -> Kept | None:
        """Return a record that is like another by the kind's resembling fields, unless a key tells them apart."""
        names = self._kind.resembles
        if not names or not all(record.get(name) for name in names):
            return None
        if self._alike is None:
            places = [self._names.index(name) for name in names]
            self._alike = {tuple(_folded(one.values[at]) for at in places): one.id for one in self._by_id.values()}
        found = self._alike.get(tuple(_folded(record[name]) for name in names))
        kept = None if found is None else self._by_id[found]
        if kept is None or tells_apart(
            keys_of(self._kind, record, record.keys()), self._keys(kept), len(self._kind.keys)
        ):
            return None
        return kept

    def _keys(self, kept: Kept) -> tuple[Key, ...]:
        return keys_of(self._kind, self.record(kept), self._names)

    def _add(self, record_id: str, record: Record) -> None:
        values = tuple(self._texts.setdefault(record[name], record[name]) for name in self._names)
        if len(self._texts) > 10_000:  # noqa: PLR2004 - names of units and vendors repeat, serials do not
            self._texts.clear()
        self._by_id[record_id] = Kept(record_id, values)
        for key in keys_of(self._kind, record, self._names):
            held = self._by_key.setdefault(key, record_id)
            if held != record_id:
                self._by_key[key] = [*([held] if isinstance(held, str) else held), record_id]


def keys_of(kind: RecordKind, record: Mapping[str, Value], said: Collection[str]) -> tuple[Key, ...]:
    """Return the keys of a record that are filled, in their order, as they are compared."""
    found = []
    for number, names in enumerate(kind.keys):
        if all(name in said and _says(kind, name, record[name]) for name in names):
            found.append((number, tuple(_compared(record[name]) for name in names)))
    return tuple(found)


def tells_apart(keys: tuple[Key, ...], others: tuple[Key, ...], number: int) -> bool:
    """Return whether a key before this one is filled in both and differs."""
    its = dict(others)
    return any(earlier < number and its.get(earlier, key) != key for earlier, key in keys)


def _says(kind: RecordKind, name: str, value: Value) -> bool:
    if name == "serial":
        text = str(value or "")
        is_plain = len(text) > _LONGEST_NUMBER and any(map(str.isdigit, text))  # comparing words takes its time
        return is_plain or (value is not None and words(text) not in _NO_SERIALS)
    return value is not None or kind.field(name).form in _ALWAYS_SAY


def _folded(value: Value) -> Value:
    return " ".join(value.casefold().split()) if isinstance(value, str) else value


def _compared(value: Value) -> Value:
    return value.casefold() if isinstance(value, str) else value
