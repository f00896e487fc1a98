"""Failures now and then: told from a share and enough checks, since the moment they began."""

from __future__ import annotations

import pytest

from machxa_collector.watch.errors import MINUTE_MS, Errors

_SHARE, _SITES = 0.2, 3
_NOON = 1_773_100_800_000


def _errors(minutes: int, every: int, quiet_minutes: int = 30) -> tuple[Errors, int]:
    """Return six checks a minute, of which from the end of the quiet time one in so many fails; and that moment."""
    errors, began, number = Errors(), _NOON + quiet_minutes * MINUTE_MS, 0
    for minute in range(quiet_minutes + minutes):
        for second in range(0, 60, 10):
            number += 1
            failed = minute >= quiet_minutes and number % every == 0
            errors.take(str(number % 7), _NOON + minute * MINUTE_MS + second * 1000, failed=failed)
    return errors, began


@pytest.mark.parametrize(
    ("every", "found"), [(2, True), (4, True), (12, False)], ids=["half", "a quarter", "a twelfth"]
)
def test_a_rate_is_told_when_it_is_high_enough(every: int, found: bool) -> None:  # noqa: FBT001 - of a table
    errors, began = _errors(40, every)

    told = errors.since(began + 40 * MINUTE_MS, _SHARE, _SITES)

    assert (told is not None) is found


@pytest.mark.parametrize("minutes", [12, 20, 38])
def test_the_start_is_the_first_failure_of_the_stretch(minutes: int) -> None:
    errors, began = _errors(minutes, 3, quiet_minutes=20)

    told = errors.since(began + minutes * MINUTE_MS, _SHARE, _SITES)

    assert told is not None
    assert began <= told[0] <= began + 2 * MINUTE_MS


def test_failures_of_one_site_are_not_the_system_s() -> None:
    errors = Errors()
    for number in range(60):
        errors.take(str(number % 3), _NOON + number * 10_000, failed=number % 3 == 0)

    assert errors.since(_NOON + 600_000, _SHARE, 2) is None


def test_a_check_from_before_the_last_outage_is_passed_over() -> None:
    errors = Errors(after=_NOON)

    errors.take("a", _NOON - 1, failed=True)

    assert errors.last_failed is None
    assert errors.rate(_NOON, 30) is None
