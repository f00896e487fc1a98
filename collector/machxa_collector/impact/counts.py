"""Turn daily counts into working days: what came on a closed day is work of the next open one. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from machxa_collector.impact.timeline import kept_weekday, midnight
from machxa_collector.impact.words import Group
from machxa_collector.registry.calendar import Calendars


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    """Give the dossiers of one unit, group and day; online, finished: None when the import does not tell."""

    unit: str
    group: Group
    day: date
    received: int
    online: int | None = None
    finished: int | None = None

    def __post_init__(self) -> None:
        """Refuse counts below zero and more online than there are."""
        if self.received < 0 or not 0 <= (self.online or 0) <= self.received or (self.finished or 0) < 0:
            raise ValueError(f"{self.unit} {self.day}: received {self.received}, online {self.online}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """Give one working day's counts with its hours and the weekday it keeps."""

    count: DayCount
    received: int  # with what came on closed days before
    hours: float
    weekday: int


def working_days(counts: Iterable[DayCount], calendars: Calendars) -> Iterator[Worked]:
    """Give the working days in order, by unit and group; a day without a row is not known, never zero."""
    days: dict[tuple[str, date], tuple[float, int]] = {}
    by_place: dict[tuple[str, Group], list[DayCount]] = defaultdict(list)
    for count in counts:
        by_place[count.unit, count.group].append(count)
    for (unit, _), rows in by_place.items():
        carried = 0
        for count in sorted(rows, key=lambda row: row.day):
            if (unit, count.day) not in days:
                days[unit, count.day] = _day(calendars, unit, count.day)
            hours, weekday = days[unit, count.day]
            if not hours:
                carried += count.received
                continue
            yield Worked(count=count, received=count.received + carried, hours=hours, weekday=weekday)
            carried = 0


def _day(calendars: Calendars, unit: str, day: date) -> tuple[float, int]:
    worked = calendars.w_act(unit, midnight(day), midnight(day + timedelta(days=1)))
    return worked / timedelta(hours=1), kept_weekday(calendars.plan(unit, day))
