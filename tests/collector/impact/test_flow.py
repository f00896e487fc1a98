from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import pytest

from machxa_collector.impact import Channel, DayCount, Explained, FlowProfile, Group, learn_flows
from tests.collector.impact.scenes import CODE, MODEL, PROVINCE, calendars

OTHER = "29374"
CALENDARS = calendars(CODE, OTHER, saturday=True)
HT = Group.CIVIL_STATUS
DIRECT, ONLINE = (HT, Channel.DIRECT), (HT, Channel.ONLINE)
TODAY = date(2026, 8, 31)  # a Monday


def counts(unit: str, first: date, last: date, by_weekday: dict[int, int], **more: int) -> list[DayCount]:
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [
        DayCount(unit=unit, group=HT, day=day, received=by_weekday[day.weekday()], **more)
        for day in days
        if day.weekday() in by_weekday
    ]


def profile(some: Iterable[DayCount], unit: str = CODE, as_of: date = TODAY) -> FlowProfile:
    return learn_flows(some, CALENDARS, {CODE: PROVINCE, OTHER: PROVINCE}, MODEL, as_of)[unit]


def said(found: Explained, name: str) -> object:
    return next(one.value for one in found.inputs if one.name == name)


def test_with_four_weeks_each_weekday_has_a_rate_of_its_own() -> None:
    found = profile(counts(CODE, date(2026, 7, 6), date(2026, 8, 2), {0: 30, 1: 15, 5: 8}))

    monday, saturday = found.usual(HT, 0), found.usual(HT, 5)
    assert (monday.figure, said(monday, "level"), said(monday, "sample_days")) == (4, "unit_weekday", 4)
    assert saturday.figure == 2  # 8 in a declared morning of 4 h
    wednesday = found.usual(HT, 2)
    assert wednesday.figure == pytest.approx((30 + 15 + 8) / (7.5 + 7.5 + 4))
    assert (said(wednesday, "level"), said(wednesday, "sample_days")) == ("unit", 12)


def test_a_unit_without_counts_is_taken_as_its_province_and_says_so() -> None:
    found = profile(counts(CODE, date(2026, 7, 6), date(2026, 8, 2), {0: 30}), unit=OTHER)

    assert found.usual(HT, 3).figure is not None
    found = profile(counts(CODE, date(2026, 7, 6), date(2026, 8, 9), {0: 30}), unit=OTHER)
    assert (found.usual(HT, 3).figure, said(found.usual(HT, 3), "level")) == (4, "province")


def test_without_any_counts_the_figures_of_the_sources_hold_and_say_so() -> None:
    found = profile([]).usual(HT, 0)

    assert found.figure == pytest.approx(3.157 * 0.3)
    assert (said(found, "level"), said(found, "sample_days")) == ("sources", 0)
    assert said(found, "source") == "Bài B (VOV, Vĩnh Long) và bài C (Hà Nội Mới)"


def test_a_day_without_a_row_is_not_a_day_with_nothing() -> None:
    some = counts(CODE, date(2026, 8, 3), date(2026, 8, 14), dict.fromkeys(range(5), 15))

    assert profile(some[:-3]).usual(HT, 6).figure == 2
    zeros = [DayCount(unit=CODE, group=HT, day=one.day, received=0) for one in some[-3:]]
    assert profile(some[:-3] + zeros).usual(HT, 6).figure == pytest.approx(1.4)


def test_what_came_on_a_holiday_is_work_of_the_next_open_day() -> None:
    as_of = date(2026, 9, 30)
    days = [date(2026, 8, 31) + timedelta(days=n) for n in range(10)]  # 2 September is off

    some = [DayCount(unit=CODE, group=HT, day=day, received=6) for day in days if day.weekday() < 5]

    rate = profile(some, as_of=as_of).usual(HT, 6)
    assert said(rate, "received") == pytest.approx(48)
    assert said(rate, "hours") == 7.5 * said(rate, "sample_days")  # type: ignore[operator] # both are numbers


def test_the_online_share_is_learnt_where_counts_tell_it() -> None:
    found = profile(counts(CODE, date(2026, 7, 6), date(2026, 8, 2), {0: 30, 1: 30}, online=12))

    assert found.channel_ratio(ONLINE).figure == pytest.approx(0.4)
    assert found.channel_ratio(DIRECT).figure == pytest.approx(0.6)
    assert profile([]).channel_ratio(ONLINE).figure == 0.6


def test_capacity_is_a_quarter_above_the_week_until_busy_days_tell_it() -> None:
    week = dict.fromkeys(range(5), 15)
    some = counts(CODE, date(2026, 7, 20), date(2026, 8, 28), week)
    done = [
        DayCount(unit=CODE, group=HT, day=one.day, received=15, finished=15 * (1 + n % 5)) for n, one in enumerate(some)
    ]

    assert profile(some).capacity(ONLINE).figure == pytest.approx(1.25 * 2 * 0.6)
    busy = profile(done).capacity(ONLINE)
    assert busy.figure == pytest.approx(8 * 0.6)  # the fourth of five kinds of day, not the best
    assert said(said(busy, "busy"), "sample_days") == 30  # type: ignore[arg-type] # an Explained


def test_a_year_of_counts_tells_that_august_is_busier() -> None:
    plain, august = dict.fromkeys(range(5), 15), dict.fromkeys(range(5), 30)
    year = counts(CODE, date(2025, 8, 1), date(2025, 8, 29), august)
    year += counts(CODE, date(2025, 9, 1), date(2026, 7, 31), plain)
    year += counts(CODE, date(2026, 8, 3), date(2026, 8, 28), august)

    found = profile(year)

    busy = found.arrivals(DIRECT, 0, date(2026, 8, 31), reopening=False).figure
    calm = found.arrivals(DIRECT, 0, date(2026, 9, 7), reopening=False).figure
    assert busy == pytest.approx(4 * 0.4, rel=0.05)
    assert calm == pytest.approx(2 * 0.4, rel=0.05)


def test_three_reopenings_tell_how_busy_the_first_day_after_a_holiday_is() -> None:
    offices = calendars(CODE)
    after = {date(2026, 1, 5), date(2026, 2, 23), date(2026, 4, 28), date(2026, 5, 4)}  # New Year, Tết, Hùng, 1 May
    days = [date(2026, 1, 5) + timedelta(days=n) for n in range(200)]
    some = [
        DayCount(unit=CODE, group=HT, day=day, received=30 if day in after else 15)
        for day in days
        if offices.plan(CODE, day).official
    ]

    factor = learn_flows(some, offices, {CODE: PROVINCE}, MODEL, TODAY)[CODE].seasons.reopening

    assert (factor.figure, said(factor, "sample_days")) == (2, 4)


def test_later_counts_are_not_looked_at() -> None:
    some = counts(CODE, TODAY, date(2026, 9, 30), {0: 300})

    assert profile(some).usual(HT, 0).figure == pytest.approx(3.157 * 0.3)


def test_counts_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="online 4"):
        DayCount(unit=CODE, group=HT, day=TODAY, received=3, online=4)
