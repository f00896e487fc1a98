"""Answer how much working time lies between two moments for any unit, on the official and on the actual clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import Enum
from functools import lru_cache

from machxa_collector.registry.calendar.doubts import Doubt, Nation, doubts
from machxa_collector.registry.calendar.moments import LAST_YEAR, OutsideCalendar, Place, moment_of, place
from machxa_collector.registry.calendar.plan import DayPlan, index, plan_day
from machxa_collector.registry.calendar.rows import Layer
from machxa_collector.registry.calendar.sharing import Schedule, UnitRows, share
from machxa_collector.registry.calendar.track import CompiledYear, Track, compile_year

_MOST_YEARS = 8192  # compiled and kept: more than every unit with hours of its own, this year and the next
_MICROSECOND = timedelta(microseconds=1)


class UnknownUnit(LookupError):
    """Say which unit has no calendar: it was never registered."""


class Clock(Enum):
    """Choose the working time that counts."""

    OFFICIAL = "W_off"  # official sessions and make-up days: due times, lateness
    ACTUAL = "W_act"  # these and the declared sessions: outages, capacity, repairs


class Calendars:
    """Hold the working time of all units; made anew when a row changes.

    A year is compiled when first asked for, once for all units with the same hours, and kept: the most recently
    used up to a bound. May be asked from several threads.
    """

    def __init__(self, nation: Nation, provinces: Mapping[str, Layer], units: Mapping[str, UnitRows]) -> None:
        """Take the rows of each owner by code; a province without rows may be left out."""
        self._provinces = provinces
        self._units = units
        self._nation = nation
        self._country = index(nation.layer)
        self._shared = share(self._country, provinces, units)
        self._compiled = lru_cache(maxsize=_MOST_YEARS)(self._compile)

    def w_off(self, unit: str, start: datetime, end: datetime) -> timedelta:
        """Return the official working time of a unit from start to end; zero when end is not after start.

        Errors: UnknownUnit; OutsideCalendar; ValueError for a time without a zone.
        """
        return self._worked(unit, Clock.OFFICIAL, start, end)

    def w_act(self, unit: str, start: datetime, end: datetime) -> timedelta:
        """Return the working time with declared sessions; otherwise as w_off, and never less."""
        return self._worked(unit, Clock.ACTUAL, start, end)

    def advance(self, unit: str, start: datetime, working: timedelta, clock: Clock) -> datetime:
        """Return the earliest moment, in local time, by which so much working time has passed since start.

        Nothing to pass: start itself, even at night. What is used up as a session ends, ends there, not when the
        next begins. Errors as w_off; OutsideCalendar also when the years end first; ValueError for negative time.
        """
        if working < timedelta():
            raise ValueError(f"working time is {working}, expected zero or more")
        schedule, at = self._schedule(unit), place(start)
        if not working:
            return moment_of(at)
        left = working // _MICROSECOND + self._track(schedule, clock, at.year).passed(at.second, at.micro)
        for year in range(at.year, LAST_YEAR + 1):
            track = self._track(schedule, clock, year)
            if left <= track.total:
                return moment_of(Place(year, 0, track.moment(left)))
            left -= track.total
        raise OutsideCalendar(f"{working} of work after {start} is not over by the end of {LAST_YEAR}")

    def plan(self, unit: str, day: date) -> DayPlan:
        """Return the sessions of one day and the rows that decided them, with their sources."""
        return plan_day(self._layers(unit), day)

    def doubts(self, unit: str, first: date, last: date) -> tuple[Doubt, ...]:
        """Return what is not sure about the days from first to last; an answer about them must say so."""
        return doubts(self._layers(unit), self._nation.questions, first, last)

    def prepare(self, year: int) -> int:
        """Compile a year for all units before the first question; return how many different ones there are."""
        for schedule in range(len(self._shared.schedules)):
            self._compiled(schedule, year)
        return len(self._shared.schedules)

    def _worked(self, unit: str, clock: Clock, start: datetime, end: datetime) -> timedelta:
        schedule, first, last = self._schedule(unit), place(start), place(end)
        if last <= first:
            return timedelta()
        until = self._track(schedule, clock, last.year).passed(last.second, last.micro)
        before = self._track(schedule, clock, first.year).passed(first.second, first.micro)
        years = sum(self._track(schedule, clock, year).total for year in range(first.year, last.year))
        return timedelta(microseconds=years + until - before)

    def _track(self, schedule: int, clock: Clock, year: int) -> Track:
        compiled = self._compiled(schedule, year)
        return compiled.official if clock is Clock.OFFICIAL else compiled.actual

    def _compile(self, schedule: int, year: int) -> CompiledYear:
        return compile_year(self._shared.schedules[schedule], year)

    def _layers(self, unit: str) -> Schedule:
        self._schedule(unit)
        rows = self._units[unit]
        return index(rows.layer), index(self._provinces.get(rows.province, Layer())), self._country

    def _schedule(self, unit: str) -> int:
        found = self._shared.of_unit.get(unit)
        if found is None:
            raise UnknownUnit(f"unit {unit!r} has no calendar")
        return found
