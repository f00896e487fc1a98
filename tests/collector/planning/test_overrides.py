"""A person's decision over a proposal: what stands, what it goes beyond, and that no ceiling gives way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from machxa_collector.planning.budget import greedy
from machxa_collector.planning.ceilings import Ceilings
from machxa_collector.planning.needs import Line
from machxa_collector.planning.norms import Gap
from machxa_collector.planning.overrides import Overridden, Override, overridden
from machxa_collector.planning.prices import Price, PriceTable
from machxa_collector.planning.province import Needs, assess, options
from machxa_collector.planning.words import Action, Item
from tests.collector.planning.scenes import GOOD, OLD, TODAY, basis, commune

_GAP = "gap:29410:pc"
_TWO = (GOOD, replace(GOOD, id="good2"))  # of four that the norm gives
_BROKEN = replace(OLD, id="broken", works=False)


def _needs(*assets: object, pc_vnd: int = 14_000_000) -> Needs:
    prices = PriceTable(
        tuple(
            Price(item=item, vnd=vnd, source="QĐ", action=action)
            for item, vnd, action in (
                (Item.PC, pc_vnd, Action.BUY),
                (Item.PC, 2_000_000, Action.UPGRADE),
                (Item.PC, 1_000_000, Action.REPAIR),
                (Item.PRINTER, 8_000_000, Action.BUY),
            )
        )
    )
    return assess([commune(staff=(1, 1, 1))], assets, replace(basis(), prices=prices))  # type: ignore[arg-type] # assets


def _count(quantity: int, *exceptions: str) -> Override:
    return Override(line=_GAP, quantity=quantity, reason="họp", actor="an", on=TODAY, exceptions=frozenset(exceptions))


def _act(asset: str, action: Action, *exceptions: str) -> Override:
    line = f"asset:{asset}"
    return Override(line=line, action=action, reason="họp", actor="an", on=TODAY, exceptions=frozenset(exceptions))


def _decide(needs: Needs, one: Override) -> tuple[list[Line], Overridden]:
    changed, told = overridden(needs, [one])
    return [line for line in changed.units[0].lines if line.item is Item.PC], told[0]


def _taken(lines: list[Line]) -> int:
    return sum(line.refused is None for line in lines)


def _gap(needs: Needs) -> Gap:
    return next(gap for gap in needs.units[0].gaps if gap.item is Item.PC)


def test_nothing_decided_leaves_needs_alone() -> None:
    needs = _needs(GOOD)

    assert overridden(needs, ()) == (needs, ())


@pytest.mark.parametrize(
    ("quantity", "exceptions", "taken", "beyond", "refused"),
    [
        (0, (), 0, (), ()),
        (1, (), 1, (), ()),
        (2, (), 2, (), ()),
        (5, (), 2, (), ("beyond_norm",)),
        (5, ("beyond_norm",), 5, ("beyond_norm",), ()),
    ],
    ids=["none", "fewer", "as proposed", "more than the norm", "more, and said so"],
)
def test_a_quantity_stays_within_the_norm_unless_it_says_otherwise(
    quantity: int, exceptions: tuple[str, ...], taken: int, beyond: tuple[str, ...], refused: tuple[str, ...]
) -> None:
    needs = _needs(*_TWO)
    assert _gap(needs).allowed == 2

    lines, told = _decide(needs, _count(quantity, *exceptions))

    assert _taken(lines) == taken
    assert (told.unit, told.was, told.beyond, told.refused) == ("29410", "2", beyond, refused)
    assert all(line.overridden == _GAP for line in lines)
    assert len({line.id for line in lines}) == len(lines)


@pytest.mark.parametrize(
    ("exceptions", "taken", "refused"),
    [
        ((), 0, ("above_ceiling",)),
        (("beyond_norm",), 0, ("above_ceiling",)),
        (("above_ceiling",), 2, ("beyond_norm",)),
        (("above_ceiling", "beyond_norm"), 3, ()),
    ],
)
def test_one_exception_does_not_open_the_other(
    exceptions: tuple[str, ...], taken: int, refused: tuple[str, ...]
) -> None:
    lines, told = _decide(_needs(*_TWO, pc_vnd=90_000_000), _count(3, *exceptions))

    assert (_taken(lines), told.refused) == (taken, refused)


def test_where_no_norm_is_known_the_highest_price_holds_still() -> None:
    needs = _needs(*_TWO, pc_vnd=90_000_000)
    nobody = replace(needs.units[0].commune, staff={})
    needs = assess([nobody], [], needs.basis)

    _, told = _decide(needs, _count(1, "no_norm"))

    assert (_gap(needs).expected.low, _gap(needs).max_price_vnd is None) == (None, False)
    assert (told.beyond, told.refused) == (("no_norm",), ("above_ceiling",))


def test_an_asset_on_its_way_to_another_unit_keeps_its_way() -> None:
    many = [replace(GOOD, id=f"good{number}") for number in range(6)]
    needs = _needs(*many)
    other = commune("29374", staff=(1, 1, 1))
    needs = assess([needs.units[0].commune, other], many, needs.basis)
    moved = needs.transfers[0].asset

    changed, told = overridden(needs, [_act(moved, Action.UPGRADE)])

    assert (told[0].was, told[0].refused) == ("transfer", ("transferred",))
    assert changed == needs


def test_what_has_no_price_is_bought_by_no_decision() -> None:
    needs = _needs(*_TWO)
    needs = replace(needs, basis=replace(needs.basis, prices=PriceTable()))

    lines, _ = _decide(needs, _count(4, "beyond_norm", "above_ceiling", "no_norm"))

    assert _taken(lines) == 2  # those that were priced when they were proposed


def test_another_advice_stands_with_what_was_proposed() -> None:
    needs = _needs(OLD)
    proposed = needs.units[0].judged[0].advice.action

    changed, told = overridden(needs, [_act("old", Action.KEEP)])

    assert proposed is Action.REPLACE
    assert (told[0].was, told[0].refused, told[0].beyond) == ("replace", (), ())
    assert (changed.units[0].judged[0].advice.action, changed.units[0].judged[0].advice.rule) == (
        Action.KEEP,
        "override",
    )
    assert not [line for line in changed.units[0].lines if line.asset == "old"]


def test_an_asset_that_may_not_be_disposed_of_is_replaced_and_that_is_said() -> None:
    lines, told = _decide(_needs(GOOD), _act("good", Action.REPLACE))

    assert [line.action for line in lines if line.asset == "good"] == [Action.REPLACE]
    assert told.beyond == ("not_disposable",)


def test_what_the_norm_leaves_no_room_for_is_not_mended_unless_it_is_said() -> None:
    more = [replace(GOOD, id=f"good{number}") for number in range(4)]
    needs = _needs(*more, _BROKEN)

    shut, told = _decide(needs, _act("broken", Action.REPAIR))
    open_, excepted = _decide(needs, _act("broken", Action.REPAIR, "beyond_norm"))

    assert (_taken(shut), told.refused) == (0, ("beyond_norm",))
    assert (_taken(open_), excepted.beyond) == (1, ("beyond_norm",))


def test_a_decision_over_what_is_not_there_changes_nothing() -> None:
    needs = _needs(GOOD)

    for one in (_act("nobody", Action.KEEP), replace(_count(3), line="gap:99999:pc")):
        changed, told = overridden(needs, [one])
        assert changed == needs
        assert told == (Overridden(override=one, unit=None),)


def test_no_decision_lifts_a_ceiling_of_money() -> None:
    changed, _ = overridden(_needs(GOOD), [_count(40, "beyond_norm")])

    ceilings = Ceilings(shared_vnd=60_000_000)
    plan = greedy(options(changed, ceilings), ceilings)

    assert 0 < plan.shared_vnd <= 60_000_000


@pytest.mark.parametrize(
    "told",
    [
        {"line": _GAP},
        {"line": _GAP, "quantity": -1},
        {"line": _GAP, "quantity": 1001},
        {"line": _GAP, "quantity": 1, "action": Action.KEEP},
        {"line": "gap:29410:rocket", "quantity": 1},
        {"line": "asset:a", "quantity": 1},
        {"line": "asset:a", "action": Action.TRANSFER},
        {"line": "asset:a", "action": Action.KEEP, "reason": " "},
        {"line": "asset:a", "action": Action.KEEP, "exceptions": frozenset(("ceiling",))},
    ],
)
def test_what_is_no_decision_is_refused(told: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="an override of"):
        Override(**{"reason": "họp", "actor": "an", "on": date(2026, 11, 1), **told})  # type: ignore[arg-type] # told wrongly
