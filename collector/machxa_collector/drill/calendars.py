"""Make the registry's calendars of a scenario's: the country's days with the scenario's hours over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from machxa_collector.registry.calendar import (
    Calendars,
    DayOff,
    ExtraHours,
    Layer,
    Source,
    UnitRows,
    WeekHours,
    vietnam,
)
from machxa_collector.registry.calendar.hours import read_hours
from machxa_fleet.drill.habits import Sessions
from machxa_fleet.drill.scenario import CalendarSpec, Extra

_SOURCE = Source(reference="the scenario")
_SINCE = date(2000, 1, 1)
_WORKDAYS = frozenset(range(5))


def calendars_of(spec: CalendarSpec, province: str, units: Sequence[str]) -> Calendars:
    """Return the working time of a scenario's units."""
    week = WeekHours(valid_from=_SINCE, weekdays=_WORKDAYS, sessions=read_hours(sorted(spec.office)), source=_SOURCE)
    off = tuple(DayOff(valid_from=day, valid_to=day, name="", source=_SOURCE) for day in spec.holidays)
    shared = tuple(_extra(one) for one in spec.extra if not one.units)
    own: Mapping[str, UnitRows] = {
        code: UnitRows(
            province=province, layer=Layer(extra=tuple(_extra(one) for one in spec.extra if code in one.units))
        )
        for code in units
    }
    return Calendars(vietnam(), {province: Layer(week=(week,), off=off, extra=shared)}, own)


def sessions_of(calendars: Calendars) -> Sessions:
    """Return what the world asks: the sessions of a unit's day, declared ones included, in seconds since midnight."""
    kept: dict[tuple[str, date], tuple[tuple[int, int], ...]] = {}

    def sessions(unit: str, day: date) -> Sequence[tuple[int, int]]:
        key = (unit, day)
        if key not in kept:
            kept[key] = tuple((one.start, one.end) for one in calendars.plan(unit, day).actual)
        return kept[key]

    return sessions


def _extra(one: Extra) -> ExtraHours:
    return ExtraHours(valid_from=one.day, valid_to=one.day, sessions=read_hours(sorted(one.hours)), source=_SOURCE)
