"""Hours of systems are kept as they were counted best, read by what changed since, and forgotten after two weeks."""

from __future__ import annotations

from sqlalchemy import Engine

from machxa_collector.incidents.hours import HOUR_MS, Counts
from machxa_collector.store import system_hours

HOUR = 500_000


def test_a_count_anew_that_saw_less_takes_nothing_away(store: Engine) -> None:
    system_hours.keep(store, {("eid", HOUR): {"29374": Counts(9, 2, 1), "29398": Counts(1, 0, 0)}})
    system_hours.keep(store, {("eid", HOUR): {"29374": Counts(3, 0, 0), "29398": Counts(4, 0, 0)}})

    (row,) = system_hours.since(store, HOUR, 0)

    assert row[:2] == ("eid", HOUR)
    assert (row.units, row.well, row.slow, row.bad) == (("29374", "29398"), (9, 4), (2, 0), (1, 0))


def test_only_what_changed_since_is_read_and_of_one_system_where_one_is_asked_for(store: Engine) -> None:
    system_hours.keep(store, {("eid", HOUR): {"29374": Counts(1, 0, 0)}, ("land", HOUR): {"29374": Counts(1, 0, 0)}})
    seen = max(row.version for row in system_hours.since(store, 0, 0))
    system_hours.keep(store, {("eid", HOUR): {"29374": Counts(1, 0, 0)}, ("land", HOUR): {"29374": Counts(2, 0, 0)}})

    assert [row.system for row in system_hours.since(store, 0, seen)] == ["land"]
    assert [row.system for row in system_hours.since(store, 0, 0, "eid")] == ["eid"]
    assert list(system_hours.since(store, HOUR + 1, 0)) == []


def test_hours_are_forgotten_after_they_were_kept_long_enough(store: Engine) -> None:
    oldest = HOUR - system_hours.KEPT_HOURS
    system_hours.keep(store, {("eid", hour): {"29374": Counts(1, 0, 0)} for hour in (oldest - 1, oldest)})

    system_hours.prune(store, HOUR * HOUR_MS)

    assert [row.hour for row in system_hours.since(store, 0, 0)] == [oldest]
