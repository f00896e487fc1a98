"""Keep rows to a territory: the one condition that every query for somebody carries."""

from __future__ import annotations

from sqlalchemy import Column, ColumnElement, or_, true

from machxa_collector.registry.people.territory import Territory


def within(territory: Territory, unit: Column[str | None]) -> ColumnElement[bool]:
    """Return the condition that a column of unit codes lies in a territory; NULL is "in no unit yet"."""
    if territory.units is None:
        return true() if territory.with_nowhere else unit.is_not(None)
    inside = unit.in_(sorted(territory.units))
    return or_(inside, unit.is_(None)) if territory.with_nowhere else inside
