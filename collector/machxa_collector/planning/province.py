"""Put planning together: from assets and communes to needs, transfers and bundles, for plans to choose from. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from machxa_collector.impact.model import Model
from machxa_collector.planning.budget import Plan
from machxa_collector.planning.bundles import Choices, Lock, choices, weight
from machxa_collector.planning.ceilings import Ceilings
from machxa_collector.planning.facts import Asset, Commune
from machxa_collector.planning.further import further
from machxa_collector.planning.needs import Line, UnitNeeds, rates_of, unit_needs
from machxa_collector.planning.prices import PriceTable
from machxa_collector.planning.rules import Rules
from machxa_collector.planning.transfers import Spare, Transfer, match
from machxa_collector.planning.value import Worth
from machxa_collector.planning.words import Action, Item

NEXT_VND = 50_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """Hold what everything is judged by."""

    rules: Rules
    model: Model
    prices: PriceTable
    today: date
    locks: Mapping[str, Lock]


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """Hold the needs of units after transfers, and the transfers."""

    units: tuple[UnitNeeds, ...]
    transfers: tuple[Transfer, ...]
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class More:
    """Hold what more money would buy: the lines by which the plan differs, and the hours it saves beyond.

    source: the shared source in which it would give most; "" where it buys nothing anywhere.
    """

    vnd: int
    lines: tuple[Line, ...]
    hours: float
    source: str = ""


def assess(communes: Iterable[Commune], assets: Iterable[Asset], basis: Basis) -> Needs:
    """Return what every commune needs, with what others can give it taken off before anything is bought."""
    by_code = {commune.code: commune for commune in communes}
    there: dict[str, list[Asset]] = {code: [] for code in by_code}
    known = [asset for asset in assets if asset.unit in there]
    for asset in known:
        there[asset.unit].append(asset)
    rates = rates_of(known, basis.rules, basis.today)
    units = [
        unit_needs(commune, there[code], basis.rules, basis.prices, basis.today, rates)
        for code, commune in by_code.items()
    ]
    transfers = _transfers(units, by_code, basis)
    taken: dict[tuple[str, Item], int] = {}
    for one in transfers:
        taken[one.taker, one.item] = taken.get((one.taker, one.item), 0) + 1
    after = tuple(_without(unit, taken) for unit in units)
    return Needs(units=after, transfers=transfers, basis=basis)


def options(needs: Needs, ceilings: Ceilings) -> tuple[Choices, ...]:
    """Return each unit's bundles, those besides that some of the sources can still pay."""
    worth = Worth(needs.basis.model, needs.basis.rules)
    return tuple(choices(unit, worth, needs.basis.locks, ceilings) for unit in needs.units)


def next_money(all_: Sequence[Choices], ceilings: Ceilings, plan: Plan, more_vnd: int = NEXT_VND) -> More:
    """Return what a shared source would buy with more, with what it has left; what is planned stays.

    Of several sources it is the one in which more gives the most.
    """
    had = {line.id for one in plan.chosen for line in one.bundle.lines}
    before = {one.unit: one.bundle for one in plan.chosen}
    best, most = More(vnd=more_vnd, lines=(), hours=0.0), (0, 0.0)
    for at, source in enumerate(ceilings.shared()):
        richer = further(all_, ceilings, plan, more_vnd, at)
        floors = sum(bundle.has_floor - before[unit].has_floor for unit, bundle in richer)
        value = (floors, sum(weight(bundle) - weight(before[unit]) for unit, bundle in richer))
        if value > most:
            lines = tuple(line for _, bundle in richer for line in bundle.lines if line.id not in had)
            hours = sum(bundle.hours - before[unit].hours for unit, bundle in richer)
            best, most = More(vnd=more_vnd, lines=lines, hours=hours, source=source.name), value
    return best


def _transfers(units: Sequence[UnitNeeds], by_code: Mapping[str, Commune], basis: Basis) -> tuple[Transfer, ...]:
    spares = [
        Spare(asset=one.asset.id, unit=one.asset.unit, item=one.asset.item, points=one.scored.total.high or 0.0)
        for unit in units
        for one in unit.judged
        if one.advice.action is Action.TRANSFER
    ]
    lacking = {
        (gap.unit, gap.item): sum(
            line.item is gap.item and line.action is Action.BUY and line.id not in basis.locks for line in unit.lines
        )
        for unit in units
        for gap in unit.gaps
    }
    capability = frozenset((gap.unit, gap.item) for unit in units for gap in unit.gaps if gap.missing_capability)
    new = {item: price.vnd for item in Item if (price := basis.prices.price(item, Action.BUY)) is not None}
    return match(spares, {key: number for key, number in lacking.items() if number}, by_code, new, capability)


def _without(unit: UnitNeeds, taken: Mapping[tuple[str, Item], int]) -> UnitNeeds:
    """Return a unit's needs without what is given to it; what comes counts as sound."""
    effective, lines = dict(unit.effective), list(unit.lines)
    for gap in unit.gaps:
        number = taken.get((gap.unit, gap.item), 0)
        if not number:
            continue
        effective[gap.item] = effective.get(gap.item, 0.0) + number
        bought = [line for line in lines if line.item is gap.item and line.action is Action.BUY]
        gone = {line.id for line in sorted(bought, key=lambda line: (line.priority, line.id))[:number]}
        lines = [line for line in lines if line.id not in gone]
        lines = [replace(line, priority=2) if line.item is gap.item else line for line in lines]
    return replace(unit, effective=effective, lines=tuple(lines))
