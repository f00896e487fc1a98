"""Learn how much busier a month is, and the first day after a closure of three days, from a province's counts. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from machxa_collector.impact.explained import Explained, Measure, known
from machxa_collector.impact.timeline import midnight
from machxa_collector.registry.calendar import Calendars

_YEAR_DAYS = 350  # counts must span so many before a month is compared with the year
_MONTH_DAYS = 10  # worked days with counts, of a month
_CLOSURES = 3  # first days after a closure
_CLOSED_DAYS = 3  # longer than a weekend


@dataclass(frozen=True, slots=True, kw_only=True)
class DayTotal:
    """Give what came to a province on one day, in how many office hours, summed over its units.

    reopening: those that open again after a closure; otherwise the rest.
    """

    day: date
    received: float
    hours: float
    reopening: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Seasons:
    """Hold the factors learnt, by month and for the day after a closure; a month that is absent was not learnt."""

    months: Mapping[int, Explained]
    reopening: Explained

    def factor(self, day: date, *, reopening: bool) -> Explained:
        """Return how much busier a day is than usual; 1 with a sample of 0 days where nothing was learnt."""
        month = self.months.get(day.month, NOT_LEARNT)
        after = self.reopening if reopening else NOT_LEARNT
        return known(
            (month.figure or 1.0) * (after.figure or 1.0), Measure.FACTOR, "season", month=month, reopening=after
        )


NOT_LEARNT = known(1.0, Measure.FACTOR, "season", sample_days=0)
NO_SEASONS = Seasons(months={}, reopening=NOT_LEARNT)


def learn_seasons(totals: Iterable[DayTotal]) -> Seasons:
    """Return what a province's days tell; nothing for a month before a whole year of counts is there."""
    days = [total for total in totals if total.hours > 0]
    plain = [total for total in days if not total.reopening]
    after = [total for total in days if total.reopening]
    usual = _per_hour(plain)
    if not usual:
        return NO_SEASONS
    reopening = NOT_LEARNT
    if len({total.day for total in after}) >= _CLOSURES:
        reopening = known(_per_hour(after) / usual, Measure.FACTOR, "season", sample_days=len(after))
    months = defaultdict(list)
    for total in plain:
        months[total.day.month].append(total)
    if (max(total.day for total in plain) - min(total.day for total in plain)).days < _YEAR_DAYS:
        return Seasons(months={}, reopening=reopening)
    learnt = {
        month: known(_per_hour(some) / usual, Measure.FACTOR, "season", sample_days=len(some))
        for month, some in months.items()
        if len(some) >= _MONTH_DAYS and _per_hour(some) > 0
    }
    return Seasons(months=learnt, reopening=reopening)


def is_reopening(calendars: Calendars, unit: str, day: date) -> bool:
    """Return whether a unit opens on a day after three closed days or more."""
    return not calendars.w_act(unit, midnight(day - timedelta(days=_CLOSED_DAYS)), midnight(day))


def _per_hour(totals: list[DayTotal]) -> float:
    hours = sum(total.hours for total in totals)
    return sum(total.received for total in totals) / hours if hours else 0.0
