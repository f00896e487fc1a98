"""A report is due once, on the first working day after its period; of several that were missed the newest comes."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machxa_collector.notify.periods import Due, Every, due, due_at, key_of, next_at
from machxa_collector.registry.calendar import LOCAL

HALF_PAST_SEVEN = 450
NATIONAL_DAY = {date(2026, 9, 1), date(2026, 9, 2)}
WEEK_OFF = {date(2026, 2, 16) + timedelta(days=n) for n in range(5)}  # Tết 2026, Monday to Friday


def works(day: date) -> bool:
    return day.weekday() < 5 and day not in NATIONAL_DAY | WEEK_OFF


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("every", "first", "told"),
    [
        (Every.WEEK, date(2026, 11, 23), "2026-11-30T07:30"),
        (Every.WEEK, date(2026, 2, 9), "2026-02-23T07:30"),
        (Every.MONTH, date(2026, 8, 1), "2026-09-03T07:30"),
        (Every.MONTH, date(2026, 10, 1), "2026-11-02T07:30"),
        (Every.MONTH, date(2026, 12, 1), "2027-01-01T07:30"),
    ],
    ids=["next Monday", "a whole week off", "two days off", "a Sunday", "over the year, on a day that works"],
)
def test_it_goes_on_the_first_working_day_after(every: Every, first: date, told: str) -> None:
    assert due_at(every, first, HALF_PAST_SEVEN, works) == at(told)


@pytest.mark.parametrize(
    ("since", "now", "told"),
    [
        ("2026-11-27T10:00", "2026-11-30T07:29", None),
        ("2026-11-27T10:00", "2026-11-30T07:30", (date(2026, 11, 23), ())),
        ("2026-11-30T07:30", "2026-11-30T12:00", None),
        ("2026-11-30T07:29", "2026-11-30T12:00", (date(2026, 11, 23), ())),
        ("2026-11-05T10:00", "2026-11-27T10:00", (date(2026, 11, 16), (date(2026, 11, 2), date(2026, 11, 9)))),
        ("2026-11-30T12:00", "2026-11-20T12:00", None),
    ],
    ids=[
        "a minute early",
        "to the minute",
        "due as it was made",
        "due just after",
        "three weeks down",
        "clock set back",
    ],
)
def test_the_newest_that_became_due_since_comes_and_names_those_left_out(
    since: str, now: str, told: tuple[date, tuple[date, ...]] | None
) -> None:
    found = due(Every.WEEK, HALF_PAST_SEVEN, at(since), at(now), works)

    assert (None if found is None else (found.first, found.missed)) == told


def test_periods_are_named_as_the_year_counts_its_weeks() -> None:
    assert [key_of(Every.WEEK, date(2026, 12, 28)), key_of(Every.MONTH, date(2026, 11, 1))] == ["2026-W53", "2026-11"]


@given(
    every=st.sampled_from(Every),
    minute=st.integers(0, 1439),
    days=st.lists(st.integers(1, 40), min_size=1, max_size=12),
)
def test_however_often_one_looks_each_period_comes_once_and_none_is_lost(
    every: Every, minute: int, days: list[int]
) -> None:
    since, now, told, named = at("2026-01-07T09:00"), at("2026-01-07T09:00"), [], []

    for step in days:
        now += timedelta(days=step)
        found: Due | None = due(every, minute, since, now, works)
        if found is not None and found.first not in told:
            named += [day for day in found.missed if day not in told and day not in named]
            told.append(found.first)

    whole = due(every, minute, since, now, works)
    expected = [] if whole is None else [*whole.missed, whole.first]
    assert sorted({*told, *named}) == expected
    assert len(told) == len(set(told))
    assert next_at(every, minute, now, works) > now
