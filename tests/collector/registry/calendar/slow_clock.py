"""Count working time minute by minute, straight from the rows: slow, and plain enough to be believed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone

from machxa_collector.registry.calendar import Hours, Layer

_MINUTE = timedelta(minutes=1)


def minutes_worked(layers: Sequence[Layer], start: datetime, end: datetime, *, declared: bool) -> timedelta:
    """Return the minutes from start to end, both whole minutes, in which somebody works; nearest owner first."""
    worked = timedelta()
    while start < end:
        local = start.astimezone(timezone(timedelta(hours=7)))
        second = local.hour * 3600 + local.minute * 60
        if _official(layers, local.date(), second) or (declared and _declared(layers, local.date(), second)):
            worked += _MINUTE
        start += _MINUTE
    return worked


def _official(layers: Sequence[Layer], day: date, second: int) -> bool:
    if _is_closed(layers, day, second):
        return False
    weekday = day.weekday()
    for layer in layers:
        if any(row.valid_from <= day <= row.valid_to for row in layer.off):
            return False
        made_up = [row.weekday for row in layer.make_up if row.day == day]
        if made_up:
            weekday = made_up[0]
            break
    for layer in layers:
        for row in layer.week:
            if weekday in row.weekdays and row.valid_from <= day <= (row.valid_to or day):
                return _inside(row.sessions, second)
    return False


def _declared(layers: Sequence[Layer], day: date, second: int) -> bool:
    rows = [row for layer in layers for row in layer.extra if row.valid_from <= day <= (row.valid_to or day)]
    if any(_inside(row.sessions, second) for row in rows if row.weekdays is None):
        return True
    if _is_closed(layers, day, second) or _is_off(layers, day):
        return False
    return any(_inside(row.sessions, second) for row in rows if row.weekdays and day.weekday() in row.weekdays)


def _is_off(layers: Sequence[Layer], day: date) -> bool:
    for layer in layers:
        if any(row.valid_from <= day <= row.valid_to for row in layer.off):
            return True
        if any(row.day == day for row in layer.make_up):
            return False
    return False


def _is_closed(layers: Sequence[Layer], day: date, second: int) -> bool:
    rows = (row for layer in layers for row in layer.closed if row.valid_from <= day <= row.valid_to)
    return any(_inside(row.hours, second) for row in rows)


def _inside(hours: Hours, second: int) -> bool:
    return any(start <= second < end for start, end in hours)
