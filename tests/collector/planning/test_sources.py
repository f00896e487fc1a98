from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machxa_collector.planning.budget import Plan, greedy
from machxa_collector.planning.bundles import Choices, weight, with_sources
from machxa_collector.planning.ceilings import Ceilings, Source
from machxa_collector.planning.further import further
from machxa_collector.planning.mixed import Bundle
from machxa_collector.planning.needs import Line
from machxa_collector.planning.words import Action, Item

_KINDS = (Item.PC, Item.PRINTER, Item.SCANNER)
_PAYS = (  # what further sources may pay for: a part, parts that lie apart, one in another, parts that overlap
    (frozenset({Item.PC}),),
    (frozenset({Item.PC}), frozenset({Item.PRINTER})),
    (frozenset({Item.PC, Item.PRINTER}), frozenset({Item.PC})),
    (frozenset({Item.PC, Item.PRINTER}), frozenset({Item.PRINTER, Item.SCANNER})),
)


def _line(unit: str, number: int, item: Item, vnd: int) -> Line:
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


def _hours(lines: Sequence[Line]) -> float:
    """Return hours that a scanner doubles: what is bought together is worth more than its parts."""
    alone = sum(1.0 + (line.vnd or 0) % 7 for line in lines if line.item is not Item.SCANNER)
    return alone * (2.0 if any(line.item is Item.SCANNER for line in lines) else 1.0)


def _chain(unit: str, told: Sequence[tuple[int, int]], *, floor_first: bool) -> tuple[Bundle, ...]:
    bundles = [Bundle(lines=(), vnd=0, hours=0.0, has_floor=not floor_first)]
    for number, (kind, vnd) in enumerate(told):
        lines = (*bundles[-1].lines, _line(unit, number, _KINDS[kind], vnd))
        bundles.append(Bundle(lines=lines, vnd=bundles[-1].vnd + vnd, hours=_hours(lines), has_floor=True))
    return tuple(bundles)


def _options(chains: Sequence[tuple[Bundle, ...]], ceilings: Ceilings) -> list[Choices]:
    return [
        Choices(unit=f"u{at}", bundles=chain, lost=chain[-1].hours, mixed=with_sources(chain, ceilings, _hours))
        for at, chain in enumerate(chains)
    ]


_CHAINS = st.lists(
    st.tuples(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 60)), min_size=1, max_size=4), st.booleans()),
    min_size=1,
    max_size=4,
).map(lambda each: [_chain(f"u{at}", told, floor_first=first) for at, (told, first) in enumerate(each)])
_MONEY = st.tuples(st.integers(0, 150), st.lists(st.integers(0, 90), min_size=2, max_size=2))
_OWN = st.lists(st.integers(0, 60), min_size=4, max_size=4)


def _ceilings(pays: Sequence[frozenset[Item]], money: tuple[int, list[int]], own: list[int]) -> Ceilings:
    return Ceilings(
        shared_vnd=money[0],
        own_vnd={f"u{at}": vnd for at, vnd in enumerate(own)},
        further=tuple(Source(name=f"s{at}", vnd=money[1][at], items=items) for at, items in enumerate(pays)),
    )


def _rank(plan: Plan) -> tuple[int, float]:
    return plan.floor, round(sum(weight(one.bundle) for one in plan.chosen), 6)


@given(_CHAINS, st.sampled_from(_PAYS), _MONEY, _OWN)
@settings(max_examples=40, deadline=None)
def test_no_source_pays_beyond_its_ceiling_or_for_what_it_may_not(
    chains: list[tuple[Bundle, ...]], pays: tuple[frozenset[Item], ...], money: tuple[int, list[int]], own: list[int]
) -> None:
    ceilings = _ceilings(pays, money, own)

    plan = greedy(_options(chains, ceilings), ceilings)

    sources = list(ceilings.shared())
    paid = [0] * len(sources)
    for one in plan.chosen:
        assert len({line.id for line in one.bundle.lines}) == len(one.bundle.lines)  # none is bought twice
        own_vnd = 0
        for line in one.bundle.lines:
            payer = one.payer(line.id)
            if payer is None:
                own_vnd += line.vnd or 0
            else:
                assert sources[payer].may_pay(line)
                paid[payer] += line.vnd or 0
        assert own_vnd == one.own_vnd <= ceilings.own_vnd[one.unit]
    assert tuple(paid) == plan.by_source
    assert all(vnd <= source.vnd for vnd, source in zip(paid, sources, strict=True))
    assert plan.shared_vnd == sum(paid)


@given(_CHAINS, st.sampled_from(_PAYS), _MONEY, _OWN, _MONEY, _OWN)
@settings(max_examples=60, deadline=None)
def test_more_money_in_any_source_never_makes_the_plan_worse(
    chains: list[tuple[Bundle, ...]],
    pays: tuple[frozenset[Item], ...],
    money: tuple[int, list[int]],
    own: list[int],
    more: tuple[int, list[int]],
    more_own: list[int],
) -> None:
    poor = _ceilings(pays, money, own)
    added = [one + other for one, other in zip(money[1], more[1], strict=True)]
    rich = _ceilings(pays, (money[0] + more[0], added), [a + b for a, b in zip(own, more_own, strict=True)])

    assert _rank(greedy(_options(chains, rich), rich)) >= _rank(greedy(_options(chains, poor), poor))


def _can_pay(lines: Sequence[Line], ceilings: Ceilings) -> bool:
    """Try every way of paying."""
    sources = list(ceilings.shared())
    first: tuple[tuple[str, int], ...] = ()
    states = {(first, tuple(source.vnd for source in sources))}
    for line in lines:
        vnd, after = line.vnd or 0, set[tuple[tuple[tuple[str, int], ...], tuple[int, ...]]]()
        for own, left in states:
            spent = dict(own)
            if spent.get(line.unit, 0) + vnd <= ceilings.own_vnd[line.unit]:
                spent[line.unit] = spent.get(line.unit, 0) + vnd
                after.add((tuple(sorted(spent.items())), left))
            for at, source in enumerate(sources):
                if source.may_pay(line) and vnd <= left[at]:
                    after.add((own, (*left[:at], left[at] - vnd, *left[at + 1 :])))
        states = after
    return bool(states)


def _best(options: Sequence[Choices], ceilings: Ceilings) -> tuple[int, float]:
    """Try everything."""
    without = sum(unit.bundles[0].has_floor for unit in options)
    ranked = [
        (sum(one.has_floor for one in each) - without, round(sum(weight(one) for one in each), 6), each)
        for each in product(*({*unit.bundles, *unit.mixed.bundles.values()} for unit in options))
    ]
    for floor, worth, each in sorted(ranked, key=lambda one: one[:2], reverse=True):
        if _can_pay([line for one in each for line in one.lines], ceilings):
            return floor, worth
    raise AssertionError("nothing can always be had")


@given(_CHAINS.filter(lambda each: sum(len(one) for one in each) < 10), st.sampled_from(_PAYS), _MONEY, _OWN)
@settings(max_examples=30, deadline=None)
def test_no_plan_is_above_the_bound_of_several_ceilings(
    chains: list[tuple[Bundle, ...]], pays: tuple[frozenset[Item], ...], money: tuple[int, list[int]], own: list[int]
) -> None:
    ceilings = _ceilings(pays, money, own)
    options = _options(chains, ceilings)

    plan, best = greedy(options, ceilings), _best(options, ceilings)

    assert _rank(plan) <= best
    assert plan.floor_bound >= best[0] - 1e-6
    if plan.bound is not None:
        assert plan.bound >= best[1] - 1e-3


@given(_CHAINS.filter(lambda each: sum(len(one) for one in each) < 8), st.sampled_from(_PAYS), _MONEY, _OWN)
@settings(max_examples=6, deadline=None)
def test_the_solver_finds_what_trying_everything_finds_in_several_sources(
    chains: list[tuple[Bundle, ...]], pays: tuple[frozenset[Item], ...], money: tuple[int, list[int]], own: list[int]
) -> None:
    solve = pytest.importorskip("machxa_collector.planning.exact", reason="needs machxa[optimize]").solve
    scaled = [_scaled(chain) for chain in chains]
    ceilings = _ceilings(pays, (money[0] * 1_000_000, [one * 1_000_000 for one in money[1]]), own)
    ceilings = replace(ceilings, own_vnd={unit: vnd * 1_000_000 for unit, vnd in ceilings.own_vnd.items()})
    options = _options(scaled, ceilings)

    plan, best = solve(options, ceilings), _best(options, ceilings)

    assert (plan.exact, plan.floor) == (True, best[0])
    assert sum(weight(one.bundle) for one in plan.chosen) == pytest.approx(best[1], abs=1e-3)


def _scaled(chain: tuple[Bundle, ...]) -> tuple[Bundle, ...]:
    return tuple(
        replace(
            one,
            lines=tuple(replace(line, vnd=(line.vnd or 0) * 1_000_000) for line in one.lines),
            vnd=one.vnd * 1_000_000,
            hours=_hours([replace(line, vnd=(line.vnd or 0) * 1_000_000) for line in one.lines]),
        )
        for one in chain
    )


def test_what_only_a_used_up_source_may_pay_is_left_out_and_the_rest_goes_on() -> None:
    """The centralised list has money for computers; the province's own has none left for the scanner before them."""
    chain = _chain("u0", [(2, 40), (0, 50), (0, 50)], floor_first=False)
    ceilings = Ceilings(shared_vnd=0, further=(Source(name="tập trung", vnd=100, items=frozenset({Item.PC})),))

    plan = greedy(_options([chain], ceilings), ceilings)

    assert [line.item for line in plan.chosen[0].bundle.lines] == [Item.PC, Item.PC]
    assert (plan.by_source, plan.shared_vnd) == ((0, 100), 100)


def test_a_source_pays_no_more_than_its_classes_actions_and_units() -> None:
    source = Source(
        name="a", vnd=1, items=frozenset({Item.PC}), actions=frozenset({Action.BUY}), units=frozenset({"u0"})
    )
    line = _line("u0", 1, Item.PC, 1)

    assert source.may_pay(line)
    assert not source.may_pay(replace(line, item=Item.PRINTER))
    assert not source.may_pay(replace(line, action=Action.REPAIR))
    assert not source.may_pay(replace(line, unit="u1"))


def test_the_next_money_is_told_for_the_source_that_it_is_put_in() -> None:
    chain = _chain("u0", [(0, 50), (1, 50)], floor_first=False)
    ceilings = Ceilings(shared_vnd=0, further=(Source(name="tập trung", vnd=60, items=frozenset({Item.PC})),))
    options = _options([chain], ceilings)
    plan = greedy(options, ceilings)

    assert [(unit, bundle.vnd) for unit, bundle in further(options, ceilings, plan, 50, 0)] == [("u0", 100)]
    assert further(options, ceilings, plan, 50, 1) == ()
