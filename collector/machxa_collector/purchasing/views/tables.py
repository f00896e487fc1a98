"""List for pages what stands beside a plan: classes by unit, transfers, ages, five years, need by dossiers. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from machxa_collector.planning.facts import Commune
from machxa_collector.planning.figure import as_tree
from machxa_collector.planning.outcome import Settled
from machxa_collector.planning.rules import valid
from machxa_collector.planning.tables import number
from machxa_collector.planning.wear import lives_on, years_between
from machxa_collector.planning.words import Action, Item, Owner
from machxa_collector.planning.years import five_years, item_of_row
from machxa_collector.purchasing.shown import Shown

View = dict[str, object]
PER_PAGE = 50
AGES = (2, 4, 6, 8, 10)  # years at which a bar ends; the last one has no end


def units_view(one: Shown, item: str, start: int) -> View:
    """Return what each unit may have, has and lacks of a class, down to the norm rows; who lacks most comes first."""
    found = one.outcome.needs
    pairs = [(unit, gap) for unit in found.units for gap in unit.gaps if gap.item.value == item]
    pairs.sort(key=lambda pair: (-(pair[1].lacking.low or 0.0), pair[0].commune.code))
    shown = pairs[start : start + PER_PAGE]
    return {
        "item": item,
        "total": len(pairs),
        "start": start,
        "next": start + PER_PAGE if len(pairs) > start + PER_PAGE else None,
        "norms": [
            {"id": row.id, "source": row.source, "from": row.valid_from, "max_price_vnd": row.max_price_vnd}
            for row in valid(found.basis.rules.norm, found.basis.today)
            if row.item.value == item
        ],
        "rows": [
            {
                "unit": gap.unit,
                "name": unit.commune.name or gap.unit,
                "expected": as_tree(gap.expected),
                "lacking": as_tree(gap.lacking),
                "have": gap.have,
                "works": gap.works,
                "broken": gap.broken,
                "unsure": gap.unsure,
                "allowed": gap.allowed,
                "missing_capability": gap.missing_capability,
            }
            for unit, gap in shown
        ],
    }


def transfers_view(one: Shown, start: int) -> View:
    """Return the pairs of a unit with a surplus and one in need, with what each saves."""
    found = one.outcome.needs
    names = {unit.commune.code: unit.commune.name or unit.commune.code for unit in found.units}
    assets = {each.asset.id: each.asset for unit in found.units for each in unit.judged}
    shown = found.transfers[start : start + PER_PAGE]
    return {
        "total": len(found.transfers),
        "saves_vnd": sum(each.saves_vnd or 0 for each in found.transfers),
        "start": start,
        "next": start + PER_PAGE if len(found.transfers) > start + PER_PAGE else None,
        "rows": [
            {
                "asset": each.asset,
                "code": assets[each.asset].code,
                "title": assets[each.asset].name,
                "item": each.item.value,
                "giver": names[each.giver],
                "giver_code": each.giver,
                "taker": names[each.taker],
                "taker_code": each.taker,
                "km": each.km,
                "saves_vnd": each.saves_vnd,
                "rule": each.rule,
            }
            for each in shown
        ],
    }


def ages_view(one: Shown) -> list[View]:
    """Return how many of each class are how old by the books, and how many of no known age; beside its norm life."""
    basis, counts = one.outcome.needs.basis, dict[Item, list[int]]()
    for unit in one.outcome.needs.units:
        for each in unit.judged:
            if each.asset.owner is Owner.STATE:
                count = counts.setdefault(each.asset.item, [0] * (len(AGES) + 2))
                count[_band(each.asset.acquired_on, basis.today)] += 1
    return [
        {
            "item": item.value,
            "counts": counts[item][:-1],
            "unknown": counts[item][-1],
            "lives": sorted({row.years for row in lives_on(item, basis.rules, basis.today)}),
        }
        for item in Item
        if item in counts
    ]


def years_view(one: Shown) -> list[View]:
    """Return the five years' need: pieces and đồng, by the longest lives and the shortest, by year and class."""
    table = five_years(one.outcome.needs)
    return [
        {
            "year": row[0],
            "item": item_of_row(row).value,
            "longest": row[2],
            "shortest": row[3],
            "price_vnd": row[4],
            "longest_vnd": number(row[5]),
            "shortest_vnd": number(row[6]),
        }
        for row in table.rows[:-1]
    ]


def dossiers_view(one: Shown, start: int) -> View:
    """Return each unit's need for a thousand dossiers a year, greatest first; where none were counted it is not known.

    So a small unit is not hidden by a large one.
    """
    year_hours = one.outcome.needs.basis.rules.value.year_hours
    by_unit: dict[str, list[Settled]] = {}
    for each in one.lines:
        by_unit.setdefault(each.line.unit, []).append(each)
    rows = [
        _per_thousand(unit.commune, by_unit.get(unit.commune.code, ()), year_hours) for unit in one.outcome.needs.units
    ]
    known = sorted((row for row in rows if row[0] is not None), key=lambda row: (-(row[0] or 0.0), str(row[1]["unit"])))
    unknown = sorted((row for row in rows if row[0] is None), key=lambda row: str(row[1]["unit"]))
    all_ = [view for _, view in (*known, *unknown)]
    return {
        "total": len(all_),
        "known": len(known),
        "start": start,
        "next": start + PER_PAGE if len(all_) > start + PER_PAGE else None,
        "rows": all_[start : start + PER_PAGE],
    }


def _per_thousand(commune: Commune, lines: Sequence[Settled], year_hours: float) -> tuple[float | None, View]:
    thousands = None if not commune.per_hour else commune.per_hour * year_hours / 1000
    pieces = sum(each.line.action in (Action.BUY, Action.REPLACE) for each in lines)
    priced = [each.line.vnd for each in lines if each.line.vnd is not None]
    vnd = sum(priced) if len(priced) == len(lines) else None
    rate = None if thousands is None else pieces / thousands
    return rate, {
        "unit": commune.code,
        "name": commune.name or commune.code,
        "dossiers": None if thousands is None else round(thousands * 1000),
        "pieces": pieces,
        "vnd": vnd,
        "priced_vnd": sum(priced),
        "pieces_per_thousand": rate,
        "vnd_per_thousand": None if thousands is None or vnd is None else vnd / thousands,
    }


def _band(acquired_on: date | None, today: date) -> int:
    if acquired_on is None or acquired_on > today:
        return len(AGES) + 1
    age = years_between(acquired_on, today)
    return next((at for at, edge in enumerate(AGES) if age < edge), len(AGES))
