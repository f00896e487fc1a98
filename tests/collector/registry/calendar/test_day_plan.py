from __future__ import annotations

from datetime import date

import pytest

from machxa_collector.registry.calendar import DayKind, Hours, Layer
from machxa_collector.registry.calendar.hours import read_hours
from tests.collector.registry.calendar.offices import (
    FRIDAY,
    MONDAY,
    SATURDAY,
    UNIT,
    calendars,
    closed,
    extra,
    extra_weekly,
    make_up,
    off,
    week,
)

MONDAY_23 = date(2026, 11, 23)
CULTURE_DAY = date(2026, 11, 24)
SATURDAY_28 = date(2026, 11, 28)
WORKED_SATURDAY = date(2026, 8, 22)
MORNING = extra_weekly(SATURDAY, "07:30-11:30")
TUESDAY_EVENING = extra_weekly(1, "17:30-20:00")
OFFICE_HOURS = ("07:30-11:30", "13:30-17:00")


def hours(*texts: str) -> Hours:
    return read_hours([*texts])


@pytest.mark.parametrize(
    ("layer", "day", "kind", "official", "actual"),
    [
        pytest.param(Layer(), MONDAY_23, DayKind.OFFICE, OFFICE_HOURS, OFFICE_HOURS, id="a plain Monday"),
        pytest.param(Layer(), SATURDAY_28, DayKind.REST, (), (), id="a plain Saturday"),
        pytest.param(
            Layer(extra=(MORNING,)), SATURDAY_28, DayKind.REST, (), ("07:30-11:30",), id="a declared Saturday morning"
        ),
        pytest.param(
            Layer(extra=(extra_weekly(SATURDAY, "07:30-11:30", to=date(2026, 11, 27)),)),
            SATURDAY_28,
            DayKind.REST,
            (),
            (),
            id="a decision that has ended the day before",
        ),
        pytest.param(
            Layer(extra=(extra_weekly(SATURDAY, "07:30-11:30", since=SATURDAY_28, to=SATURDAY_28),)),
            SATURDAY_28,
            DayKind.REST,
            (),
            ("07:30-11:30",),
            id="a decision that holds on its first and last day",
        ),
        pytest.param(
            Layer(extra=(MORNING,)),
            WORKED_SATURDAY,
            DayKind.MAKE_UP,
            OFFICE_HOURS,
            OFFICE_HOURS,
            id="a worked Saturday that was declared besides",
        ),
        pytest.param(
            Layer(extra=(TUESDAY_EVENING,)),
            CULTURE_DAY,
            DayKind.HOLIDAY,
            (),
            (),
            id="weekly, on a holiday",
        ),
        pytest.param(
            Layer(extra=(extra(CULTURE_DAY, "08:00-10:00"),)),
            CULTURE_DAY,
            DayKind.HOLIDAY,
            (),
            ("08:00-10:00",),
            id="declared for the holiday itself",
        ),
        pytest.param(
            Layer(extra=(extra(MONDAY_23, "17:00-20:00"),)),
            MONDAY_23,
            DayKind.OFFICE,
            OFFICE_HOURS,
            ("07:30-11:30", "13:30-20:00"),
            id="an evening that follows at once",
        ),
        pytest.param(
            Layer(closed=(closed(MONDAY_23, "13:30-17:00"),)),
            MONDAY_23,
            DayKind.OFFICE,
            ("07:30-11:30",),
            ("07:30-11:30",),
            id="a half day closed",
        ),
        pytest.param(
            Layer(closed=(closed(MONDAY_23, "09:00-10:00", "11:00-14:00"),)),
            MONDAY_23,
            DayKind.OFFICE,
            ("07:30-09:00", "10:00-11:00", "14:00-17:00"),
            ("07:30-09:00", "10:00-11:00", "14:00-17:00"),
            id="closed in the midst and over lunch",
        ),
        pytest.param(
            Layer(closed=(closed(SATURDAY_28, "09:00-24:00"),), extra=(MORNING, extra(SATURDAY_28, "10:00-11:00"))),
            SATURDAY_28,
            DayKind.REST,
            (),
            ("07:30-09:00", "10:00-11:00"),
            id="closed takes from what is weekly, not from what is declared for the day",
        ),
        pytest.param(
            Layer(week=(week([FRIDAY], "08:00-12:00"),), make_up=(make_up(SATURDAY_28, FRIDAY),)),
            SATURDAY_28,
            DayKind.MAKE_UP,
            ("08:00-12:00",),
            ("08:00-12:00",),
            id="a make-up day has the hours of its weekday",
        ),
        pytest.param(Layer(off=(off(MONDAY_23),)), MONDAY_23, DayKind.HOLIDAY, (), (), id="a day off of its own"),
        pytest.param(
            Layer(make_up=(make_up(CULTURE_DAY, MONDAY),)),
            CULTURE_DAY,
            DayKind.MAKE_UP,
            OFFICE_HOURS,
            OFFICE_HOURS,
            id="a national day off worked by decision",
        ),
        pytest.param(
            Layer(week=(week([MONDAY], "07:00-11:00", to=MONDAY_23), week([MONDAY], since=CULTURE_DAY))),
            MONDAY_23,
            DayKind.OFFICE,
            ("07:00-11:00",),
            ("07:00-11:00",),
            id="hours on their last day",
        ),
        pytest.param(
            Layer(week=(week([MONDAY], "07:00-11:00", since=CULTURE_DAY),)),
            MONDAY_23,
            DayKind.OFFICE,
            OFFICE_HOURS,
            OFFICE_HOURS,
            id="hours that hold only from tomorrow",
        ),
        pytest.param(
            Layer(week=(week([MONDAY], "00:00-24:00"),)),
            MONDAY_23,
            DayKind.OFFICE,
            ("00:00-24:00",),
            ("00:00-24:00",),
            id="day and night",
        ),
    ],
)
def test_sessions_of_a_day(
    layer: Layer, day: date, kind: DayKind, official: tuple[str, ...], actual: tuple[str, ...]
) -> None:
    plan = calendars(layer).plan(UNIT, day)

    assert (plan.kind, plan.official, plan.actual) == (kind, hours(*official), hours(*actual))


def test_the_province_gives_what_the_unit_does_not_say() -> None:
    province = Layer(week=(week(range(5), "07:00-11:00", "13:00-17:00"),), extra=(MORNING,))
    office = calendars(Layer(week=(week([FRIDAY], "07:00-11:00"),)), province)

    assert office.plan(UNIT, MONDAY_23).official == hours("07:00-11:00", "13:00-17:00")
    assert office.plan(UNIT, date(2026, 11, 27)).official == hours("07:00-11:00")
    assert office.plan(UNIT, SATURDAY_28).actual == hours("07:30-11:30")


def test_the_unit_is_heard_before_the_province_on_a_day() -> None:
    office = calendars(Layer(make_up=(make_up(MONDAY_23, MONDAY),)), Layer(off=(off(MONDAY_23),)))

    assert office.plan(UNIT, MONDAY_23).kind is DayKind.MAKE_UP


def test_a_plan_names_every_row_it_follows_from() -> None:
    hours_of_week = week([SATURDAY], "13:00-15:00")
    half = closed(SATURDAY_28, "14:00-15:00")
    night = extra(SATURDAY_28, "20:00-21:00")

    plan = calendars(Layer(week=(hours_of_week,), closed=(half,), extra=(MORNING, night))).plan(UNIT, SATURDAY_28)

    assert plan.rows == (hours_of_week, half, MORNING, night)
