from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machxa_collector.planning.budget import Plan, greedy
from machxa_collector.planning.bundles import Choices, weight
from machxa_collector.planning.ceilings import Ceilings
from machxa_collector.planning.further import further
from machxa_collector.planning.mixed import Bundle
from machxa_collector.planning.needs import Line
from machxa_collector.planning.words import Action, Item


def _line(unit: str, number: int, vnd: int, item: Item = Item.PC) -> Line:
    return Line(
        id=f"{unit}-{number}",
        unit=unit,
        item=item,
        action=Action.BUY,
        asset=None,
        vnd=vnd,
        gain=1.0,
        rule="F15.buy",
        why="below_norm",
        priority=2,
    )


_KINDS = (Item.PC, Item.PRINTER, Item.SCANNER)


def _choices(
    unit: str, steps: list[tuple[int, float]], *, floor_first: bool, kinds: list[int] | None = None
) -> Choices:
    bundles = [Bundle(lines=(), vnd=0, hours=0.0, has_floor=not floor_first)]
    for number, (vnd, hours) in enumerate(steps):
        line = _line(unit, number, vnd, _KINDS[0 if kinds is None else kinds[number]])
        last = bundles[-1]
        bundles.append(Bundle(lines=(*last.lines, line), vnd=last.vnd + vnd, hours=last.hours + hours, has_floor=True))
    return Choices(unit=unit, bundles=tuple(bundles), lost=bundles[-1].hours)


_STEPS = st.lists(st.tuples(st.integers(1, 60), st.sampled_from([0.0, 0.5, 1.0, 3.0, 8.0])), min_size=1, max_size=4)
_UNITS = st.lists(st.tuples(_STEPS, st.booleans()), min_size=1, max_size=5).map(
    lambda each: [_choices(f"u{at}", steps, floor_first=first) for at, (steps, first) in enumerate(each)]
)
_OWN = st.lists(st.integers(0, 60), min_size=5, max_size=5)


def _own(numbers: list[int]) -> dict[str, int]:
    return {f"u{at}": number for at, number in enumerate(numbers)}


def _rank(plan: Plan) -> tuple[int, float]:
    return plan.floor, round(sum(weight(one.bundle) for one in plan.chosen), 6)


def _best(units: list[Choices], ceilings: Ceilings) -> tuple[int, float]:
    """Try everything."""
    best = (-1, -1.0)
    for bundles in product(*(unit.bundles for unit in units)):
        spent = 0
        for unit, bundle in zip(units, bundles, strict=True):
            own = ceilings.own_vnd.get(unit.unit, 0)
            sums = {0}
            for line in bundle.lines:
                sums |= {one + (line.vnd or 0) for one in sums if one + (line.vnd or 0) <= own}
            spent += bundle.vnd - max(sums)
        if spent <= ceilings.shared_vnd:
            without = sum(unit.bundles[0].has_floor for unit in units)
            rank = (sum(one.has_floor for one in bundles) - without, round(sum(weight(one) for one in bundles), 6))
            best = max(best, rank)
    return best


@given(_UNITS, _OWN, st.integers(0, 200))
@settings(max_examples=80, deadline=None)
def test_a_plan_never_exceeds_a_ceiling_and_each_line_has_one_source(
    units: list[Choices], own: list[int], shared: int
) -> None:
    ceilings = Ceilings(shared_vnd=shared, own_vnd=_own(own))

    plan = greedy(units, ceilings)

    assert sum(one.shared_vnd for one in plan.chosen) <= shared
    for one in plan.chosen:
        paid = sum(line.vnd or 0 for line in one.bundle.lines if line.id in one.own)
        assert paid == one.own_vnd <= ceilings.own_vnd[one.unit]
        assert one.own_vnd + one.shared_vnd == one.bundle.vnd


@given(_UNITS, _OWN, st.integers(0, 200), st.integers(0, 80), _OWN)
@settings(max_examples=120, deadline=None)
def test_more_money_never_makes_the_plan_worse(
    units: list[Choices], own: list[int], shared: int, more: int, more_own: list[int]
) -> None:
    poorer = greedy(units, Ceilings(shared_vnd=shared, own_vnd=_own(own)))
    added = [one + other for one, other in zip(own, more_own, strict=True)]
    richer = greedy(units, Ceilings(shared_vnd=shared + more, own_vnd=_own(added)))

    assert _rank(richer) >= _rank(poorer)


@given(_UNITS, _OWN, st.integers(0, 200))
@settings(max_examples=60, deadline=None)
def test_no_plan_is_above_the_bound(units: list[Choices], own: list[int], shared: int) -> None:
    ceilings = Ceilings(shared_vnd=shared, own_vnd=_own(own))

    plan, best = greedy(units, ceilings), _best(units, ceilings)

    assert _rank(plan) <= best
    assert plan.floor_bound >= best[0] - 1e-9
    if plan.bound is not None:
        assert plan.bound >= best[1] - 1e-9 * sum(unit.bundles[-1].vnd for unit in units) - 1e-6


@given(_UNITS, _OWN, st.integers(0, 200))
@settings(max_examples=15, deadline=None)
def test_the_solver_finds_what_trying_everything_finds(units: list[Choices], own: list[int], shared: int) -> None:
    solve = pytest.importorskip("machxa_collector.planning.exact", reason="needs machxa[optimize]").solve
    million = 1_000_000
    scaled = [
        Choices(
            unit=unit.unit,
            lost=unit.lost,
            bundles=tuple(
                Bundle(
                    lines=tuple(_line(line.id, 0, (line.vnd or 0) * million) for line in one.lines),
                    vnd=one.vnd * million,
                    hours=one.hours,
                    has_floor=one.has_floor,
                )
                for one in unit.bundles
            ),
        )
        for unit in units
    ]
    ceilings = Ceilings(shared_vnd=shared * million, own_vnd={unit: vnd * million for unit, vnd in _own(own).items()})

    plan = solve(scaled, ceilings)

    floors, worth = _best(scaled, ceilings)
    assert (plan.exact, plan.floor) == (True, floors)
    assert sum(weight(one.bundle) for one in plan.chosen) == pytest.approx(worth, abs=1e-3)


def test_the_floor_comes_before_all_hours() -> None:
    rich = _choices("a", [(50, 1000.0)], floor_first=False)
    poor = _choices("b", [(50, 0.0)], floor_first=True)

    plan = greedy([rich, poor], Ceilings(shared_vnd=50))

    assert [len(one.bundle.lines) for one in plan.chosen] == [0, 1]
    assert (plan.floor, plan.floor_of) == (1, 1)


def test_without_money_for_every_floor_no_bound_of_hours_is_told() -> None:
    units = [_choices(name, [(50, 5.0)], floor_first=True) for name in "ab"]

    plan = greedy(units, Ceilings(shared_vnd=60))

    assert (plan.floor, plan.bound, plan.gap) == (1, None, None)


def test_own_money_pays_only_the_classes_it_may() -> None:
    unit = _choices("a", [(50, 5.0)], floor_first=False)

    plan = greedy([unit], Ceilings(shared_vnd=0, own_vnd={"a": 50}, own_items=frozenset({Item.PRINTER})))

    assert plan.hours == 0


def test_one_step_less_and_a_jump_beats_the_last_steps_that_fit() -> None:
    units = [
        _choices("a", [(10, 10.0)], floor_first=False),
        _choices("b", [(10, 9.5)], floor_first=False),
        _choices("c", [(19, 17.0)], floor_first=False),
    ]

    assert greedy(units, Ceilings(shared_vnd=29)).hours == 27


def test_the_next_money_adds_to_what_is_planned() -> None:
    units = [_choices("a", [(40, 9.0), (40, 4.0)], floor_first=False), _choices("b", [(70, 8.0)], floor_first=False)]
    ceilings = Ceilings(shared_vnd=40)
    plan = greedy(units, ceilings)

    found = further(units, ceilings, plan, 70)

    assert [one.bundle.vnd for one in plan.chosen] == [40, 0]
    assert [(unit, bundle.vnd) for unit, bundle in found] == [("b", 70)]
