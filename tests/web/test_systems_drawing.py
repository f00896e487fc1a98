"""A strip draws an hour a bar from the ground up, says its level by a sign too, and counts hours by level."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from machxa_web.systems.drawing import HEIGHT, days_of, level_of, strip_of
from machxa_web.systems.shapes import Cell

MIDNIGHT = datetime(2026, 11, 26, 17, tzinfo=UTC)  # here


@pytest.mark.parametrize(
    ("cell", "level"),
    [
        ((0, 0, 0, 0), "unwatched"),
        ((6, 0, 0, 0), "unknown"),
        ((6, 6, 0, 0), "well"),
        ((6, 4, 0, 2), "stopped"),
        ((124, 110, 0, 12), "well"),
        ((124, 100, 0, 12), "partly"),
        ((6, 4, 2, 0), "slow"),
        ((6, 5, 1, 0), "well"),
        ((6, 1, 0, 1), "stopped"),
    ],
)
def test_an_hour_s_level_is_judged_by_the_sites_that_could_tell(cell: Cell, level: str) -> None:
    assert level_of(cell) == level


def test_equal_hours_are_one_bar_and_what_hangs_at_few_sites_is_seen_all_the_same() -> None:
    strip = strip_of([(100, 100, 0, 0), (100, 100, 0, 0), (100, 99, 0, 1), (100, 0, 0, 0)], MIDNIGHT)

    drawn = dict(strip.paths)
    assert drawn["well"] == f"M0 0h24v{HEIGHT}h-24zM24 0h12v{HEIGHT - 3}h-12z"
    assert drawn["bad"] == f"M24 {HEIGHT - 3}h12v3h-12z"
    assert drawn["unknown"] == f"M36 0h12v{HEIGHT}h-12z"
    assert strip.hours == (("well", 3), ("unknown", 1))
    assert strip.ticks == ((0, "00:00"),)
    assert strip_of([(1, 1, 0, 0)] * 169, MIDNIGHT).ticks[-1] == (504, "")


def test_each_run_of_hours_that_are_not_well_has_a_sign_where_there_is_room() -> None:
    bad, well = (6, 0, 0, 6), (6, 6, 0, 0)
    day = [well, bad, bad, well, *[well] * 20]
    week = [bad, well, bad, well, *[well] * 164]

    assert strip_of(day, MIDNIGHT).signs == (("stopped", 24.0),)
    assert strip_of(week, MIDNIGHT).signs == (("stopped", 7.5),)


def test_hours_are_laid_out_by_days_here_the_newest_first() -> None:
    cells = [(6, 5, 0, 1)] + [(6, 6, 0, 0)] * 24

    (newest, last), (oldest, first) = days_of(cells, MIDNIGHT)

    assert (newest.day, oldest.day) == (28, 27)
    assert (first[0].well, first[0].level, first[0].place) == (83, "partly", 0)  # type: ignore[union-attr]  # it was asked for
    assert [hour is None for hour in last] == [False] + [True] * 23
