from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from machxa_collector.registry.calendar import Clock, Layer, OutsideCalendar, UnknownUnit
from tests.collector.registry.calendar.offices import (
    HOUR,
    SATURDAY,
    UNIT,
    at,
    calendars,
    closed,
    extra,
    extra_weekly,
    week,
)

OFFICE = calendars()


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        pytest.param("2026-11-23T00:00", "2026-11-24T00:00", 7.5 * HOUR, id="one whole Monday"),
        pytest.param("2026-11-23T07:30", "2026-11-23T11:30", 4 * HOUR, id="just one session"),
        pytest.param("2026-11-23T07:29:59", "2026-11-23T07:30", 0 * HOUR, id="the second before a session"),
        pytest.param("2026-11-23T07:30", "2026-11-23T07:30:01", HOUR / 3600, id="the first second of a session"),
        pytest.param("2026-11-23T11:29:59", "2026-11-23T11:30", HOUR / 3600, id="the last second of a session"),
        pytest.param("2026-11-23T11:30", "2026-11-23T13:30", 0 * HOUR, id="lunch"),
        pytest.param("2026-11-23T11:00", "2026-11-23T14:00", HOUR, id="over lunch"),
        pytest.param("2026-11-23T09:00", "2026-11-23T09:00:00.000007", timedelta(microseconds=7), id="microseconds"),
        pytest.param("2026-11-20T16:00", "2026-11-23T08:30", 2 * HOUR, id="over a weekend"),
        pytest.param("2026-11-23T16:00", "2026-11-25T08:30", 2 * HOUR, id="over the Culture Day of 24/11"),
        pytest.param("2026-11-23T23:59", "2026-11-24T00:01", 0 * HOUR, id="over midnight"),
        pytest.param("2025-12-31T16:00", "2026-01-05T08:30", 2 * HOUR, id="over New Year and the swapped 2/1"),
        pytest.param("2025-12-31T00:00", "2026-01-01T00:00", 7.5 * HOUR, id="until the year ends"),
        pytest.param("2026-01-01T00:00", "2027-01-01T00:00", 249 * 7.5 * HOUR, id="the 249 working days of 2026"),
        pytest.param("2024-12-31T16:30", "2027-01-04T07:30", (1 + 499 * 15) * HOUR / 2, id="over two whole years"),
        pytest.param("2026-11-23T09:00", "2026-11-23T09:00", 0 * HOUR, id="an empty span"),
        pytest.param("2026-11-23T10:00", "2026-11-23T09:00", 0 * HOUR, id="a span that runs backwards"),
    ],
)
def test_official_time(start: str, end: str, expected: timedelta) -> None:
    assert OFFICE.w_off(UNIT, at(start), at(end)) == expected


def test_a_moment_counts_the_same_in_any_time_zone() -> None:
    start = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)  # 07:30 in Vietnam

    assert OFFICE.w_off(UNIT, start, start + 2 * HOUR) == 2 * HOUR


def test_declared_sessions_count_for_actual_time_only_and_only_once() -> None:
    office = calendars(Layer(extra=(extra_weekly(SATURDAY, "07:30-11:30"), extra(date(2026, 11, 23), "11:00-12:00"))))
    span = (at("2026-11-21T00:00"), at("2026-11-24T00:00"))

    assert office.w_off(UNIT, *span) == 7.5 * HOUR
    assert office.w_act(UNIT, *span) == 12 * HOUR  # the Saturday's four hours, and half an hour of Monday's lunch


def test_an_office_without_declared_sessions_has_one_clock() -> None:
    assert OFFICE.w_act(UNIT, at("2026-01-01T00:00"), at("2027-01-01T00:00")) == 249 * 7.5 * HOUR


@pytest.mark.parametrize(
    ("start", "working", "expected"),
    [
        pytest.param("2026-11-23T09:00", HOUR, "2026-11-23T10:00", id="inside a session"),
        pytest.param("2026-11-23T09:00", 2.5 * HOUR, "2026-11-23T11:30", id="ends with the session, not after lunch"),
        pytest.param("2026-11-23T09:00", 3 * HOUR, "2026-11-23T14:00", id="over lunch"),
        pytest.param("2026-11-23T12:00", HOUR, "2026-11-23T14:30", id="from lunch"),
        pytest.param("2026-11-23T20:00", 0 * HOUR, "2026-11-23T20:00", id="nothing to pass, at night"),
        pytest.param("2026-11-23T09:00", 7.5 * HOUR, "2026-11-25T09:00", id="one working day over 24/11"),
        pytest.param("2025-12-31T09:00", 3 * 7.5 * HOUR, "2026-01-07T09:00", id="over the year's end and the swap"),
        pytest.param("2025-12-31T13:30", 3.5 * HOUR, "2025-12-31T17:00", id="the year's last working moment"),
        pytest.param("2026-01-01T00:00", 249 * 7.5 * HOUR, "2026-12-31T17:00", id="a whole year's work"),
    ],
)
def test_the_moment_by_which_working_time_is_over(start: str, working: timedelta, expected: str) -> None:
    assert OFFICE.advance(UNIT, at(start), working, Clock.OFFICIAL) == at(expected)


def test_declared_sessions_bring_the_moment_forward_on_the_actual_clock_only() -> None:
    office = calendars(Layer(extra=(extra_weekly(SATURDAY, "07:30-11:30"),)))
    friday = at("2026-11-20T16:00")

    assert office.advance(UNIT, friday, 2 * HOUR, Clock.ACTUAL) == at("2026-11-21T08:30")
    assert office.advance(UNIT, friday, 2 * HOUR, Clock.OFFICIAL) == at("2026-11-23T08:30")


def test_years_are_reached_from_the_first_moment_to_the_last_and_no_further() -> None:
    first, last = at("2000-01-01T00:00"), at("2049-12-31T23:59:59.999999")

    assert OFFICE.w_off(UNIT, first, last) > 12_000 * 7.5 * HOUR
    with pytest.raises(OutsideCalendar, match="outside the years 2000 to 2049"):
        OFFICE.w_off(UNIT, first - timedelta(microseconds=1), last)
    with pytest.raises(OutsideCalendar, match="outside the years 2000 to 2049"):
        OFFICE.w_off(UNIT, first, last + timedelta(microseconds=1))


@pytest.mark.parametrize("moment", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, tzinfo=UTC)])
def test_a_moment_far_away_is_refused_as_outside(moment: datetime) -> None:
    with pytest.raises(OutsideCalendar):
        OFFICE.w_off(UNIT, moment, at("2026-01-01T00:00"))


def test_work_that_is_never_over_is_refused() -> None:
    never = calendars(Layer(week=(week(range(7)),)))

    with pytest.raises(OutsideCalendar, match="is not over by the end of 2049"):
        never.advance(UNIT, at("2026-01-01T00:00"), HOUR, Clock.ACTUAL)


def test_a_half_day_closed_takes_from_both_clocks() -> None:
    office = calendars(Layer(closed=(closed(date(2026, 2, 13), "13:30-17:00"),)))
    day = (at("2026-02-13T00:00"), at("2026-02-14T00:00"))

    assert office.w_off(UNIT, *day) == 4 * HOUR
    assert office.w_act(UNIT, *day) == 4 * HOUR


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        OFFICE.w_off(UNIT, datetime(2026, 1, 5), at("2026-01-06T00:00"))  # noqa: DTZ001 - what is refused


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(UnknownUnit, match="'00000'"):
        OFFICE.w_off("00000", at("2026-01-05T00:00"), at("2026-01-06T00:00"))


def test_negative_working_time_is_refused() -> None:
    with pytest.raises(ValueError, match="expected zero or more"):
        OFFICE.advance(UNIT, at("2026-01-05T00:00"), -HOUR, Clock.OFFICIAL)
