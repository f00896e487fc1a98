"""Tell how many of each class a unit may have, has and lacks, by the dated norms. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil

from machxa_collector.planning.facts import Asset, Commune
from machxa_collector.planning.figure import Figure, Missing, Told, Unit, between, exact, unknown
from machxa_collector.planning.rules import Norm, Rules, valid
from machxa_collector.planning.words import Item, Owner


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Hold the need of one class in one unit.

    expected: the norm; have: all that is there; works, broken, unsure: parts of it; lacking: expected - works, a
    surplus where it is below 0. allowed: how many may still be bought within the norm, None where no norm is decided.
    missing_capability: the unit cannot do a stage at all, since it has none that works (or none is known to).
    """

    unit: str
    item: Item
    expected: Figure
    have: int
    works: int
    broken: int
    unsure: int
    lacking: Figure
    allowed: int | None
    max_price_vnd: int | None
    missing_capability: bool

    @property
    def surplus(self) -> int:
        """Return how many certainly work beyond the norm; 0 where it is not known."""
        return 0 if self.expected.high is None else max(0, self.works - ceil(self.expected.high))


def round_up(count: Fraction) -> int:
    """Return the whole number a norm means: 0.21 is 1, 9.68 is 10 (QĐ 15/2025)."""
    return ceil(count)


def norm_count(row: Norm, commune: Commune) -> int | None:
    """Return what one row gives a unit, None where its staff or counters are not entered."""
    if row.per_unit:
        return row.per_unit
    if row.per_counter:
        return None if commune.counters is None else round_up(Fraction(str(row.per_counter)) * commune.counters)
    numbers = [commune.staff.get(title) for title in row.titles]
    known = [number for number in numbers if number is not None]
    return round_up(Fraction(sum(known), row.per_staff)) if len(known) == len(numbers) else None


def expected(item: Item, commune: Commune, rules: Rules, day: date) -> Figure:
    """Return how many of a class a unit may have at most, with what each row gives."""
    rows = [row for row in valid(rules.norm, day) if row.item is item]
    counts = [(row.id, norm_count(row, commune)) for row in rows]
    told: dict[str, Told] = {f"staff_{title.value}": number for title, number in commune.staff.items()}
    told |= dict(counts)
    if not rows:
        return unknown(Missing.NO_RULE, Unit.COUNT, "norm", told)
    known = [number for _, number in counts if number is not None]
    if len(known) < len(counts):
        return unknown(Missing.NO_STAFF, Unit.COUNT, "norm", told)
    return exact(sum(known), Unit.COUNT, "norm", told)


def gaps(commune: Commune, assets: Sequence[Asset], rules: Rules, day: date) -> tuple[Gap, ...]:
    """Return the need of every class that a norm gives, a floor asks for, or the unit has.

    Only what the state owns counts. A multifunction device counts for each of its functions.
    """
    own = [asset for asset in assets if asset.owner is Owner.STATE]
    floors = {row.item for row in valid(rules.floor, day) if commune.handles_land is not False or not row.needs_land}
    sure_floors = floors - {
        row.item for row in valid(rules.floor, day) if row.needs_land and commune.handles_land is None
    }
    by_norm = {row.item for row in valid(rules.norm, day)}
    there = {item: [asset for asset in own if item in (asset.item, *asset.functions)] for item in Item}
    wanted = [item for item in Item if item in by_norm | floors or (there[item] and item is not Item.OTHER)]
    return tuple(_gap(item, commune, there[item], rules, day, is_floor=item in sure_floors) for item in wanted)


def max_price(item: Item, rules: Rules, day: date) -> int | None:
    """Return the price ceiling of a class: the least of its rows, since nobody knows for whom one is bought."""
    prices = [row.max_price_vnd for row in valid(rules.norm, day) if row.item is item and row.max_price_vnd]
    return min(prices, default=None)


def multifunction_price(functions: Iterable[Item], rules: Rules, day: date) -> int | None:
    """Return the price ceiling of a multifunction device: the sum of its functions'; None when one has none."""
    prices = [max_price(item, rules, day) for item in functions]
    known = [price for price in prices if price is not None]
    return sum(known) if known and len(known) == len(prices) else None


def total_by_item(found: Iterable[Gap]) -> Mapping[Item, Figure]:
    """Return what is lacking of each class over units, an interval from what is known; surpluses do not count."""
    sums: dict[Item, list[Gap]] = {}
    for gap in found:
        sums.setdefault(gap.item, []).append(gap)
    return {item: _total(each) for item, each in sums.items()}


def _total(each: Sequence[Gap]) -> Figure:
    known = [gap for gap in each if gap.lacking.low is not None]
    told: dict[str, Told] = {"units": len(each), "units_unknown": len(each) - len(known)}
    if not known:
        return unknown(Missing.NO_STAFF, Unit.COUNT, "gap.total", told)
    low = sum(max(0.0, gap.lacking.low or 0.0) for gap in known)
    high = sum(max(0.0, gap.lacking.high or 0.0) for gap in known)
    return between(low, high, Unit.COUNT, "gap.total", told)


def _gap(item: Item, commune: Commune, there: Sequence[Asset], rules: Rules, day: date, *, is_floor: bool) -> Gap:
    works = sum(asset.works is True for asset in there)
    broken = sum(asset.works is False for asset in there)
    unsure = len(there) - works - broken
    norm = expected(item, commune, rules, day)
    told: dict[str, Told] = {"expected": norm, "works": works, "unsure": unsure}
    if norm.low is None or norm.high is None:
        lacking = unknown(norm.missing or Missing.NO_RULE, Unit.COUNT, "gap", told)
    else:
        lacking = between(norm.low - works - unsure, norm.high - works, Unit.COUNT, "gap", told)
    return Gap(
        unit=commune.code,
        item=item,
        expected=norm,
        have=len(there),
        works=works,
        broken=broken,
        unsure=unsure,
        lacking=lacking,
        allowed=None if norm.low is None else max(0, int(norm.low) - works - unsure),
        max_price_vnd=max_price(item, rules, day),
        missing_capability=is_floor and works + unsure == 0,
    )
