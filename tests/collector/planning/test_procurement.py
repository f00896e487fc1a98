from __future__ import annotations

from datetime import date

import pytest

from machxa_collector.planning.procurement import Package, commodity_of, deadlines, method, splits
from machxa_collector.planning.rules import read_rules, shipped_rules
from machxa_collector.planning.words import Item

_RULES = shipped_rules()
_NOW = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("vnd", "day", "way", "rule"),
    [
        (50_000_000, date(2026, 9, 8), "alone", "nd214"),
        (50_000_001, date(2026, 9, 8), "direct", "nd214"),
        (100_000_000, date(2026, 9, 9), "alone", "nd349"),
        (1_000_000_000, _NOW, "direct", "nd349"),
        (1_000_000_001, _NOW, "bidding", "nd349"),
        (1, date(2025, 8, 3), None, None),
    ],
    ids=["at the old limit", "above it", "the new limit", "direct at most", "bidding", "before any rule"],
)
def test_the_way_to_buy_is_the_days_own(vnd: int, day: date, way: str | None, rule: str | None) -> None:
    found = method(vnd, _RULES, day)

    assert (found.way, found.rule) == (way, rule)


def _package(vnd: int, owner: str = "29410", on: date = _NOW) -> Package:
    return Package(owner=owner, commodity="máy vi tính", source="xã", vnd=vnd, bought_on=on)


def test_two_small_packages_that_together_need_another_way_are_flagged() -> None:
    found = splits([_package(60_000_000), _package(60_000_000, on=date(2026, 10, 1))], _RULES, _NOW)

    assert [(one.owner, one.packages, one.vnd, one.way) for one in found] == [("29410", 2, 120_000_000, "direct")]


@pytest.mark.parametrize(
    "packages",
    [
        [_package(40_000_000), _package(60_000_000)],
        [_package(120_000_000)],
        [_package(60_000_000), _package(60_000_000, owner="29374")],
        [_package(60_000_000), _package(60_000_000, on=date(2025, 12, 1))],
        [_package(60_000_000), _package(150_000_000)],
    ],
    ids=["still small", "one package", "two owners", "two years", "one goes that way anyhow"],
)
def test_what_is_not_split_is_not_flagged(packages: list[Package]) -> None:
    assert splits(packages, _RULES, _NOW) == ()


def test_only_a_province_that_entered_deadlines_has_its_own() -> None:
    own = read_rules(
        '[[deadline]]\nid = "vl"\nprovince = "86"\nmonth = 6\nday = 20\nwhat = "Xã gửi Sở Tài chính"\n'
        'source = "QĐ của tỉnh"\nconfidence = "H"'
    )

    assert [due.on for due in deadlines("86", 2027, _RULES)] == [date(2027, 5, 1), date(2027, 10, 15)]
    assert [due.on for due in deadlines("86", 2027, own)] == [date(2027, 5, 1), date(2027, 6, 20), date(2027, 10, 15)]
    assert date(2027, 6, 15) in [due.on for due in deadlines("48", 2027, _RULES)]


def test_printers_and_scanners_are_one_purchase() -> None:
    assert commodity_of(Item.PRINTER, _RULES) == commodity_of(Item.SCANNER, _RULES) != commodity_of(Item.PC, _RULES)
