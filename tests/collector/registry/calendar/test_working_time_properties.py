from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from machxa_collector.registry.calendar import Clock, Layer
from tests.collector.registry.calendar.offices import DAYS, FIRST_MOMENT, NATION, UNIT, calendars, layers, moments
from tests.collector.registry.calendar.slow_clock import minutes_worked

_three = st.tuples(moments, moments, moments).map(lambda drawn: tuple(sorted(drawn)))
_two = st.tuples(moments, moments).map(lambda drawn: tuple(sorted(drawn)))
_clocks = st.sampled_from(Clock)
_minutes = st.integers(0, DAYS * 1440).map(lambda n: FIRST_MOMENT + timedelta(minutes=n))
_durations = st.integers(0, 400 * 3600 * 1_000_000).map(lambda micros: timedelta(microseconds=micros))
_COUNTRY = Layer(  # what the slow clock reads each minute, without the other fifty years
    week=NATION.layer.week,
    off=tuple(row for row in NATION.layer.off if date(2025, 12, 1) < row.valid_from < date(2026, 2, 28)),
    make_up=tuple(row for row in NATION.layer.make_up if date(2025, 12, 1) < row.day < date(2026, 2, 28)),
)


@given(layers(), layers(), _three)
def test_working_time_adds_up_over_any_split(
    unit: Layer, province: Layer, cut: tuple[datetime, datetime, datetime]
) -> None:
    start, middle, end = cut
    office = calendars(unit, province)

    official = office.w_off(UNIT, start, middle) + office.w_off(UNIT, middle, end)
    actual = office.w_act(UNIT, start, middle) + office.w_act(UNIT, middle, end)

    assert official == office.w_off(UNIT, start, end)
    assert actual == office.w_act(UNIT, start, end)


@given(layers(), layers(), _two)
def test_official_time_is_within_actual_time_and_that_within_the_span(
    unit: Layer, province: Layer, span: tuple[datetime, datetime]
) -> None:
    start, end = span
    office = calendars(unit, province)

    assert timedelta() <= office.w_off(UNIT, start, end) <= office.w_act(UNIT, start, end) <= end - start


@given(layers(), layers(), _three)
def test_a_longer_span_never_holds_less(unit: Layer, province: Layer, cut: tuple[datetime, datetime, datetime]) -> None:
    start, middle, end = cut
    office = calendars(unit, province)

    assert office.w_off(UNIT, start, middle) <= office.w_off(UNIT, start, end)
    assert office.w_act(UNIT, middle, end) <= office.w_act(UNIT, start, end)


@settings(max_examples=150)
@given(layers(), layers(), _minutes, st.integers(0, 2000))
def test_both_clocks_equal_a_count_of_minutes(unit: Layer, province: Layer, start: datetime, minutes: int) -> None:
    end = start + timedelta(minutes=minutes)
    office = calendars(unit, province)
    rows = (unit, province, _COUNTRY)

    assert office.w_off(UNIT, start, end) == minutes_worked(rows, start, end, declared=False)
    assert office.w_act(UNIT, start, end) == minutes_worked(rows, start, end, declared=True)


@given(layers(), moments, _durations, _clocks)
def test_just_the_asked_working_time_passes_until_the_moment_it_is_over(
    province: Layer, start: datetime, working: timedelta, clock: Clock
) -> None:
    office = calendars(province=Layer(off=province.off, make_up=province.make_up, extra=province.extra))
    worked = {Clock.OFFICIAL: office.w_off, Clock.ACTUAL: office.w_act}[clock]

    over = office.advance(UNIT, start, working, clock)

    assert worked(UNIT, start, over) == working
    assert over == start or worked(UNIT, start, over - timedelta(microseconds=1)) < working


@given(layers(), layers(), _two, _clocks)
def test_the_working_time_of_a_span_is_over_by_its_end(
    unit: Layer, province: Layer, span: tuple[datetime, datetime], clock: Clock
) -> None:
    start, end = span
    office = calendars(unit, province)
    worked = {Clock.OFFICIAL: office.w_off, Clock.ACTUAL: office.w_act}[clock]

    over = office.advance(UNIT, start, worked(UNIT, start, end), clock)

    assert start <= over <= end
    assert not worked(UNIT, over, end)
