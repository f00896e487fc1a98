"""Answer what a code stood for on a day, what lies in a province, and where a commune lies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TypeVar

from machxa_collector.registry.units.load import BadUnits
from machxa_collector.registry.units.values import Kind, Unit

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class Units:
    """Hold all units with their history. Immutable: a changed table is a new object."""

    def __init__(self, units: Iterable[Unit]) -> None:
        """Take each unit's rows in the order of time; raises BadUnits if a parent is no province among them."""
        self._rows: Mapping[str, tuple[Unit, ...]] = _grouped((unit.code, unit) for unit in units)
        self._below = _grouped((rows[0].parent, code) for code, rows in self._rows.items() if rows[0].parent)
        for code, rows in self._rows.items():
            for row in rows:
                if row.parent != rows[0].parent or row.kind is not rows[0].kind:
                    raise BadUnits(f"unit {code} changes its parent or kind: a unit that moves gets a new code")
                if row.parent is not None and not self._is_province(row.parent):
                    raise BadUnits(f"unit {code}: its parent {row.parent!r} is no province of this table")

    def __len__(self) -> int:
        """Count the codes."""
        return len(self._rows)

    @property
    def codes(self) -> tuple[str, ...]:
        """Return every code that ever was, in the order of the table."""
        return tuple(self._rows)

    def history(self, code: str) -> tuple[Unit, ...]:
        """Return what the code stood for, oldest first; empty if we never had it."""
        return self._rows.get(code, ())

    def unit(self, code: str, on: date) -> Unit | None:
        """Return what the code stood for on that day; None if it was not in force, or not known to us."""
        for row in self.history(code):
            if row.holds_on(on):
                return row
        return None

    def children(self, code: str, on: date) -> tuple[Unit, ...]:
        """Return the communes and the centre of a province on that day, in the order of the table."""
        below = (self.unit(child, on) for child in self._below.get(code, ()))
        return tuple(unit for unit in below if unit is not None)

    def province(self, code: str, on: date) -> Unit | None:
        """Return the province a unit lay in on that day; a province lies in itself; None if either was not in force."""
        unit = self.unit(code, on)
        if unit is None or unit.parent is None:
            return unit
        return self.unit(unit.parent, on)

    def _is_province(self, code: str) -> bool:
        return any(row.kind is Kind.PROVINCE for row in self.history(code))


def _grouped(pairs: Iterable[tuple[_Key, _Value]]) -> dict[_Key, tuple[_Value, ...]]:
    groups: dict[_Key, list[_Value]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in groups.items()}
