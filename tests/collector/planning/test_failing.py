from __future__ import annotations

import pytest

from machxa_collector.planning.failing import METHODS, Watched, age_band, days_left, failure_rate, signs, since_refill
from machxa_collector.planning.rules import shipped_rules

_RULES = shipped_rules()
_FALLING = [(day, 100.0 - 4 * day) for day in range(20)]


@pytest.mark.parametrize(
    ("failures", "years", "rate"), [(12, 40, 0.299), (0, 40, 0.0061), (0, 0, 0.25)], ids=["12 in 40", "0 in 40", "none"]
)
def test_a_rate_of_few_data_leans_on_the_prior(failures: int, years: float, rate: float) -> None:
    found = failure_rate(failures, years, _RULES)

    assert found.exact == pytest.approx(rate, abs=5e-4)
    assert dict(found.inputs) == {"failures": failures, "device_years": years, "alpha": 0.25, "beta": 1.0}


@pytest.mark.parametrize(("age", "band"), [(None, "unknown"), (0, "0-3"), (2.9, "0-3"), (3, "3-5"), (9, "7+")])
def test_an_age_has_its_band(age: float | None, band: str) -> None:
    assert age_band(age, _RULES) == band


@pytest.mark.parametrize(
    ("watched", "names"),
    [
        (Watched(), []),
        (Watched(is_prefail=True), ["disk_prefail"]),
        (Watched(is_prefail=False, sectors=0, endurance_left_ratio=0.9, crashes=0), []),
        (Watched(endurance_left_ratio=0.1), ["disk_worn"]),
        (Watched(sectors=1), ["disk_sectors"]),
        (Watched(crashes=3), ["crashes"]),
        (Watched(free_bytes=_FALLING), ["days_to_full"]),
        (Watched(free_bytes=_FALLING[:10]), []),
        (Watched(alerts=10, pages=1000), ["alerts_per_thousand_pages"]),
        (Watched(alerts=10, pages=100), []),
        (Watched(alerts=10), []),
        (Watched(toner={"1": [(day, 0.9 - 0.04 * day) for day in range(20)]}), ["toner_days"]),
        (Watched(toner={"1": [(0, 0.1), (1, 1.0), (2, 0.99), (20, 0.98)]}), []),
    ],
    ids=[
        "nothing measured",
        "the disk says so",
        "all well",
        "endurance at the limit",
        "a bad sector",
        "three crashes",
        "full within a month",
        "watched too shortly",
        "ten alerts in a thousand pages",
        "too few pages",
        "no counter",
        "toner for days",
        "filled up since",
    ],
)
def test_signs_are_told_with_their_method(watched: Watched, names: list[str]) -> None:
    found = signs(watched, _RULES)

    assert [sign.name for sign in found] == names
    assert all(sign.method == METHODS[sign.name] for sign in found)


def test_days_left_are_the_level_over_the_median_slope() -> None:
    spiked = [*_FALLING[:10], (10.0, 5.0), *_FALLING[11:]]

    assert days_left(spiked, 14) == pytest.approx(6, abs=0.3)


def test_what_does_not_fall_is_never_empty() -> None:
    assert days_left([(day, 50.0) for day in range(20)], 14) is None


def test_only_levels_since_the_last_refill_count() -> None:
    assert since_refill([(0, 0.2), (1, 0.1), (2, 1.0), (3, 0.9)]) == [(2, 1.0), (3, 0.9)]
