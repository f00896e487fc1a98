from __future__ import annotations

import pytest

from machxa_web import rates


def test_a_counter_s_growth_is_a_rate_per_second() -> None:
    assert rates.rate({0: 100, 60: 700, 120: 700}) == {60: 10.0, 120: 0.0}


def test_a_counter_that_falls_was_reset_and_gives_no_value() -> None:
    assert rates.rate({0: 700, 60: 10, 120: 70}) == {60: None, 120: 1.0}


@pytest.mark.parametrize(
    "readings",
    [{0: None, 60: 5}, {0: 5, 60: None}],
    ids=["unknown before", "unknown after"],
)
def test_an_unknown_reading_gives_no_rate(readings: dict[float, float | None]) -> None:
    assert rates.rate(readings) == {60: None}


def test_no_rate_is_drawn_across_a_hole() -> None:
    assert rates.rate({0: 0, 60: 60, 120: 120, 600: 600, 660: 660}) == {60: 1, 120: 1, 600: None, 660: 1}


def test_one_reading_gives_no_rate() -> None:
    assert rates.rate({0: 5}) == {}


def test_busy_is_the_share_of_time_neither_idle_nor_waiting() -> None:
    assert rates.busy_ratio(
        [("user", {0: 10, 60: 25}), ("idle", {0: 100, 60: 130}), ("iowait", {0: 0, 60: 15})],
    ) == {60: 0.25}


def test_busy_is_unknown_when_any_mode_fell() -> None:
    assert rates.busy_ratio([("user", {0: 10, 60: 2}), ("idle", {0: 100, 60: 130})]) == {60: None}


def test_busy_is_unknown_when_no_time_was_counted() -> None:
    assert rates.busy_ratio([("user", {0: 10, 60: 10}), ("idle", {0: 1, 60: 1})]) == {60: None}


def test_a_sum_is_unknown_when_a_part_is_missing() -> None:
    assert rates.added([{0: 1, 60: 2, 120: None}, {0: 10, 120: 5}]) == {0: 11, 60: None, 120: None}


def test_a_share_of_nothing_is_unknown() -> None:
    assert rates.share({0: 3, 60: 0, 120: None}, {0: 1, 60: 0, 120: 4}) == {0: 0.75, 60: None, 120: None}


def test_a_hole_gets_an_unknown_point_so_that_no_line_bridges_it() -> None:
    assert rates.aligned([{0: 1.0, 60: 2.0, 120: 3.0, 600: 4.0}]) == ((0, 60, 120, 360, 600), ((1, 2, 3, None, 4),))


def test_lines_share_their_times() -> None:
    assert rates.aligned([{0: 1.0, 60: 2.0}, {60: 5.0}]) == ((0, 60), ((1, 2), (None, 5)))


def test_of_a_roll_up_a_counter_takes_the_last_and_a_level_the_mean() -> None:
    points = [(300.0, 1.0, 2.0, 3.0, 2.5, 5.0)]

    assert (rates.latest(points), rates.mean(points)) == ({300: 2.5}, {300: 2})
