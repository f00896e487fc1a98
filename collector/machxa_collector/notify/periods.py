"""Say which reports are due: a week's or a month's, on the first working day after it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum

from machxa_collector.registry.calendar import LOCAL

MOST_BACK = 60  # periods looked back: a centre that stood still for longer names no more of them
_DAY = timedelta(days=1)
_LONGEST_REST = 21  # days without a working one after which the period's first day is taken as it is

IsWorking = Callable[[date], bool]


class Every(Enum):
    """Say how often a report comes."""

    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Hold what is to be made: the first day of the period reported on, when it was due, and those left out before.

    missed names the first days of older periods that nobody was sent, the oldest first.
    """

    first: date
    at: datetime
    missed: tuple[date, ...] = ()


def due(every: Every, minute: int, since: datetime, now: datetime, is_working: IsWorking) -> Due | None:
    """Return the newest period that became due after since and by now, None when there is none.

    minute is the time of day in Viet Nam at which a report goes. Of several the newest alone is made, so that a centre
    that stood still sends one report, not one for each week.
    """
    found = list(became_due(every, minute, since, now, is_working))
    if not found:
        return None
    (first, at), *older = found
    return Due(first=first, at=at, missed=tuple(day for day, _ in reversed(older)))


def became_due(
    every: Every, minute: int, since: datetime, now: datetime, is_working: IsWorking
) -> Iterator[tuple[date, datetime]]:
    """Yield the first days of the periods that became due after since and by now, and when, the newest first."""
    for first in _periods(every, now.astimezone(LOCAL).date()):
        at = due_at(every, first, minute, is_working)
        if at <= since:
            return
        if at <= now:
            yield first, at


def next_at(every: Every, minute: int, now: datetime, is_working: IsWorking) -> datetime:
    """Return when the next report goes, after now."""
    first = start_of(every, now.astimezone(LOCAL).date())
    for candidate in (before(every, first), first):
        at = due_at(every, candidate, minute, is_working)
        if at > now:
            return at
    return due_at(every, after(every, first), minute, is_working)


def due_at(every: Every, first: date, minute: int, is_working: IsWorking) -> datetime:
    """Return when the report on a period goes: at a time of the first working day after it."""
    start = after(every, first)
    day = next((one for n in range(_LONGEST_REST) if is_working(one := start + n * _DAY)), start)
    return datetime.combine(day, time(minute // 60, minute % 60), LOCAL)


def start_of(every: Every, day: date) -> date:
    """Return the first day of the period that a day lies in."""
    return day - day.weekday() * _DAY if every is Every.WEEK else day.replace(day=1)


def after(every: Every, first: date) -> date:
    """Return the day after a period."""
    if every is Every.WEEK:
        return first + 7 * _DAY
    return (first + 31 * _DAY).replace(day=1)


def key_of(every: Every, first: date) -> str:
    """Return what names a period for ever: 2026-W48 or 2026-11."""
    year, week, _ = first.isocalendar()
    return f"{year}-W{week:02}" if every is Every.WEEK else f"{first:%Y-%m}"


def before(every: Every, day: date) -> date:
    """Return the first day of the period before the one that a day lies in."""
    return start_of(every, start_of(every, day) - _DAY)


def _periods(every: Every, today: date) -> Iterator[date]:
    """Yield the first days of the periods that are over, the newest first."""
    first = start_of(every, today)
    for _ in range(MOST_BACK):
        first = before(every, first)
        yield first
