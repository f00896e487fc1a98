"""F20: tell the wear and book value of an asset, and whether it may be disposed of. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from machxa_collector.planning.facts import Asset
from machxa_collector.planning.figure import Figure, Missing, Told, Unit, between, exact, unknown
from machxa_collector.planning.rules import Disposal, Life, Rules, valid
from machxa_collector.planning.words import Answer, Item

_DAYS_A_YEAR = 365.25
_TRANSITIONS = ("spread", "rate")


@dataclass(frozen=True, slots=True, kw_only=True)
class Worn:
    """Hold wear in đồng: of the year that runs, accumulated to the last 31 December, and what is left then."""

    annual: Figure
    accumulated: Figure
    book_value: Figure
    is_fixed: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class DisposalCase:
    """Say whether an asset may be disposed of, and why; reason is a fixed word, rule the dated row.

    Its fields are those of the form 01/TSC-XLTS: name, quantity, cost, book value, reason.
    """

    eligible: Answer
    reason: str
    rule: str
    name: str
    quantity: int
    cost_vnd: int | None
    book_value: Figure


def years_between(start: date, end: date) -> float:
    """Return years from one day to another, below 0 when they are turned."""
    return (end - start).days / _DAYS_A_YEAR


def lives_on(item: Item, rules: Rules, day: date) -> tuple[Life, ...]:
    """Return the lives of a class on a day: the one chosen, else all that may be; empty: no row, or not decided."""
    rows = [row for row in valid(rules.life, day) if item in row.items]
    chosen = [row for row in rows if row.scheme in ("", rules.choice.life)]
    return tuple(chosen if rules.choice.life or len(chosen) == len(rows) else rows)


def worn(asset: Asset, rules: Rules, today: date) -> Worn:
    """Return wear and book value; an interval where province and rules leave a choice, which names each outcome.

    A year counts with its 31 December. Under the threshold of a fixed asset there is no book value: None, not 0.
    """
    told: dict[str, Told] = {"cost_vnd": asset.cost_vnd, "acquired_on": asset.acquired_on}
    is_fixed = _is_fixed(asset, rules, today)
    if is_fixed is not Answer.YES or asset.cost_vnd is None:
        missing = Missing.UNDER_THRESHOLD if is_fixed is Answer.NO else Missing.NO_FACT
        return _none(missing, told, is_fixed)
    if asset.acquired_on is None or asset.acquired_on > today:
        return _none(Missing.NO_FACT, told, is_fixed)
    outcomes = _outcomes(asset.item, asset.cost_vnd, asset.acquired_on, rules, today)
    if not outcomes:
        return _none(Missing.NO_RULE, told, is_fixed)
    told |= {name: left for name, left, _ in outcomes}
    left = [one for _, one, _ in outcomes]
    annual = [one for _, _, one in outcomes]
    cost = asset.cost_vnd
    return Worn(
        annual=between(min(annual), max(annual), Unit.VND, "F20.annual", told),
        accumulated=between(cost - max(left), cost - min(left), Unit.VND, "F20.accumulated", told),
        book_value=between(min(left), max(left), Unit.VND, "F20.book_value", told),
        is_fixed=is_fixed,
    )


def disposal(asset: Asset, rules: Rules, today: date, replacement_vnd: int | None = None) -> DisposalCase:
    """Return whether an asset may be disposed of; replacement_vnd: the price of a similar new one.

    Past its useful life; or not to be repaired; or a repair above the share of its cost, of a new one's price where
    the cost is not known (NĐ 186/2025, Art. 28). What is no fixed asset the unit decides on itself.
    """
    value = worn(asset, rules, today)
    eligible, reason = _eligible(asset, rules, today, value.is_fixed, replacement_vnd)
    return DisposalCase(
        eligible=eligible,
        reason=reason,
        rule=rules.disposal.id,
        name=asset.name,
        quantity=1,
        cost_vnd=asset.cost_vnd,
        book_value=value.book_value,
    )


def past_life(asset: Asset, rules: Rules, day: date) -> Answer:
    """Return whether an asset is past its useful life; UNKNOWN where lives not chosen between disagree."""
    lives = lives_on(asset.item, rules, day)
    if asset.acquired_on is None or not lives:
        return Answer.UNKNOWN
    said = {years_between(asset.acquired_on, day) >= row.years for row in lives}
    if len(said) > 1:
        return Answer.UNKNOWN
    return Answer.YES if said.pop() else Answer.NO


def _eligible(
    asset: Asset, rules: Rules, today: date, is_fixed: Answer, replacement_vnd: int | None
) -> tuple[Answer, str]:
    rule = rules.disposal
    if (rule.valid_from and today < rule.valid_from) or (rule.valid_to and today > rule.valid_to):
        return Answer.UNKNOWN, "no_rule"
    past = past_life(asset, rules, today)
    if past is Answer.YES:
        return Answer.YES, "past_life"
    broken = _broken(asset, rule, replacement_vnd) if asset.works is not True else None
    if broken is not None:
        return broken
    if is_fixed is Answer.NO:
        return Answer.YES, "unit_decides"
    if past is Answer.UNKNOWN:
        return Answer.UNKNOWN, "age_unknown"
    return Answer.NO, "in_use" if asset.works else "repairable"


def _broken(asset: Asset, rule: Disposal, replacement_vnd: int | None) -> tuple[Answer, str] | None:
    """Return what its condition decides; None where a repair is estimated and not too dear."""
    if asset.works is None:
        return Answer.UNKNOWN, "condition_unknown"
    if asset.is_repairable is False:
        return Answer.YES, "not_repairable"
    base = asset.cost_vnd if asset.cost_vnd is not None else replacement_vnd
    if asset.repair_vnd is None or not base:
        return Answer.UNKNOWN, "no_estimate"
    return (Answer.YES, "repair_too_dear") if asset.repair_vnd > rule.repair_ratio * base else None


def _is_fixed(asset: Asset, rules: Rules, today: date) -> Answer:
    rows = valid(rules.threshold, today)
    if asset.cost_vnd is None or not rows:
        return Answer.UNKNOWN
    return Answer.YES if asset.cost_vnd >= rows[0].cost_vnd else Answer.NO


def _outcomes(item: Item, cost: int, start: date, rules: Rules, today: date) -> list[tuple[str, float, float]]:
    """Return what is left on the last 31 December, and the running year's wear, by life and transition."""
    schemes = {row.scheme for row in rules.life if item in row.items} - {""}
    chosen = [rules.choice.life] if rules.choice.life else sorted(schemes) or [""]
    ways = [rules.choice.transition] if rules.choice.transition else _TRANSITIONS
    found = []
    for scheme in chosen:
        rows = [row for row in rules.life if item in row.items and row.scheme in ("", scheme)]
        for way in ways:
            left = _left(cost, start, rows, way, today)
            if left is not None:
                found.append((f"{scheme or 'life'}_{way}", *left))
    return found


def _left(cost: int, start: date, rows: Sequence[Life], way: str, today: date) -> tuple[float, float] | None:
    """Return what is left and the running year's wear; None where a year has no row, or more than one."""
    left, last, annual = float(cost), None, 0.0
    for year in range(start.year, today.year + 1):
        now = valid(rows, date(year, 12, 31))
        if len(now) != 1:
            return None
        if last is None:
            annual = cost * now[0].rate
        elif now[0] is not last:
            remaining = now[0].years - (year - start.year)
            annual = cost * now[0].rate if way == "rate" else left / remaining if remaining > 0 else left
        last = now[0]
        if year == today.year and today < date(year, 12, 31):
            return round(left), min(round(annual), round(left))
        left = max(0.0, left - annual)
        if year - start.year + 1 >= now[0].years:
            left = 0.0  # the last year takes what is left
    return round(left), min(round(annual), round(left))


def _none(missing: Missing, told: dict[str, Told], is_fixed: Answer) -> Worn:
    return Worn(
        annual=unknown(missing, Unit.VND, "F20.annual", told),
        accumulated=unknown(missing, Unit.VND, "F20.accumulated", told),
        book_value=unknown(missing, Unit.VND, "F20.book_value", told),
        is_fixed=is_fixed,
    )


def age_years(asset: Asset, today: date) -> Figure:
    """Return an asset's age by the book."""
    told: dict[str, Told] = {"acquired_on": asset.acquired_on}
    if asset.acquired_on is None:
        return unknown(Missing.NO_FACT, Unit.YEARS, "age", told)
    return exact(years_between(asset.acquired_on, today), Unit.YEARS, "age", told)
