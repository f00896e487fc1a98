from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from machxa_collector.planning.facts import Asset
from machxa_collector.planning.figure import Missing
from machxa_collector.planning.rules import Rules, read_rules, shipped_rules
from machxa_collector.planning.wear import disposal, past_life, worn
from machxa_collector.planning.words import Answer, Item

_TODAY = date(2026, 11, 30)
_RULES = shipped_rules()
_PC = Asset(id="a", unit="1", item=Item.PC, works=True, cost_vnd=14_000_000, acquired_on=date(2024, 3, 1))


def _chosen(life: str, transition: str) -> Rules:
    return read_rules(f'[choice]\nlife = "{life}"\ntransition = "{transition}"')


@pytest.mark.parametrize(
    ("life", "transition", "left", "annual"),
    [
        ("five", "rate", 8_400_000, 2_800_000),
        ("five", "spread", 8_400_000, 2_800_000),
        ("seven", "spread", 8_400_000, 1_680_000),
        ("seven", "rate", 8_400_000, 2_000_600),
    ],
)
def test_two_years_at_a_fifth_then_the_new_life(life: str, transition: str, left: int, annual: int) -> None:
    value = worn(_PC, _chosen(life, transition), _TODAY)

    assert (value.book_value.exact, value.annual.exact) == (left, annual)


def test_what_the_province_has_not_chosen_is_shown_both_ways() -> None:
    value = worn(replace(_PC, acquired_on=date(2022, 5, 1)), _RULES, date(2026, 12, 31))

    assert (value.book_value.low, value.book_value.high) == (0, 1_866_667)
    assert {"five_rate", "five_spread", "seven_rate", "seven_spread"} <= dict(value.book_value.inputs).keys()


@pytest.mark.parametrize(("today", "left"), [(date(2025, 12, 31), 4_760_000), (date(2026, 12, 31), 0)])
def test_the_last_year_takes_what_is_left(today: date, left: int) -> None:
    own = 'id = "net"\nscheme = ""\nitems = ["network"]\nyears = 3\nrate = 0.33\nsource = "QĐ tỉnh"\nconfidence = "H"'
    rules = read_rules(f"[[life]]\n{own}")

    value = worn(replace(_PC, item=Item.NETWORK, acquired_on=date(2024, 1, 1)), rules, today)

    assert value.book_value.exact == left


def test_under_the_threshold_there_is_no_book_value_and_it_is_not_0() -> None:
    value = worn(replace(_PC, cost_vnd=9_999_999), _RULES, _TODAY)

    assert (value.book_value.low, value.book_value.missing) == (None, Missing.UNDER_THRESHOLD)


@pytest.mark.parametrize(
    ("changed", "missing"),
    [
        ({"cost_vnd": None}, Missing.NO_FACT),
        ({"acquired_on": None}, Missing.NO_FACT),
        ({"item": Item.NETWORK}, Missing.NO_RULE),
    ],
    ids=["no cost", "no day", "no life is confirmed for network gear"],
)
def test_what_is_not_known_gives_no_value(changed: dict[str, object], missing: Missing) -> None:
    assert worn(replace(_PC, **changed), _RULES, _TODAY).book_value.missing is missing  # type: ignore[arg-type] # a table of cases


def test_between_five_and_seven_years_only_a_choice_tells_the_end_of_life() -> None:
    asset = replace(_PC, acquired_on=date(2020, 11, 1))

    assert past_life(asset, _RULES, _TODAY) is Answer.UNKNOWN
    assert past_life(asset, _chosen("five", ""), _TODAY) is Answer.YES
    assert past_life(asset, _chosen("seven", ""), _TODAY) is Answer.NO


@pytest.mark.parametrize(
    ("changed", "eligible", "reason"),
    [
        ({"acquired_on": date(2018, 1, 1)}, Answer.YES, "past_life"),
        ({}, Answer.NO, "in_use"),
        ({"acquired_on": None}, Answer.UNKNOWN, "age_unknown"),
        ({"works": False, "is_repairable": False}, Answer.YES, "not_repairable"),
        ({"works": False, "repair_vnd": 4_200_000}, Answer.NO, "repairable"),
        ({"works": False, "repair_vnd": 4_200_001}, Answer.YES, "repair_too_dear"),
        ({"works": False}, Answer.UNKNOWN, "no_estimate"),
        ({"works": None}, Answer.UNKNOWN, "condition_unknown"),
        ({"cost_vnd": 9_000_000}, Answer.YES, "unit_decides"),
    ],
    ids=[
        "past its life",
        "in use",
        "age not known",
        "broken for good",
        "repair at 30 % exactly",
        "repair above 30 %",
        "broken without an estimate",
        "condition not known",
        "no fixed asset",
    ],
)
def test_disposal_follows_the_one_rule(changed: dict[str, object], eligible: Answer, reason: str) -> None:
    case = disposal(replace(_PC, **changed), _RULES, _TODAY)  # type: ignore[arg-type] # a table of cases

    assert (case.eligible, case.reason, case.rule) == (eligible, reason, "nd186-28")


def test_without_its_cost_a_repair_is_measured_by_a_new_ones_price() -> None:
    broken = replace(_PC, works=False, cost_vnd=None, repair_vnd=5_000_000)

    assert disposal(broken, _RULES, _TODAY, 15_000_000).reason == "repair_too_dear"
    assert disposal(broken, _RULES, _TODAY, 20_000_000).eligible is Answer.NO
