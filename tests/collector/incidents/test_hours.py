"""Hour by hour it is counted how each site's checks went, of who speaks for it and while its own line was well."""

from __future__ import annotations

import pytest

from machxa_collector.incidents.hours import HOUR_MS, Counts, SystemHours
from tests.collector.incidents.province import MINUTE, TEN, Town, fleet

TEN_HOUR = TEN // HOUR_MS


@pytest.mark.parametrize(
    ("well", "slow", "told"),
    [
        ({TEN: True}, (), {("eid", TEN_HOUR): {"29374": Counts(1, 0, 0)}}),
        ({TEN: True, TEN + 1: False}, (TEN, TEN + 1), {("eid", TEN_HOUR): {"29374": Counts(0, 1, 1)}}),
        (
            {TEN - 1: False, TEN: True},
            (),
            {("eid", TEN_HOUR - 1): {"29374": Counts(0, 0, 1)}, ("eid", TEN_HOUR): {"29374": Counts(1, 0, 0)}},
        ),
        ({TEN - 2 * HOUR_MS - 1: False, TEN + 2 * MINUTE: False}, (), {}),
    ],
    ids=["well", "slow counts where it was well", "each in its hour", "too old, and of tomorrow"],
)
def test_results_are_counted_in_the_hour_in_which_they_were_taken(
    well: dict[int, bool], slow: tuple[int, ...], told: dict[tuple[str, int], dict[str, Counts]]
) -> None:
    hours = SystemHours()

    hours.take("eid", "29374", well, slow, TEN + 1000)

    assert hours.take_changed(TEN + 1000) == told
    assert hours.take_changed(TEN + 1000) == {}


def test_an_hour_that_was_told_is_told_whole_when_more_comes_and_again_when_it_was_lost() -> None:
    hours = SystemHours()
    hours.take("eid", "29374", {TEN: True}, (), TEN)
    first = hours.take_changed(TEN)
    hours.take("eid", "29374", {TEN + MINUTE: False}, (), TEN + MINUTE)
    second = hours.take_changed(TEN + MINUTE)

    hours.again(second)

    key = ("eid", TEN_HOUR)
    assert (first[key]["29374"], second[key]["29374"]) == (Counts(1, 0, 0), Counts(1, 0, 1))
    assert hours.take_changed(TEN + MINUTE) == second


def test_only_who_speaks_for_a_site_counts_and_only_while_its_own_line_is_well() -> None:
    town = Town(fleet(("VNPT", "Viettel")))
    for code in ("00000", "00001"):
        town.line(code, "up")
        town.check(code, "dossier", "ok")
    town.wait(1)
    town.sample("00000-1", "machxa.check.success", 1, check="dossier")
    town.sample("00000-3", "machxa.check.success", 0, check="dossier")
    town.line("00001", "down")
    town.wait(1)
    town.sample("00001-1", "machxa.check.success", 0, check="dossier")

    told = town.judge.voting.hours.take_changed(town.now)

    assert told == {("dossier", TEN_HOUR): {"00000": Counts(1, 0, 0)}}
