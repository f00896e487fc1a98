"""Slow is judged against the same hour of four weeks, and what was always slow against an absolute limit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machxa_collector.watch.baseline import DAY_MS, HOUR_MS, Baselines

MONDAY = 1_772_402_400_000  # 2026-03-02 05:00 in Viet Nam: an hour's beginning


def learnt(seconds: float, days: int, *, hour: int = 3, each: int = 20) -> Baselines:
    known = Baselines()
    for day in range(days):
        for number in range(each):
            known.take("dvc", MONDAY + day * DAY_MS + hour * HOUR_MS + number * 60_000, seconds)
    known.take("dvc", MONDAY + days * DAY_MS, seconds)  # what closes the last hour
    return known


def test_an_hour_has_a_baseline_of_its_own_after_three_days() -> None:
    known = learnt(2.0, 4)

    assert known.usual("dvc", MONDAY + 10 * DAY_MS + 3 * HOUR_MS) == pytest.approx(2.0, rel=0.05)
    assert known.usual("dvc", MONDAY + 10 * DAY_MS + 4 * HOUR_MS) is None
    assert known.usual("other", MONDAY) is None
    assert learnt(2.0, 2).usual("dvc", MONDAY + 3 * HOUR_MS) is None
    assert learnt(2.0, 9, each=9).usual("dvc", MONDAY + 3 * HOUR_MS) is None


@pytest.mark.parametrize(
    ("usual", "seconds", "expected"),
    [(2.0, 4.5, True), (2.0, 3.5, False), (0.5, 2.9, False), (0.5, 3.1, True), (6.0, 11.0, False), (6.0, 13.0, True)],
)
def test_slow_is_twice_the_hours_usual_and_over_three_seconds(usual: float, seconds: float, expected: bool) -> None:  # noqa: FBT001
    known = learnt(usual, 5)

    assert known.is_slow("dvc", MONDAY + 6 * DAY_MS + 3 * HOUR_MS, seconds) is expected


def test_without_a_baseline_nothing_is_called_slow() -> None:
    assert Baselines().is_slow("dvc", MONDAY, 9.0) is None
    assert Baselines().is_slow("dvc", MONDAY, 3.0) is False


def test_one_bad_day_moves_the_baseline_little_and_four_weeks_forget_it() -> None:
    known = learnt(1.0, 5)
    for number in range(20):
        known.take("dvc", MONDAY + 6 * DAY_MS + 3 * HOUR_MS + number, 30.0)
    known.take("dvc", MONDAY + 7 * DAY_MS, 1.0)

    assert known.usual("dvc", MONDAY + 7 * DAY_MS + 3 * HOUR_MS) == pytest.approx(1.0, rel=0.05)
    assert known.usual("dvc", MONDAY + 60 * DAY_MS + 3 * HOUR_MS) is None


def test_what_was_always_slow_is_told_by_the_weeks_upper_quartile() -> None:
    assert learnt(9.0, 7).chronic_seconds("dvc", MONDAY + 7 * DAY_MS) == pytest.approx(9.0, rel=0.05)
    assert learnt(7.0, 7).chronic_seconds("dvc", MONDAY + 7 * DAY_MS) is None
    assert learnt(9.0, 4).chronic_seconds("dvc", MONDAY + 4 * DAY_MS) is None
    assert learnt(9.0, 7).chronic_seconds("dvc", MONDAY + 30 * DAY_MS) is None
    assert Baselines().chronic_seconds("dvc", MONDAY) is None


def test_what_comes_after_its_hour_is_over_changes_nothing() -> None:
    known = learnt(1.0, 5)
    before = known.usual("dvc", MONDAY + 3 * HOUR_MS)

    for number in range(200):
        known.take("dvc", MONDAY + 3 * HOUR_MS + number, 60.0)

    assert known.usual("dvc", MONDAY + 3 * HOUR_MS) == before
    assert known.chronic_seconds("dvc", MONDAY + 5 * DAY_MS) is None


@given(st.lists(st.tuples(st.integers(0, 40 * DAY_MS), st.floats(0, 1e6)), max_size=60))
def test_whatever_comes_is_taken(runs: list[tuple[int, float]]) -> None:
    known = Baselines()
    for at, seconds in runs:
        known.take("dvc", at, seconds)

    usual = known.usual("dvc", 40 * DAY_MS)
    assert usual is None or 0 < usual < 200
