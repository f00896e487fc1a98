from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machxa_collector.planning.facts import Asset, System
from machxa_collector.planning.rules import Rules, read_rules, shipped_rules
from machxa_collector.planning.score import score
from machxa_collector.planning.words import Band, Item

_TODAY = date(2026, 11, 30)
_RULES = shipped_rules()
_SEVEN = read_rules('[choice]\nlife = "seven"')
_BARE = Asset(id="a", unit="10180", item=Item.PC)
_WINDOWS_7 = System(product="windows", release="7", version="6.1")
_WINDOWS_10 = System(product="windows", release="10", version="22H2")
_FULL = Asset(
    id="a",
    unit="10180",
    item=Item.PC,
    works=True,
    acquired_on=date(2019, 11, 30),
    firmware_on=date(2018, 6, 1),
    system=_WINDOWS_7,
    windows11=False,
    cores=2,
    processor_listed=False,
    memory_mb=4096,
    is_spinning=True,
    disk_free_ratio=0.05,
    is_prefail=False,
    crashes=2,
    repairs=0,
)


def _part(asset: Asset, name: str) -> tuple[float | None, float | None]:
    part = dict(score(asset, _SEVEN, _TODAY).parts)[name]
    return part.low, part.high


@pytest.mark.parametrize(
    ("changed", "points"),
    [
        ({"system": None}, (0, 25)),
        ({"system": _WINDOWS_7}, (25, 25)),
        ({"system": _WINDOWS_10, "windows11": True}, (0, 0)),
        ({"system": _WINDOWS_10, "windows11": False}, (15, 15)),
        ({"system": _WINDOWS_10, "windows11": None}, (0, 15)),
        ({"system": System(product="windows", release="10", version="21H1")}, (0, 25)),
        ({"system": System(product="windows", release="11", version="24H2")}, (0, 0)),
        ({"system": System(product="debian", version="11")}, (0, 0)),
    ],
    ids=[
        "no system is told",
        "ended, nothing free",
        "ended, Windows 11 is free",
        "ended, a paid extension only",
        "ended, readiness not told",
        "the table does not know it",
        "ended, the next version is free",
        "ended, the next release is free",
    ],
)
def test_support_gives_points_by_what_may_be_had(changed: dict[str, Any], points: tuple[float, float]) -> None:
    assert _part(replace(_BARE, **changed), "support") == points


@pytest.mark.parametrize(
    ("memory_mb", "points"),
    [(None, (0, 15)), (2048, (15, 15)), (4096, (15, 15)), (10240, (7.5, 7.5)), (16384, (0, 0)), (32768, (0, 0))],
)
def test_memory_falls_in_a_line_from_4_to_16_gb(memory_mb: int | None, points: tuple[float, float]) -> None:
    assert _part(replace(_BARE, memory_mb=memory_mb), "memory") == points


def test_age_gives_10_at_the_end_of_life_and_15_at_1_6_lives() -> None:
    ages = [_TODAY - timedelta(days=365.25 * years) for years in (0, 3.5, 7, 11.2, 20)]

    points = [_part(replace(_BARE, acquired_on=day), "age")[0] for day in ages]

    assert points == pytest.approx([0, 5, 10, 15, 15], abs=0.01)


def test_a_life_not_chosen_leaves_the_age_open() -> None:
    part = dict(score(replace(_BARE, acquired_on=_TODAY - timedelta(days=1826)), _RULES, _TODAY).parts)["age"]

    assert (part.low, part.high) == pytest.approx((7.14, 10.0), abs=0.01)


def test_firmware_bounds_the_age_from_below_alone() -> None:
    low, high = _part(replace(_BARE, firmware_on=_TODAY - timedelta(days=int(365.25 * 9))), "age")

    assert (low, high) == pytest.approx((10, 15), abs=0.01)


def test_a_book_date_that_the_firmware_contradicts_is_a_conflict() -> None:
    found = score(replace(_FULL, acquired_on=date(2025, 1, 1), firmware_on=date(2015, 1, 1)), _SEVEN, _TODAY)

    assert found.conflicting


def test_the_three_greatest_parts_are_the_reasons() -> None:
    found = score(_FULL, _SEVEN, _TODAY)

    assert [name for name, _ in found.reasons] == ["support", "cpu", "memory"]
    assert found.total.exact == pytest.approx(86, abs=0.01)
    assert (found.band, found.completeness) == (Band.REPLACE, 1)


def test_a_disk_about_to_fail_is_told_whatever_the_score() -> None:
    found = score(replace(_FULL, is_prefail=True, memory_mb=16384), _SEVEN, _TODAY)

    assert found.must_replace_disk


def test_nothing_known_is_a_survey_never_good() -> None:
    found = score(_BARE, _RULES, _TODAY)

    assert (found.band, found.completeness, found.reasons) == (Band.SURVEY, 0, ())


def test_a_printer_is_scored_by_age_and_repairs_brought_to_100() -> None:
    printer = Asset(id="p", unit="10180", item=Item.PRINTER, acquired_on=_TODAY - timedelta(days=5000), repairs=5)

    assert score(printer, _SEVEN, _TODAY).total.exact == pytest.approx(100)


_FACTS: dict[str, st.SearchStrategy[Any]] = {
    "acquired_on": st.dates(date(2010, 1, 1), _TODAY),
    "firmware_on": st.dates(date(2008, 1, 1), _TODAY),
    "system": st.sampled_from([_WINDOWS_7, _WINDOWS_10, System(product="ubuntu", version="22.04")]),
    "windows11": st.booleans(),
    "cores": st.integers(1, 16),
    "processor_listed": st.booleans(),
    "memory_mb": st.integers(512, 65536),
    "is_spinning": st.booleans(),
    "disk_free_ratio": st.floats(0, 1),
    "is_prefail": st.booleans(),
    "crashes": st.integers(0, 9),
    "repairs": st.integers(0, 9),
}


@given(
    st.fixed_dictionaries(_FACTS),
    st.permutations(list(_FACTS)),
    st.sampled_from([_RULES, _SEVEN]),
    st.sampled_from([Item.PC, Item.SCANNER]),
)
@settings(max_examples=60, deadline=None)
def test_adding_a_fact_only_narrows_the_interval(
    facts: dict[str, Any],
    order: list[str],
    rules: Rules,
    item: Item,
) -> None:
    lead = timedelta(days=365 * 2)
    facts["acquired_on"] = min(facts["acquired_on"], facts["firmware_on"] + lead)  # the two agree
    asset = replace(_BARE, item=item)
    before = score(asset, rules, _TODAY)

    for name in order:
        asset = replace(asset, **{name: facts[name]})
        after = score(asset, rules, _TODAY)
        assert (before.total.low or 0) - 1e-9 <= (after.total.low or 0)
        assert (after.total.high or 0) <= (before.total.high or 0) + 1e-9
        assert after.completeness >= before.completeness - 1e-9
        before = after


@given(st.fixed_dictionaries(_FACTS), st.sets(st.sampled_from(list(_FACTS))))
@settings(max_examples=60, deadline=None)
def test_what_could_be_bad_is_never_called_good(facts: dict[str, Any], known: set[str]) -> None:
    asset = replace(_BARE, **{name: facts[name] for name in known})
    worst: dict[str, Any] = {"system": _WINDOWS_7, "memory_mb": 512, "is_prefail": True, "crashes": 9, "cores": 1}
    worst |= {"processor_listed": False, "is_spinning": True, "disk_free_ratio": 0.0, "windows11": False, "repairs": 9}
    worst |= {"acquired_on": date(2008, 1, 1)}
    could_be = replace(asset, **{name: value for name, value in worst.items() if name not in known})

    found, bad = score(asset, _SEVEN, _TODAY), score(could_be, _SEVEN, _TODAY)

    assert found.band is not Band.KEEP or bad.band is Band.KEEP


@pytest.mark.parametrize(
    ("changed", "points"),
    [
        ({}, (0, 15)),
        ({"crashes": 2}, (6, 15)),
        ({"crashes": 2, "repairs": 1}, (9, 9)),
        ({"crashes_least": 3}, (9, 15)),
        ({"crashes": 9, "repairs": 0}, (15, 15)),
    ],
    ids=["nothing counted", "repairs not counted", "both", "a week of the 90 days", "at most 15"],
)
def test_each_crash_and_repair_gives_three_points(changed: dict[str, Any], points: tuple[float, float]) -> None:
    assert _part(replace(_BARE, **changed), "reliability") == points
