"""Find which units work the same hours, so that their years are compiled once. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

from machxa_collector.registry.calendar.plan import IndexedLayer, index
from machxa_collector.registry.calendar.rows import Layer

Schedule = tuple[IndexedLayer, ...]  # nearest owner first: unit, province, country


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRows:
    """Give a unit's province code and its own rows, none where the province's hold."""

    province: str
    layer: Layer = field(default_factory=Layer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """Hold each different schedule once, and the number of the one each unit keeps."""

    schedules: tuple[Schedule, ...]
    of_unit: Mapping[str, int]


def share(country: IndexedLayer, provinces: Mapping[str, Layer], units: Mapping[str, UnitRows]) -> Shared:
    """Return the schedules of all units; rows that differ in their sources alone are one schedule."""
    nothing = Layer()
    keys = {code: _hours_key(layer) for code, layer in provinces.items()}
    empty = _hours_key(nothing)
    numbers: dict[Hashable, int] = {}
    schedules: list[Schedule] = []
    of_unit: dict[str, int] = {}
    for unit, rows in units.items():
        key = (keys.get(rows.province, empty), _hours_key(rows.layer))
        if key not in numbers:
            numbers[key] = len(schedules)
            schedules.append((index(rows.layer), index(provinces.get(rows.province, nothing)), country))
        of_unit[unit] = numbers[key]
    return Shared(schedules=tuple(schedules), of_unit=of_unit)


def _hours_key(layer: Layer) -> Hashable:
    """Return all that changes the hours: everything but names and sources, in any order."""
    return (
        frozenset((row.valid_from, row.valid_to, row.weekdays, row.sessions) for row in layer.week),
        frozenset((row.valid_from, row.valid_to) for row in layer.off),
        frozenset((row.day, row.weekday) for row in layer.make_up),
        frozenset((row.valid_from, row.valid_to, row.hours) for row in layer.closed),
        frozenset((row.valid_from, row.valid_to, row.weekdays, row.sessions) for row in layer.extra),
    )
