from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machxa_collector.impact.model import default_model
from machxa_collector.planning.budget import greedy
from machxa_collector.planning.bundles import Lock, choices
from machxa_collector.planning.ceilings import Ceilings
from machxa_collector.planning.facts import Asset
from machxa_collector.planning.needs import Line, UnitNeeds
from machxa_collector.planning.prices import Price, PriceTable
from machxa_collector.planning.province import assess, next_money, options
from machxa_collector.planning.value import Worth
from machxa_collector.planning.words import Action, Item, Owner
from machxa_collector.purchasing import sample
from tests.collector.planning.scenes import GOOD, OLD, RULES, TODAY, basis, commune


def _needs(assets: Sequence[Asset], locks: dict[str, Lock] | None = None) -> UnitNeeds:
    return assess([commune()], assets, basis(locks)).units[0]


def _of(lines: Sequence[Line], action: Action, item: Item) -> list[Line]:
    return [line for line in lines if line.action is action and line.item is item]


def test_what_is_lacking_is_bought_up_to_the_norm() -> None:
    found = _needs([replace(GOOD, id=str(n)) for n in range(5)])

    assert len(_of(found.lines, Action.BUY, Item.PC)) == 13 - 5
    assert len(_of(found.lines, Action.BUY, Item.PRINTER)) == 6
    assert {line.vnd for line in _of(found.lines, Action.BUY, Item.PC)} == {15_500_000}


def test_the_first_of_what_a_stage_cannot_do_without_is_the_floor() -> None:
    found = _needs([GOOD])

    assert [(line.item, line.refused) for line in found.lines if line.priority == 1] == [
        (Item.PRINTER, None),
        (Item.CERTIFICATE_PRINTER, "no_norm"),
    ]


def test_a_price_above_the_norms_is_refused() -> None:
    rows = PriceTable((Price(item=Item.PC, vnd=20_000_001, source="báo giá"),))

    found = assess([commune()], [], replace(basis(), prices=rows)).units[0]

    assert {line.refused for line in _of(found.lines, Action.BUY, Item.PC)} == {"above_ceiling"}
    assert {line.refused for line in _of(found.lines, Action.BUY, Item.PRINTER)} == {"no_price"}


def test_staff_not_entered_proposes_no_purchase_but_the_lack_of_a_capability() -> None:
    unknown = replace(commune(), staff={})

    found = assess([unknown], [GOOD], basis()).units[0]

    assert {(line.item, line.refused) for line in found.lines} == {
        (Item.PRINTER, "no_norm"),
        (Item.CERTIFICATE_PRINTER, "no_norm"),
    }


def test_what_another_owner_has_is_neither_counted_nor_charged() -> None:
    found = _needs([replace(OLD, owner=Owner.POLICE)])

    assert [line.asset for line in found.lines if line.asset] == []
    assert len(_of(found.lines, Action.BUY, Item.PC)) == 13


def test_a_surplus_goes_to_the_unit_that_lacks_it_before_anything_is_bought() -> None:
    giver, taker = commune("29410", (0, 0, 2)), commune("29374", (0, 0, 3))
    there = [replace(GOOD, id=str(n)) for n in range(4)]

    found = assess([giver, taker], there, basis())

    pcs = [one for one in found.transfers if one.item is Item.PC]
    assert [(one.giver, one.taker, one.saves_vnd) for one in pcs] == [("29410", "29374", 15_500_000)] * 2
    assert len(_of(found.units[1].lines, Action.BUY, Item.PC)) == 1


def test_nothing_goes_to_another_province() -> None:
    giver, taker = commune("29410", (0, 0, 2)), replace(commune("00166", (0, 0, 3)), province="01")

    found = assess([giver, taker], [replace(GOOD, id=str(n)) for n in range(4)], basis())

    assert found.transfers == ()


def test_two_halves_of_a_stage_are_bought_together() -> None:
    worth = Worth(default_model(), RULES)
    unit = commune(per_hour=10.0)
    all_ = {Item.PC: 1.0, Item.PRINTER: 1.0}

    def gained(left: dict[Item, float]) -> float:
        return worth.lost(unit, {Item.PC: 0.0, Item.PRINTER: 0.0}) - worth.lost(unit, left)

    apart = gained({Item.PC: 1.0, Item.PRINTER: 0.0}) + gained({Item.PC: 0.0, Item.PRINTER: 1.0})

    assert apart == 0
    assert gained(all_) > 0


@given(
    st.lists(st.sampled_from([Item.PC, Item.PRINTER, Item.SCANNER, Item.COPIER]), min_size=1, max_size=4, unique=True),
    st.dictionaries(st.sampled_from([Item.PC, Item.PRINTER, Item.SCANNER, Item.COPIER]), st.floats(0, 1)),
)
@settings(max_examples=80, deadline=None)
def test_a_bundle_never_counts_a_stage_twice(mended: list[Item], left: dict[Item, float]) -> None:
    worth, unit = Worth(default_model(), RULES), commune(per_hour=10.0)
    before = worth.lost(unit, left)

    saved = before - worth.lost(unit, {**left, **dict.fromkeys(mended, 1.0)})

    assert -1e-6 <= saved <= before + 1e-6
    assert before <= 10.0 * RULES.value.year_hours * RULES.value.held_hours + 1e-6


def test_a_lock_takes_a_line_first_or_never() -> None:
    free = _needs([GOOD])
    pc, scanner = _of(free.lines, Action.BUY, Item.PC)[0].id, _of(free.lines, Action.BUY, Item.SCANNER)[0].id
    locks = {
        scanner: Lock(line=scanner, way="in", reason="đã hứa với xã"),
        pc: Lock(line=pc, way="out", reason="mượn của tỉnh"),
    }

    made = choices(_needs([GOOD], locks), Worth(default_model(), RULES), locks)

    assert scanner in [line.id for line in made.bundles[1].lines]
    assert pc not in [line.id for line in made.bundles[-1].lines]


@pytest.mark.parametrize(("way", "reason"), [("in", " "), ("perhaps", "vì")])
def test_a_lock_needs_a_way_and_a_reason(way: str, reason: str) -> None:
    with pytest.raises(ValueError, match="with a reason"):
        Lock(line="x", way=way, reason=reason)


@given(st.integers(0, 10_000), st.floats(0, 1.2), st.none() | st.integers(0, 3_000_000))
@settings(max_examples=8, deadline=None)
def test_a_plan_exceeds_neither_norm_nor_ceiling_whatever_is_there(
    seed: int, share: float, minimum: int | None
) -> None:
    chance = Random(seed)
    units, assets = sample.country(8, chance, TODAY)
    needs = assess(units, assets, basis())
    all_ = options(needs, Ceilings(shared_vnd=0, minimum_per_1000=minimum))
    own = sample.own_money(units, chance)
    ceilings = Ceilings(shared_vnd=int(share * sum(one.bundles[-1].vnd for one in all_)), own_vnd=own)

    plan = greedy(all_, ceilings)

    assert plan.shared_vnd <= ceilings.shared_vnd
    given_away = {one.asset for one in needs.transfers}
    for unit, one in zip(needs.units, plan.chosen, strict=True):
        assert one.own_vnd <= own[one.unit]
        for gap in unit.gaps:
            mended = [line for line in one.bundle.lines if line.item is gap.item]
            works = {judged.asset.id: judged.asset.works for judged in unit.judged}
            added = sum(line.asset is None or works[line.asset] is False for line in mended)
            came = sum(two.taker == one.unit and two.item is gap.item for two in needs.transfers)
            went = sum(asset in works for asset in given_away if asset.startswith(f"{one.unit}-{gap.item.value}"))
            if any(line.action in (Action.BUY, Action.REPLACE) for line in mended):
                assert gap.works + gap.unsure + added + came - went <= (gap.expected.low or 0)
            assert all(line.vnd is not None and line.refused is None for line in mended)
            assert all(
                (line.vnd or 0) <= (gap.max_price_vnd or 0)
                for line in mended
                if line.action in (Action.BUY, Action.REPLACE)
            )


def test_a_small_unit_gets_its_least_for_each_thousand_dossiers_before_a_busy_one_is_better_served() -> None:
    units = [commune("29410", per_hour=0.8), commune("29434", per_hour=30.0)]
    needs = assess(units, [], basis())

    def spent(minimum: int | None) -> dict[str, int]:
        ceilings = Ceilings(shared_vnd=150_000_000, minimum_per_1000=minimum)
        plan = greedy(options(needs, ceilings), ceilings)
        assert plan.shared_vnd <= ceilings.shared_vnd
        return {one.unit: one.bundle.vnd for one in plan.chosen}

    least = 0.8 * RULES.value.year_hours / 1000 * 50_000_000

    assert spent(None)["29410"] < least <= spent(50_000_000)["29410"]
    assert spent(0) == spent(None)


@given(st.integers(0, 10_000), st.floats(0, 1.0), st.integers(0, 3_000_000))
@settings(max_examples=8, deadline=None)
def test_with_a_least_for_each_thousand_dossiers_more_money_never_makes_a_plan_worse(
    seed: int, share: float, minimum: int
) -> None:
    needs = assess(*sample.country(6, Random(seed), TODAY), basis())
    all_ = options(needs, Ceilings(shared_vnd=0, minimum_per_1000=minimum))
    whole = sum(one.bundles[-1].vnd for one in all_)

    plans = [greedy(all_, Ceilings(shared_vnd=int(part * whole))) for part in (share, share + 0.05)]

    told = [(plan.floor, round(plan.hours, 6)) for plan in plans]
    assert told[0] <= told[1]


def test_the_next_50_million_buy_what_was_left_out() -> None:
    needs = assess([commune(per_hour=5.0)], [GOOD], basis())
    ceilings = Ceilings(shared_vnd=30_000_000)
    all_ = options(needs, ceilings)
    plan = greedy(all_, ceilings)

    more = next_money(all_, ceilings, plan)

    had = {line.id for one in plan.chosen for line in one.bundle.lines}
    assert more.lines
    assert sum(line.vnd or 0 for line in more.lines) <= 50_000_000 + 30_000_000 - plan.shared_vnd
    assert not had & {line.id for line in more.lines}
    assert more.hours > 0


def test_before_a_norm_holds_nothing_is_bought() -> None:
    found = assess([commune()], [], replace(basis(), today=date(2025, 1, 1))).units[0]

    assert {line.refused for line in found.lines} <= {"no_norm"}
