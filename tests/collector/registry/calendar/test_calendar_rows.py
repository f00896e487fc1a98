from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from machxa_collector.registry.calendar import BadCalendar, ExtraHours, Layer, Session, Source, UnitRows, WeekHours
from machxa_collector.registry.calendar.plan import index
from machxa_collector.registry.calendar.sharing import share
from tests.collector.registry.calendar.offices import (
    NATION,
    PROVINCE,
    SOURCE,
    closed,
    extra,
    extra_weekly,
    make_up,
    off,
    week,
)

DAY = date(2026, 11, 23)
NEXT = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("build", "reason"),
    [
        pytest.param(lambda: Source(reference="  "), "names no source", id="a source that names nothing"),
        pytest.param(lambda: week([7], "08:00-09:00"), "expected 0 .Monday. to 6", id="weekday 7"),
        pytest.param(lambda: make_up(DAY, -1), "expected 0 .Monday. to 6", id="weekday -1"),
        pytest.param(lambda: week([0], since=DAY, to=date(2026, 11, 22)), "before it starts", id="turned dates"),
        pytest.param(lambda: off(DAY, date(2027, 11, 24)), "at most 366", id="more than a year off"),
        pytest.param(lambda: week([0], "09:00-09:00"), "expected 0 to 86400", id="an empty session"),
        pytest.param(lambda: week([0], "22:00-24:30"), "expected 0 to 86400", id="a session over midnight"),
        pytest.param(lambda: week([0], "08:00-10:00", "09:00-11:00"), "not apart", id="overlapping sessions"),
        pytest.param(lambda: week([0], "08:00-10:00", "10:00-11:00"), "not apart", id="touching sessions"),
        pytest.param(lambda: week([0], "13:00-14:00", "08:00-09:00"), "not apart and in order", id="out of order"),
        pytest.param(
            lambda: ExtraHours(valid_from=DAY, sessions=(Session(0, 1),), source=SOURCE),
            "have no last day",
            id="single days without an end",
        ),
        pytest.param(lambda: Layer(week=(week([0]), week([0, 1], since=DAY))), "two sets", id="hours twice"),
        pytest.param(
            lambda: Layer(week=(week([0], since=DAY), week([0], to=DAY))),
            "two sets",
            id="hours twice on a day",
        ),
        pytest.param(lambda: Layer(off=(off(DAY), off(DAY))), "2026-11-23 is decided twice", id="a day off twice"),
        pytest.param(
            lambda: Layer(off=(off(DAY),), make_up=(make_up(DAY, 0),)),
            "2026-11-23 is decided twice",
            id="off and worked",
        ),
    ],
)
def test_a_row_that_cannot_be_meant_is_refused_with_the_reason(build: Callable[[], object], reason: str) -> None:
    with pytest.raises(BadCalendar, match=reason):
        build()


def test_units_with_equal_hours_share_a_schedule_whatever_their_decisions_are_called() -> None:
    other = Source(reference="QĐ 99/QĐ-UBND, 01/08/2025")
    one = Layer(week=(week([0], "07:00-11:00"), week([1], "07:00-12:00")))
    same = Layer(
        week=tuple(
            WeekHours(valid_from=row.valid_from, weekdays=row.weekdays, sessions=row.sessions, source=other)
            for row in reversed(one.week)
        )
    )
    declared = Layer(week=one.week, extra=(extra_weekly(5, "07:30-11:30"),))
    provinces = {PROVINCE: Layer(), "75": Layer(week=(week([0], "07:00-12:00"),))}
    units = {
        "a": UnitRows(province=PROVINCE, layer=one),
        "b": UnitRows(province=PROVINCE, layer=same),
        "c": UnitRows(province=PROVINCE, layer=declared),
        "d": UnitRows(province=PROVINCE),
        "e": UnitRows(province="01"),  # a province without rows
        "f": UnitRows(province="75"),
    }

    shared = share(index(NATION.layer), provinces, units)

    assert shared.of_unit == {"a": 0, "b": 0, "c": 1, "d": 2, "e": 2, "f": 3}
    assert len(shared.schedules) == 4


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(Layer(week=(week([0], "07:00-11:00"),)), Layer(week=(week([1], "07:00-11:00"),)), id="weekday"),
        pytest.param(Layer(week=(week([0], "07:00-11:00"),)), Layer(week=(week([0], "07:00-12:00"),)), id="session"),
        pytest.param(Layer(week=(week([0]),)), Layer(week=(week([0], since=DAY),)), id="first day of hours"),
        pytest.param(Layer(week=(week([0]),)), Layer(week=(week([0], to=DAY),)), id="last day of hours"),
        pytest.param(Layer(off=(off(DAY),)), Layer(off=(off(NEXT),)), id="day off"),
        pytest.param(Layer(off=(off(DAY),)), Layer(off=(off(DAY, NEXT),)), id="last day off"),
        pytest.param(Layer(make_up=(make_up(DAY, 0),)), Layer(make_up=(make_up(NEXT, 0),)), id="make-up day"),
        pytest.param(Layer(make_up=(make_up(DAY, 0),)), Layer(make_up=(make_up(DAY, 1),)), id="weekday made up"),
        pytest.param(
            Layer(closed=(closed(DAY, "08:00-09:00"),)), Layer(closed=(closed(DAY, "08:00-10:00"),)), id="closed hours"
        ),
        pytest.param(
            Layer(closed=(closed(DAY, "08:00-09:00"),)), Layer(closed=(closed(NEXT, "08:00-09:00"),)), id="closed day"
        ),
        pytest.param(
            Layer(extra=(extra(DAY, "08:00-09:00"),)), Layer(extra=(extra(DAY, "08:00-10:00"),)), id="declared session"
        ),
        pytest.param(
            Layer(extra=(extra(DAY, "08:00-09:00"),)), Layer(extra=(extra(NEXT, "08:00-09:00"),)), id="declared day"
        ),
        pytest.param(
            Layer(extra=(extra_weekly(5, "08:00-09:00", since=DAY, to=DAY),)),
            Layer(extra=(extra(DAY, "08:00-09:00"),)),
            id="declared by weekday or for the day",
        ),
        pytest.param(
            Layer(extra=(extra_weekly(5, "08:00-09:00"),)),
            Layer(extra=(extra_weekly(5, "08:00-09:00", to=DAY),)),
            id="last day of declared sessions",
        ),
    ],
)
def test_units_that_differ_in_anything_that_changes_hours_share_nothing(one: Layer, other: Layer) -> None:
    units = {"a": UnitRows(province=PROVINCE, layer=one), "b": UnitRows(province=PROVINCE, layer=other)}

    shared = share(index(NATION.layer), {}, units)

    assert shared.of_unit == {"a": 0, "b": 1}
