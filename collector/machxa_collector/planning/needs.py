"""Tell what a unit needs, line by line, within the norm: for what it has and for what it lacks. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from machxa_collector.planning.advice import Advice, Case, advise
from machxa_collector.planning.facts import Asset, Commune
from machxa_collector.planning.failing import age_band, failure_rate
from machxa_collector.planning.figure import Figure
from machxa_collector.planning.norms import Gap, gaps
from machxa_collector.planning.prices import PriceTable, exceeds
from machxa_collector.planning.rules import Rules, valid
from machxa_collector.planning.score import Scored, score
from machxa_collector.planning.wear import disposal, years_between
from machxa_collector.planning.words import Action, Answer, Band, Item, Owner

COSTING = (Action.UPGRADE, Action.REPAIR, Action.REPLACE, Action.BUY)
Rates = Mapping[tuple[Item, str], Figure]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Hold one thing that costs money: an asset's repair, upgrade or replacement, or one piece that is lacking.

    vnd: None while no price is approved. gain: by how much the working share's count of the class rises. refused: why
    no plan may take it: "no_price", "above_ceiling", "no_norm", "beyond_norm", "overridden_away". priority 1 is the
    mandatory floor. overridden: the override it stands by; beyond: what that goes beyond, of the same words.
    """

    id: str
    unit: str
    item: Item
    action: Action
    asset: str | None
    vnd: int | None
    gain: float
    rule: str
    why: str
    priority: int
    refused: str | None = None
    overridden: str | None = None
    beyond: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Hold an asset with its score and advice."""

    asset: Asset
    scored: Scored
    advice: Advice


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitNeeds:
    """Hold a unit's gaps, judged assets, lines, and how many of each class effectively work and are needed."""

    commune: Commune
    gaps: tuple[Gap, ...]
    judged: tuple[Judged, ...]
    lines: tuple[Line, ...]
    effective: Mapping[Item, float]
    needed: Mapping[Item, int]


def rates_of(assets: Iterable[Asset], rules: Rules, today: date) -> Rates:
    """Return F13's rate of each class and age band, from assets whose failures are known, over the time watched."""
    counts: dict[tuple[Item, str], list[float]] = {}
    for asset in assets:
        if asset.failures is not None:
            count = counts.setdefault((asset.item, _band(asset, rules, today)), [0, 0.0])
            count[0] += asset.failures
            count[1] += 1.0 if asset.watched_years is None else asset.watched_years
    return {key: failure_rate(int(failures), years, rules) for key, (failures, years) in counts.items()}


def unit_needs(
    commune: Commune, assets: Sequence[Asset], rules: Rules, prices: PriceTable, today: date, rates: Rates
) -> UnitNeeds:
    """Return what a unit needs. Assets of other owners are judged, but neither counted nor charged."""
    found = gaps(commune, assets, rules, today)
    judged = judge(assets, found, rules, prices, today)
    effective: dict[Item, float] = {}
    for one in judged:
        if one.asset.owner is Owner.STATE:
            for item in {one.asset.item, *one.asset.functions}:
                effective[item] = effective.get(item, 0.0) + working_share(one, rules, today, rates)
    floors = {row.item for row in valid(rules.floor, today)}
    needed = {gap.item: int(gap.expected.low) for gap in found if gap.expected.low}
    needed |= {gap.item: max(1, needed.get(gap.item, 0)) for gap in found if gap.missing_capability}
    lines = [line for one in judged for line in asset_lines(one, found, rules, prices, today, rates)]
    lines += [line for gap in found for line in _gap_lines(gap, judged, rules, prices, is_floor=gap.item in floors)]
    return UnitNeeds(
        commune=commune,
        gaps=found,
        judged=judged,
        lines=_one_floor_each(lines),
        effective=effective,
        needed=needed,
    )


def _one_floor_each(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return the lines with one of each class as the floor: the cheapest that may be taken."""
    first: dict[Item, Line] = {}
    for line in sorted(lines, key=lambda one: (one.refused is not None, one.vnd is None, one.vnd or 0, one.id)):
        if line.priority == 1:
            first.setdefault(line.item, line)
    return tuple(
        replace(line, priority=2) if line.priority == 1 and first[line.item] is not line else line for line in lines
    )


def judge(
    assets: Sequence[Asset], found: Sequence[Gap], rules: Rules, prices: PriceTable, today: date
) -> tuple[Judged, ...]:
    """Return each asset with its score and advice; of a surplus the most outdated are the ones beyond the norm."""
    scored = {asset.id: score(asset, rules, today) for asset in assets}
    beyond: set[str] = set()
    for gap in found:
        working = [
            one for one in assets if one.item is gap.item and one.works is not False and one.owner is Owner.STATE
        ]
        working.sort(key=lambda one: (one.works is None, -(scored[one.id].total.low or 0.0), one.id))
        beyond |= {one.id for one in working[: gap.surplus]}
        if gap.allowed is not None:  # of the broken ones no more are mended than the norm leaves room for
            broken = [one for one in assets if one.item is gap.item and one.works is False and one.owner is Owner.STATE]
            broken.sort(key=lambda one: (one.is_repairable is False, scored[one.id].total.low or 0.0, one.id))
            beyond |= {one.id for one in broken[gap.allowed :]}
    judged = []
    for asset in assets:
        new = prices.price(asset.item, Action.BUY)
        case = Case(
            asset=asset,
            scored=scored[asset.id],
            disposal=disposal(asset, rules, today, None if new is None else new.vnd),
            is_surplus=asset.id in beyond,
            rules=rules,
        )
        judged.append(Judged(asset=asset, scored=case.scored, advice=advise(case)))
    return tuple(judged)


def working_share(one: Judged, rules: Rules, today: date, rates: Rates) -> float:
    """Return how much of a sound device an asset is: 0 broken, 1 sound; what is not known counts as sound."""
    if one.asset.works is False:
        return 0.0
    rate = rates.get((one.asset.item, _band(one.asset, rules, today)))
    gone = 0.0 if rate is None or rate.low is None else rate.low * rules.value.repair_days / rules.value.year_days
    pace = {Band.REPLACE: rules.value.replace_pace, Band.PLAN: rules.value.plan_pace}.get(one.scored.band, 1.0)
    return max(0.0, 1 - gone) * (pace if one.asset.item is Item.PC else 1.0)


def asset_lines(
    one: Judged, found: Sequence[Gap], rules: Rules, prices: PriceTable, today: date, rates: Rates
) -> Iterable[Line]:
    """Yield the line of an asset whose advice costs money; none of another owner's."""
    action, asset = one.advice.action, one.asset
    if action not in COSTING or asset.owner is not Owner.STATE:
        return
    price = prices.price(asset.item, action)
    vnd = None if price is None else price.vnd
    if action is Action.REPAIR and asset.repair_vnd is not None:
        vnd = asset.repair_vnd
    gap = next((gap for gap in found if gap.item is asset.item), None)
    refused = None
    if action is Action.REPLACE:
        refused = _refusal(vnd, gap, rules)
        if refused is None and gap is not None and gap.expected.low is not None:
            refused = "beyond_norm" if gap.works + gap.unsure > gap.expected.low else None
    elif vnd is None:
        refused = "no_price"
    alone = gap is not None and gap.works + gap.unsure == 0
    yield Line(
        id=f"asset:{asset.id}",
        unit=asset.unit,
        item=asset.item,
        action=action,
        asset=asset.id,
        vnd=vnd,
        gain=max(0.0, 1 - working_share(one, rules, today, rates)),
        rule=one.advice.rule,
        why=one.advice.why,
        priority=1 if alone and gap is not None and gap.missing_capability else 2,
        refused=refused,
    )


def _gap_lines(
    gap: Gap, judged: Sequence[Judged], rules: Rules, prices: PriceTable, *, is_floor: bool
) -> Iterable[Line]:
    """Yield a line for each piece to buy: no more than the norm leaves beside what works, may work or is repaired."""
    mended = sum(
        one.asset.item is gap.item
        and one.asset.works is False
        and one.asset.owner is Owner.STATE
        and (one.advice.action in (Action.REPLACE, Action.REPAIR) or one.advice.disposal.eligible is not Answer.YES)
        for one in judged
    )
    count = 1 if gap.allowed is None and gap.missing_capability else max(0, (gap.allowed or 0) - mended)
    line = gap_line(gap.unit, gap.item, 1, gap, prices, rules)
    for number in range(count):
        first = is_floor and gap.missing_capability and number == 0
        yield replace(
            line,
            id=f"gap:{gap.unit}:{gap.item.value}:{number + 1}",
            why="missing_capability" if first else "below_norm",
            priority=1 if first else 2,
        )


def gap_line(unit: str, item: Item, number: int, gap: Gap | None, prices: PriceTable, rules: Rules) -> Line:
    """Return the line of one piece to buy, whatever the norm leaves."""
    price = prices.price(item, Action.BUY)
    vnd = None if price is None else price.vnd
    return Line(
        id=f"gap:{unit}:{item.value}:{number}",
        unit=unit,
        item=item,
        action=Action.BUY,
        asset=None,
        vnd=vnd,
        gain=1.0,
        rule="F15.buy",
        why="below_norm",
        priority=2,
        refused=_refusal(vnd, gap, rules),
    )


def _refusal(vnd: int | None, gap: Gap | None, rules: Rules) -> str | None:
    if gap is None or gap.expected.low is None:
        return "no_norm"
    if vnd is None:
        return "no_price"
    return "above_ceiling" if exceeds(vnd, gap.max_price_vnd, rules) else None


def _band(asset: Asset, rules: Rules, today: date) -> str:
    age = None if asset.acquired_on is None else max(0.0, years_between(asset.acquired_on, today))
    return age_band(age, rules)
