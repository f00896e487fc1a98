"""Learn how many dossiers come to a unit an hour, by group, channel and weekday, from daily counts. Pure.

What a unit's own counts do not tell is taken from its province, what those do not tell from the figures of the sources,
and every rate says which, and from how many days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from math import ceil

from machxa_collector.impact.counts import DayCount, Worked, working_days
from machxa_collector.impact.explained import Explained, Measure, known
from machxa_collector.impact.model import Model, Stream
from machxa_collector.impact.seasons import NO_SEASONS, DayTotal, Seasons, is_reopening, learn_seasons
from machxa_collector.impact.words import Channel, Group
from machxa_collector.registry.calendar import Calendars

_WEEKDAY_DAYS = 4  # worked days of a weekday before it has a rate of its own
_UNIT_DAYS = 5  # and of a unit's group before the province's is not asked
_BUSY_DAYS = 20  # with finished dossiers, before capacity is learnt
_BUSY_SHARE = 0.8  # the percentile of busy days, never the best one
_WINDOW = timedelta(days=56)  # what a rate is learnt from; seasons look at all there is
_OFFICE_WEEK = range(5)


class Level(Enum):
    """Say whose counts a rate was learnt from."""

    WEEKDAY = "unit_weekday"
    UNIT = "unit"
    PROVINCE = "province"
    SOURCES = "sources"  # figures of the articles, an assumption


@dataclass(slots=True, kw_only=True)
class _Sum:
    received: float = 0.0  # freed of the season
    hours: float = 0.0
    days: int = 0

    def add(self, received: float, hours: float) -> None:
        self.received += received
        self.hours += hours
        self.days += 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """Hold what the counts of one place, a unit or a province, tell; absent: nothing."""

    by_weekday: Mapping[tuple[Group, int], Explained] = field(default_factory=dict)
    by_group: Mapping[Group, Explained] = field(default_factory=dict)
    online: Mapping[Group, Explained] = field(default_factory=dict)
    busy: Mapping[Group, Explained] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowProfile:
    """Tell the flow of one unit; dossiers spread evenly over a day's hours, since counts are of whole days."""

    unit: str
    own: Learnt
    province: Learnt
    seasons: Seasons
    model: Model

    def arrivals(self, stream: Stream, weekday: int, day: date, *, reopening: bool) -> Explained:
        """Return the dossiers that come an hour of working time on a day."""
        usual, part = self.usual(stream[0], weekday), self.channel_ratio(stream)
        season = self.seasons.factor(day, reopening=reopening)
        figure = (usual.figure or 0.0) * (part.figure or 0.0) * (season.figure or 0.0)
        return known(figure, Measure.PER_HOUR, "flow", usual=usual, channel_ratio=part, season=season)

    def capacity(self, stream: Stream) -> Explained:
        """Return the dossiers a stage can pass an hour: a busy day's, where learnt, else spare times mean arrivals."""
        part, busy = self.channel_ratio(stream), self.own.busy.get(stream[0])
        if busy is not None:
            return known(
                (busy.figure or 0.0) * (part.figure or 0.0), Measure.PER_HOUR, "F4", busy=busy, channel_ratio=part
            )
        rates = [self.usual(stream[0], weekday).figure or 0.0 for weekday in _OFFICE_WEEK]
        spare = self.model.pace.spare
        mean = sum(rates) / len(rates)
        figure = spare * mean * (part.figure or 0.0)
        return known(figure, Measure.PER_HOUR, "F4", spare=spare, mean_arrivals_per_hour=mean, channel_ratio=part)

    def daily(self, weekday: int, day: date, *, reopening: bool) -> Explained:
        """Return the dossiers that come on a whole day, the measure of F5."""
        hours = self.model.pace.day_hours
        rates = {
            f"{group.value}_{channel.value}": self.arrivals((group, channel), weekday, day, reopening=reopening)
            for group in Group
            for channel in Channel
        }
        whole = sum(rate.figure or 0.0 for rate in rates.values()) * hours
        return known(whole, Measure.DOSSIERS, "F5", day_hours=hours, **rates)

    def usual(self, group: Group, weekday: int) -> Explained:
        """Return the dossiers of a group an hour on a weekday, the season apart."""
        for rate in (
            self.own.by_weekday.get((group, weekday)),
            self.own.by_group.get(group),
            self.province.by_group.get(group),
        ):
            if rate is not None:
                return rate
        figures = self.model.figures
        return known(
            figures.per_hour * figures.share[group],
            Measure.PER_HOUR,
            "flow",
            level=Level.SOURCES.value,
            sample_days=0,
            source=figures.source,
            version=self.model.version,
        )

    def channel_ratio(self, stream: Stream) -> Explained:
        """Return the share of a group's dossiers that come by a channel."""
        group, channel = stream
        online = self.own.online.get(group) or self.province.online.get(group)
        if online is None:
            figures = self.model.figures
            online = known(
                figures.online_ratio,
                Measure.RATIO,
                "flow",
                level=Level.SOURCES.value,
                sample_days=0,
                source=figures.source,
            )
        share = online.figure or 0.0
        return known(share if channel is Channel.ONLINE else 1 - share, Measure.RATIO, "flow", online_ratio=online)


def learn_flows(
    counts: Iterable[DayCount], calendars: Calendars, provinces: Mapping[str, str], model: Model, as_of: date
) -> Mapping[str, FlowProfile]:
    """Return the profile of every unit named in provinces (unit code to province code); later counts are left out."""
    worked = [one for one in working_days(counts, calendars) if one.count.day < as_of and one.count.unit in provinces]
    seasons = _seasons(worked, calendars, provinces)
    recent = [one for one in worked if one.count.day >= as_of - _WINDOW]
    by_unit: dict[str, list[Worked]] = defaultdict(list)
    by_province: dict[str, list[Worked]] = defaultdict(list)
    for one in recent:
        by_unit[one.count.unit].append(one)
        by_province[provinces[one.count.unit]].append(one)
    free = _Season(calendars, provinces, seasons)
    shared = {province: _learn(rows, Level.PROVINCE, free) for province, rows in by_province.items()}
    nothing = Learnt()
    return {
        unit: FlowProfile(
            unit=unit,
            own=_learn(by_unit[unit], Level.UNIT, free) if unit in by_unit else nothing,
            province=shared.get(province, nothing),
            seasons=seasons.get(province, NO_SEASONS),
            model=model,
        )
        for unit, province in provinces.items()
    }


class _Season:
    """Tell the factor of a unit's day, each day once."""

    def __init__(self, calendars: Calendars, provinces: Mapping[str, str], seasons: Mapping[str, Seasons]) -> None:
        self._calendars, self._provinces, self._seasons = calendars, provinces, seasons
        self._known: dict[tuple[str, date], float] = {}

    def of(self, unit: str, day: date) -> float:
        if (unit, day) not in self._known:
            seasons = self._seasons.get(self._provinces[unit], NO_SEASONS)
            found = seasons.factor(day, reopening=is_reopening(self._calendars, unit, day)).figure
            self._known[unit, day] = found or 1.0
        return self._known[unit, day]


def _learn(rows: Sequence[Worked], level: Level, season: _Season) -> Learnt:
    weekdays: dict[tuple[Group, int], _Sum] = defaultdict(_Sum)
    groups: dict[Group, _Sum] = defaultdict(_Sum)
    online: dict[Group, _Sum] = defaultdict(_Sum)
    busy: dict[Group, list[float]] = defaultdict(list)
    for one in rows:
        count = one.count
        received = one.received / season.of(count.unit, count.day)
        weekdays[count.group, one.weekday].add(received, one.hours)
        groups[count.group].add(received, one.hours)
        if count.online is not None and count.received:
            online[count.group].add(count.online, count.received)
        if count.finished:
            busy[count.group].append(count.finished / one.hours)
    return Learnt(
        by_weekday={
            place: _rate(found, Level.WEEKDAY) for place, found in weekdays.items() if found.days >= _WEEKDAY_DAYS
        },
        by_group={group: _rate(found, level) for group, found in groups.items() if found.days >= _UNIT_DAYS},
        online={group: _ratio(found, level) for group, found in online.items() if found.days >= _UNIT_DAYS},
        busy={group: _busy(rates) for group, rates in busy.items() if len(rates) >= _BUSY_DAYS},
    )


def _rate(found: _Sum, level: Level) -> Explained:
    return known(
        found.received / found.hours,
        Measure.PER_HOUR,
        "flow",
        level=level.value,
        sample_days=found.days,
        received=found.received,
        hours=found.hours,
    )


def _ratio(found: _Sum, level: Level) -> Explained:
    return known(
        found.received / found.hours,
        Measure.RATIO,
        "flow",
        level=level.value,
        sample_days=found.days,
        online=found.received,
        received=found.hours,
    )


def _busy(rates: list[float]) -> Explained:
    at = ceil(_BUSY_SHARE * len(rates)) - 1
    return known(sorted(rates)[at], Measure.PER_HOUR, "F4", percentile=_BUSY_SHARE, sample_days=len(rates))


def _seasons(worked: Sequence[Worked], calendars: Calendars, provinces: Mapping[str, str]) -> Mapping[str, Seasons]:
    totals: dict[tuple[str, date, bool], _Sum] = defaultdict(_Sum)
    reopening: dict[tuple[str, date], bool] = {}
    for one in worked:
        place = (one.count.unit, one.count.day)
        if place not in reopening:
            reopening[place] = is_reopening(calendars, *place)
        totals[provinces[place[0]], place[1], reopening[place]].add(one.received, one.hours)
    by_province: dict[str, list[DayTotal]] = defaultdict(list)
    for (province, day, after), found in totals.items():
        by_province[province].append(DayTotal(day=day, received=found.received, hours=found.hours, reopening=after))
    return {province: learn_seasons(days) for province, days in by_province.items()}
