"""What a province tells of systems that nobody can ask says something until it is stale."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from machxa_collector.checks.catalogue import Source
from machxa_collector.checks.context import DAY_MS, HOUR_MS, KINDS, Standing, Value, refused, standing

NOW = 20_000 * DAY_MS


def value(name: str, number: float | None, word: str | None = None, age_ms: int = 0) -> Value:
    return Value(
        system="s", name=name, unit="", part="", number=number, word=word, at=NOW - age_ms, received_at=NOW, told_by="x"
    )


def nobody_knows(_start: int, _end: int) -> int | None:
    return None


def at_night(_start: int, _end: int) -> int | None:
    return 0


@pytest.mark.parametrize(
    ("source", "told", "worked", "says"),
    [
        pytest.param(Source.REPORTS, value("status", None, "ok"), nobody_knows, Standing.OK, id="the link is well"),
        pytest.param(Source.REPORTS, value("status", None, "slow"), nobody_knows, Standing.WARNING, id="it is slow"),
        pytest.param(Source.REPORTS, value("status", None, "down"), nobody_knows, Standing.DOWN, id="it is down"),
        pytest.param(
            Source.REPORTS,
            value("status", None, "ok", 2 * HOUR_MS + 1),
            nobody_knows,
            Standing.STALE,
            id="told long ago",
        ),
        pytest.param(Source.REPORTS, value("errors_per_hour", 7.0), nobody_knows, Standing.TOLD, id="a count alone"),
        pytest.param(Source.STORAGE, value("backup_at", NOW - 7 * DAY_MS), nobody_knows, Standing.OK, id="a week old"),
        pytest.param(
            Source.STORAGE,
            value("backup_at", NOW - 7 * DAY_MS - 1),
            nobody_knows,
            Standing.WARNING,
            id="no backup for a week",
        ),
        pytest.param(Source.STORAGE, value("days_to_full", 29.0), nobody_knows, Standing.WARNING, id="full in a month"),
        pytest.param(Source.STORAGE, value("days_to_full", 30.0), nobody_knows, Standing.OK, id="room for longer"),
        pytest.param(
            Source.IMPORT,
            value("synchronised_at", NOW - HOUR_MS - 1),
            nobody_knows,
            Standing.WARNING,
            id="an hour behind",
        ),
        pytest.param(
            Source.IMPORT,
            value("synchronised_at", NOW - 9 * HOUR_MS),
            at_night,
            Standing.OK,
            id="behind over night only",
        ),
        pytest.param(Source.ENTERED, value("posts_filled", 12.0), nobody_knows, Standing.TOLD, id="posts"),
    ],
)
def test_what_a_value_says(
    source: Source, told: Value, worked: Callable[[int, int], int | None], says: Standing
) -> None:
    assert standing(KINDS[source][told.name], told, NOW, worked) is says


@pytest.mark.parametrize(
    ("source", "name", "number", "word", "is_fine"),
    [
        (Source.REPORTS, "status", None, "ok", True),
        (Source.REPORTS, "status", None, "fine", False),
        (Source.REPORTS, "status", 1.0, "ok", False),
        (Source.STORAGE, "free_bytes", 0.0, None, True),
        (Source.STORAGE, "free_bytes", -1.0, None, False),
        (Source.STORAGE, "free_bytes", float("nan"), None, False),
        (Source.STORAGE, "free_bytes", None, "ok", False),
        (Source.STORAGE, "backup_at", float(NOW + DAY_MS), None, False),
    ],
)
def test_only_a_value_of_its_kind_is_taken(
    source: Source, name: str, number: float | None, word: str | None, *, is_fine: bool
) -> None:
    assert (refused(KINDS[source][name], number, word, NOW) is None) is is_fine
