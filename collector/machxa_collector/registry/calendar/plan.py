"""Decide what one day of one office is from the rows of country, province and unit. Pure.

The nearest owner decides: its day off or make-up day before another's, its hours of a weekday before another's.
Closed and extra hours of all owners count together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TypeVar

from machxa_collector.registry.calendar.hours import subtract, union
from machxa_collector.registry.calendar.rows import (
    ClosedHours,
    DayOff,
    ExtraHours,
    Hours,
    Layer,
    MakeUpDay,
    Row,
    WeekHours,
)
from machxa_collector.registry.calendar.rows import days as days_between

_Dated = TypeVar("_Dated", WeekHours, ExtraHours)


class DayKind(Enum):
    """Say what a day is, before any declared session."""

    OFFICE = "office"
    REST = "rest"  # the week has no session on it
    HOLIDAY = "holiday"
    MAKE_UP = "make_up_day"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPlan:
    """Give the sessions of one day and the rows that decided them.

    official counts for W_off; actual, the official and the declared sessions joined, for W_act.
    """

    day: date
    kind: DayKind
    official: Hours
    actual: Hours
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedLayer:
    """Hold a layer's rows where a day finds them without a search."""

    week: tuple[tuple[WeekHours, ...], ...]
    decided: Mapping[date, DayOff | MakeUpDay]
    closed: Mapping[date, Sequence[ClosedHours]]
    extra: Mapping[date, Sequence[ExtraHours]]
    extra_weekly: tuple[tuple[ExtraHours, ...], ...]


def index(layer: Layer) -> IndexedLayer:
    """Return the layer's rows by weekday and by date."""
    decided: dict[date, DayOff | MakeUpDay] = {row.day: row for row in layer.make_up}
    decided.update((day, row) for row in layer.off for day in days_between(row.valid_from, row.valid_to))
    closed: dict[date, list[ClosedHours]] = defaultdict(list)
    for row in layer.closed:
        for day in days_between(row.valid_from, row.valid_to):
            closed[day].append(row)
    extra: dict[date, list[ExtraHours]] = defaultdict(list)
    for declared in layer.extra:
        if declared.weekdays is None and declared.valid_to is not None:
            for day in days_between(declared.valid_from, declared.valid_to):
                extra[day].append(declared)
    return IndexedLayer(
        week=tuple(tuple(row for row in layer.week if n in row.weekdays) for n in range(7)),
        decided=decided,
        closed=dict(closed),
        extra=dict(extra),
        extra_weekly=tuple(
            tuple(row for row in layer.extra if row.weekdays is not None and n in row.weekdays) for n in range(7)
        ),
    )


def plan_day(layers: Sequence[IndexedLayer], day: date) -> DayPlan:
    """Return what a day is; layers come nearest owner first: unit, province, country."""
    decided = next((layer.decided[day] for layer in layers if day in layer.decided), None)
    rows: list[Row] = [] if decided is None else [decided]
    kind = DayKind.HOLIDAY
    official: Hours = ()
    if not isinstance(decided, DayOff):
        weekday = day.weekday() if decided is None else decided.weekday
        week = next(_holding((row for layer in layers for row in layer.week[weekday]), day), None)
        rows += [] if week is None else [week]
        official = () if week is None else week.sessions
        kind = DayKind.MAKE_UP if decided is not None else DayKind.OFFICE if official else DayKind.REST
    weekly = [] if kind is DayKind.HOLIDAY else [row for layer in layers for row in _weekly(layer, day)]
    closed = [row for layer in layers for row in layer.closed.get(day, ())]
    dated = [row for layer in layers for row in layer.extra.get(day, ())]
    if not (weekly or closed or dated):
        return DayPlan(day=day, kind=kind, official=official, actual=official, rows=tuple(rows))
    holes = _joined(row.hours for row in closed)
    official = subtract(official, holes)
    declared = union(subtract(_joined(row.sessions for row in weekly), holes), _joined(row.sessions for row in dated))
    rows += [*closed, *weekly, *dated]
    return DayPlan(day=day, kind=kind, official=official, actual=union(official, declared), rows=tuple(rows))


def _holding(rows: Iterable[_Dated], day: date) -> Iterator[_Dated]:
    return (row for row in rows if row.valid_from <= day and (row.valid_to is None or day <= row.valid_to))


def _weekly(layer: IndexedLayer, day: date) -> Iterable[ExtraHours]:
    return _holding(layer.extra_weekly[day.weekday()], day)


def _joined(many: Iterable[Hours]) -> Hours:
    joined: Hours = ()
    for hours in many:
        joined = union(joined, hours)
    return joined
