"""Build calendars for the tests: short ways to write rows, random offices, and a slow clock to compare with."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone

from hypothesis import strategies as st

from machxa_collector.registry.calendar import (
    Calendars,
    ClosedHours,
    DayOff,
    ExtraHours,
    Hours,
    Layer,
    MakeUpDay,
    Session,
    Source,
    UnitRows,
    WeekHours,
    vietnam,
)
from machxa_collector.registry.calendar.hours import read_hours

UNIT = "29410"  # Hòa Minh
PROVINCE = "86"
NATION = vietnam()
SOURCE = Source(reference="QĐ 12/QĐ-UBND, 03/07/2025")
HANOI = timezone(timedelta(hours=7))
HOUR = timedelta(hours=1)
MONDAY, FRIDAY, SATURDAY = 0, 4, 5

FIRST_DAY = date(2025, 12, 22)  # the random weeks go over New Year, the swapped 2/1 and its made-up Saturday 10/1
FIRST_MOMENT = datetime(2025, 12, 22, tzinfo=HANOI)
DAYS = 28


def at(text: str) -> datetime:
    """Return a local time written in ISO."""
    return datetime.fromisoformat(text).replace(tzinfo=HANOI)


def calendars(unit: Layer | None = None, province: Layer | None = None) -> Calendars:
    """Return the calendars of one unit in Vietnam."""
    rows = UnitRows(province=PROVINCE, layer=unit or Layer())
    return Calendars(NATION, {PROVINCE: province or Layer()}, {UNIT: rows})


def off(day: date, last: date | None = None) -> DayOff:
    """Return a day off, or several."""
    return DayOff(valid_from=day, valid_to=last or day, name="nghỉ", source=SOURCE)


def make_up(day: date, weekday: int) -> MakeUpDay:
    """Return a day worked as a weekday."""
    return MakeUpDay(day=day, weekday=weekday, name="làm bù", source=SOURCE)


def week(weekdays: Iterable[int], *sessions: str, since: date = date(2000, 1, 1), to: date | None = None) -> WeekHours:
    """Return hours of weekdays."""
    return WeekHours(
        valid_from=since, valid_to=to, weekdays=frozenset(weekdays), sessions=read_hours([*sessions]), source=SOURCE
    )


def closed(day: date, *hours: str) -> ClosedHours:
    """Return closed hours of one day."""
    return ClosedHours(valid_from=day, valid_to=day, hours=read_hours([*hours]), source=SOURCE)


def extra(day: date, *sessions: str) -> ExtraHours:
    """Return sessions declared for one day."""
    return ExtraHours(valid_from=day, valid_to=day, sessions=read_hours([*sessions]), source=SOURCE)


def extra_weekly(weekday: int, *sessions: str, since: date = date(2025, 7, 1), to: date | None = None) -> ExtraHours:
    """Return sessions declared for a weekday."""
    return ExtraHours(
        valid_from=since,
        valid_to=to,
        weekdays=frozenset({weekday}),
        sessions=read_hours([*sessions]),
        source=SOURCE,
    )


_day = st.integers(0, DAYS - 1).map(lambda n: FIRST_DAY + timedelta(days=n))
_weekdays = st.frozensets(st.integers(0, 6), min_size=1)


def _paired(bounds: list[int]) -> Hours:
    ordered = sorted(bounds)
    return tuple(Session(start * 60, end * 60) for start, end in zip(ordered[::2], ordered[1::2], strict=False))


_hours = st.lists(st.integers(0, 1440), unique=True, max_size=7).map(_paired)


@st.composite
def layers(draw: st.DrawFn) -> Layer:
    """Draw the rows of an owner around New Year 2026."""
    changed = draw(_day)
    before = WeekHours(
        valid_from=date(2000, 1, 1),
        valid_to=changed - timedelta(days=1),
        weekdays=draw(_weekdays),
        sessions=draw(_hours),
        source=SOURCE,
    )
    after = WeekHours(valid_from=changed, weekdays=draw(_weekdays), sessions=draw(_hours), source=SOURCE)
    decided = draw(st.lists(_day, unique=True, max_size=6))
    declared = [
        ExtraHours(valid_from=day, weekdays=draw(_weekdays), sessions=draw(_hours), source=SOURCE)
        for day in draw(st.lists(_day, max_size=2))
    ]
    declared += [
        ExtraHours(valid_from=day, valid_to=day + timedelta(days=1), sessions=draw(_hours), source=SOURCE)
        for day in draw(st.lists(_day, max_size=2))
    ]
    return Layer(
        week=draw(st.sampled_from([(), (before,), (before, after)])),
        off=tuple(off(day) for day in decided[::2]),
        make_up=tuple(make_up(day, draw(st.integers(0, 6))) for day in decided[1::2]),
        closed=tuple(
            ClosedHours(valid_from=day, valid_to=day, hours=draw(_hours), source=SOURCE)
            for day in draw(st.lists(_day, max_size=2))
        ),
        extra=tuple(declared),
    )


moments = st.integers(0, DAYS * 86_400 * 1_000_000).map(lambda micros: FIRST_MOMENT + timedelta(microseconds=micros))
