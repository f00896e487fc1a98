"""A site's hour is the gravest word that a quarter of its results says; cells count sites, those watched among them."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from machxa_collector.incidents.hours import HOUR_MS, Counts
from machxa_collector.store import system_hours
from machxa_collector.store.registry import LiveRegistry
from machxa_collector.strips.keeper import Strips
from machxa_collector.strips.strip import BAD, SLOW, WELL, Cell, watched_by, words_of

HOUR = 500_000
HERE, THERE = "29374", "29398"


@pytest.mark.parametrize(
    ("counts", "word"),
    [
        ((12, 0, 0), WELL),
        ((10, 0, 2), WELL),
        ((9, 0, 3), BAD),
        ((9, 3, 0), SLOW),
        ((9, 2, 1), SLOW),
        ((0, 0, 1), BAD),
        ((1, 0, 0), WELL),
    ],
)
def test_an_hour_s_word_is_the_gravest_that_a_quarter_of_its_results_says(
    counts: tuple[int, int, int], word: int
) -> None:
    assert words_of(*((one,) for one in counts)) == bytes([word])


def test_a_site_is_watched_from_the_hour_in_which_its_first_agent_came() -> None:
    came = (HOUR * HOUR_MS, HOUR * HOUR_MS + HOUR_MS)

    assert watched_by(came, range(HOUR - 1, HOUR + 2)) == [0, 1, 2]


def test_cells_follow_what_is_written_and_each_sight_counts_its_own_units(store: Engine) -> None:
    strips = Strips(LiveRegistry(store))
    since = {HERE: 0, THERE: 0, "29400": 0}
    hours = range(HOUR - 1, HOUR + 1)
    system_hours.keep(store, {("eid", HOUR): {HERE: Counts(12, 0, 0), THERE: Counts(0, 0, 12)}})
    first = strips.of_all(["eid", "land"], None, since, hours)
    own = strips.of_all(["eid"], frozenset({HERE}), {HERE: 0}, hours)
    system_hours.keep(store, {("eid", HOUR): {HERE: Counts(12, 6, 0)}})

    after = strips.of_all(["eid"], frozenset({HERE}), {HERE: 0}, hours)
    groups = strips.of_groups("eid", [frozenset({THERE}), frozenset({"29400"})], since, hours)

    unknown = Cell(3, 0, 0, 0)
    assert first == {"eid": [unknown, Cell(3, 1, 0, 1)], "land": [unknown, unknown]}
    assert own["eid"][1] == Cell(1, 1, 0, 0)
    assert after["eid"][1] == Cell(1, 0, 1, 0)
    assert groups == [[Cell(1, 0, 0, 0), Cell(1, 0, 0, 1)], [Cell(1, 0, 0, 0)] * 2]
