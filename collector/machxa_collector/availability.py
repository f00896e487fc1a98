"""Put an availability report together: who is watched, its service hours, what was judged, what was announced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import Enum

from machxa_collector.incidents.served import By, Mark, Served
from machxa_collector.judging.fleet import planned_of
from machxa_collector.registry.calendar import LOCAL, Calendars, OutsideCalendar, UnknownUnit
from machxa_collector.registry.people.territory import Territory
from machxa_collector.store import availability as stored
from machxa_collector.store.registry import LiveRegistry
from machxa_collector.store.systems import effective
from machxa_collector.watch.availability import Share, Spell, together

MOST_DAYS = 366
MOST_UNITS = 1000  # a province has at most 168
_DAY = timedelta(days=1)


class Hours(Enum):
    """Say which hours are service: official sessions, declared ones besides, or all of them."""

    OFFICIAL = "W_off"
    ACTUAL = "W_act"
    ALL = "all"


class TooWide(ValueError):
    """Say that so many units are too many for one report: one province at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Say what a report is of: days (both included), hours, and one unit of the territory or all."""

    by: By
    first: date
    last: date
    hours: Hours
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Give one subject's share; units is at how many it is counted, unit where a device stands."""

    id: str
    name: str
    share: Share
    units: int
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """Give what a figure is made of: the share of each day, what counted at which unit, what was announced."""

    row: Row
    days: tuple[tuple[date, Share], ...]
    marks: tuple[tuple[str, Mark], ...]
    planned: tuple[tuple[str, Spell], ...]


@dataclass(slots=True)
class Report:
    """Hold what a report is read from, for one territory; left_out counts incidents beyond a bound."""

    live: LiveRegistry
    asked: Asked
    served: Served
    since: Mapping[str, int]
    providers: Mapping[str, str]
    systems: Mapping[str, tuple[str, str]]
    territory: Territory
    left_out: int
    _service: dict[str, tuple[Spell, ...]] = field(default_factory=dict)

    def rows(self, after: str, most: int) -> list[Row]:
        """Return up to most rows whose id follows after, in the order of their ids."""
        if self.asked.by is By.DEVICE:
            found = stored.devices_of(self.live.store, self.territory, self.asked.unit, after, most)
            return [self._device(one) for one in found]
        subjects = sorted(one for one in self._subjects() if one > after)[:most]
        return [self._row(one, self._subjects()[one]) for one in subjects]

    def inputs(self, subject: str) -> Inputs | None:
        """Return what one figure is made of, None where the territory has no such subject."""
        by = self.asked.by
        if by is By.DEVICE:
            kept = stored.device(self.live.store, self.territory, subject)
            if kept is None:
                return None
            row = self._device(kept)
            places: tuple[str, ...] = (kept.unit or "",)
            since: Mapping[str, int | None] = {places[0]: kept.since}
        elif subject in self._subjects():
            places = tuple(self._subjects()[subject])
            row, since = self._row(subject, places), self.since
        else:
            return None
        days = tuple(
            (day, together(self._share(subject, unit, since.get(unit), span) for unit in places))
            for day, span in self._days()
        )
        marks = [(unit, mark) for unit in places for mark in self.served.marks(by, subject, unit)]
        spells = [(unit, spell) for unit in places for spell in self.served.planned(by, subject, unit)]
        return Inputs(row=row, days=days, marks=tuple(marks), planned=tuple(spells))

    def share_at(self, subject: str, unit: str) -> Share:
        """Return one subject's share at one unit."""
        return self._share(subject, unit, self.since.get(unit))

    def _subjects(self) -> Mapping[str, Sequence[str]]:
        """Return the units at which each subject is counted."""
        units = sorted(self.since)
        if self.asked.by is By.UNIT:
            return {unit: (unit,) for unit in units}
        if self.asked.by is By.SYSTEM:
            return dict.fromkeys(self.systems, units)
        found: dict[str, list[str]] = {}
        for unit in units:
            if unit in self.providers:
                found.setdefault(self.providers[unit], []).append(unit)
        return found

    def _row(self, subject: str, units: Sequence[str]) -> Row:
        parts = [self._share(subject, unit, self.since.get(unit)) for unit in units]
        name = self.systems.get(subject, (subject,))[0]
        return Row(id=subject, name=self._named(subject, name), share=together(parts), units=len(units))

    def _device(self, one: stored.Device) -> Row:
        share = self._share(one.id, one.unit or "", one.since)
        return Row(id=one.id, name=one.name, share=share, units=1, unit=one.unit)

    def _share(self, subject: str, unit: str, since: int | None, within: Spell | None = None) -> Share:
        return self.served.share(self.asked.by, subject, unit, self._hours(unit), since, within)

    def _named(self, subject: str, name: str) -> str:
        if self.asked.by is not By.UNIT:
            return name
        history = self.live.current().units.history(subject)
        return history[-1].full_name if history else name

    def _hours(self, unit: str) -> tuple[Spell, ...]:
        found = self._service.get(unit)
        if found is None:
            found = self._service[unit] = tuple(self._sessions(self.live.current().calendars, unit))
        return found

    def _sessions(self, calendars: Calendars, unit: str) -> Iterator[Spell]:
        for day, (start, end) in self._days():
            if self.asked.hours is Hours.ALL:
                yield start, end
                continue
            try:
                plan = calendars.plan(unit, day)
            except (UnknownUnit, OutsideCalendar):
                return  # nobody entered when it works: no service hours, and no share
            for session in plan.official if self.asked.hours is Hours.OFFICIAL else plan.actual:
                yield start + session.start * 1000, start + session.end * 1000

    def _days(self) -> Iterator[tuple[date, Spell]]:
        day = self.asked.first
        while day <= self.asked.last:
            yield day, (max(midnight(day), self.served.period[0]), min(midnight(day + _DAY), self.served.period[1]))
            day += _DAY


def midnight(day: date) -> int:
    """Return when a day of Viet Nam begins, in milliseconds since 1970 UTC."""
    return round(datetime.combine(day, time(), LOCAL).timestamp() * 1000)


def report_of(live: LiveRegistry, territory: Territory, asked: Asked, now_ms: int) -> Report:
    """Read what a report stands on; the period ends now at the latest. Raises TooWide."""
    end = max(midnight(asked.first), min(midnight(asked.last + _DAY), now_ms))
    period = (midnight(asked.first), end)
    since = stored.watched_since(live.store, territory)
    if asked.unit is not None:
        since = {unit: at for unit, at in since.items() if unit == asked.unit}
    if len(since) > MOST_UNITS:
        raise TooWide(f"{len(since)} units, at most {MOST_UNITS} in one report: ask for one province")
    outages, left_out = stored.outages(live.store, territory, *period, now_ms)
    systems = {one.id: (one.vi, one.en) for one in effective(live.store).systems if one.checks and one.enabled}
    planned = planned_of(live.store, live.current().units, set(systems))
    return Report(
        live=live,
        asked=asked,
        served=Served(period, outages, planned),
        since=since,
        providers=stored.providers(live.store, since),
        systems=systems,
        territory=territory,
        left_out=left_out,
    )
