"""Say of a plan what stands above it, its classes, and what its ceiling leaves undone. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict

from machxa_collector.planning.ceilings import Source
from machxa_collector.planning.more_tables import coverage
from machxa_collector.planning.needs import UnitNeeds
from machxa_collector.planning.outcome import Outcome, Settled, packages, split_flags, waiting
from machxa_collector.planning.procurement import deadlines, method
from machxa_collector.planning.summary import class_rows
from machxa_collector.planning.words import Action, Item
from machxa_collector.purchasing.shown import Shown

View = dict[str, object]
_MOST_NAMED = 200  # units that a page names


def head_view(one: Shown, ceiling: int | None) -> View:
    """Return what a plan rests on: versions, coverage, sources with ceilings, when it was read, its hash."""
    found = one.outcome
    basis, money, plan = found.needs.basis, found.ceilings, found.plan
    judged = [each for unit in found.needs.units for each in unit.judged]
    watched = sum(each.asset.watched_years is not None for each in judged)
    known: View = {**coverage(found.needs.units), "watched": watched / len(judged) if judged else None}
    own_ceiling = sum(money.own_vnd.values())
    own_items = None if money.own_items is None else [item.value for item in Item if item in money.own_items]
    return {
        "scenario": found.name,
        "ceiling": ceiling,
        "year": basis.today.year + 1,
        "on": basis.today,
        "read_at": one.read_at,
        "stamp": found.stamp,
        "sha256": one.sha256,
        "units": len(found.needs.units),
        "assets": len(judged),
        "coverage": known,
        "rules": basis.rules.version,
        "rules_source": basis.rules.source,
        "prices": basis.prices.version or None,
        "minimum_per_1000": money.minimum_per_1000,
        "sources": [
            *(source_view(each, paid) for each, paid in zip(money.shared(), plan.by_source, strict=True)),
            {**source_view(Source(name=money.own_source, vnd=own_ceiling), plan.own_vnd), "items": own_items},
        ],
    }


def source_view(one: Source, paid_vnd: int) -> View:
    """Return a source with what it pays, and what it may pay for alone: None is everything."""
    return {
        "name": one.name,
        "ceiling_vnd": one.vnd,
        "paid_vnd": paid_vnd,
        "items": None if one.items is None else [item.value for item in Item if item in one.items],
        "actions": None if one.actions is None else [action.value for action in Action if action in one.actions],
        "units": None if one.units is None else sorted(one.units),
    }


def classes_view(one: Shown) -> list[View]:
    """Return the summary by class."""
    return [{**asdict(row), "item": row.item.value} for row in class_rows(one.outcome, one.lines)]


def money_view(one: Shown) -> View:
    """Return what a plan under its ceilings does and leaves: the cut, hours still lost, units below the floor."""
    found = one.outcome
    paid = [each for each in one.lines if each.source is not None]
    left = [each for each in one.lines if each.source is None]
    reasons: dict[str, list[int]] = {}
    for each in left:
        count = reasons.setdefault(each.left_out or "", [0, 0, 0])
        count[0] += 1
        count[1] += each.line.vnd or 0
        count[2] += each.line.vnd is None
    return {
        "lines": len(one.lines),
        "paid": len(paid),
        "paid_vnd": sum(each.line.vnd or 0 for each in paid),
        "left": [
            {"reason": reason, "lines": count, "vnd": vnd, "no_price": unpriced}
            for reason, (count, vnd, unpriced) in sorted(reasons.items(), key=lambda told: (-told[1][1], told[0]))
        ],
        "left_vnd": sum(each.line.vnd or 0 for each in left),
        "left_no_price": sum(each.line.vnd is None for each in left),
        "last_paid": _line(paid[-1]) if paid else None,
        "first_cut": next((_line(each) for each in left if each.left_out == "cut"), None),
        "hours": found.plan.hours,
        "still_lost": found.plan.still_lost,
        "floor": found.plan.floor,
        "floor_of": found.plan.floor_of,
        "below": [_unit(unit) for unit in _below(found)][:_MOST_NAMED],
        "waiting": waiting(found.needs),
        "gap": found.plan.gap,
        "bound": found.plan.bound,
        "exact": found.plan.exact,
        "transfers": len(found.needs.transfers),
        "more": _more(found),
        "splits": [
            {
                "owner": each.owner,
                "commodity": each.commodity,
                "vnd": each.vnd,
                "packages": each.packages,
                "way": each.way,
            }
            for each in split_flags(found)
        ],
        "packages": _packages(found),
        "deadlines": _deadlines(found),
    }


def _line(one: Settled) -> View:
    line = one.line
    named: View = {"id": line.id, "unit": one.unit.commune.name or line.unit, "vnd": line.vnd}
    return {**named, "item": line.item.value, "action": line.action.value}


def _below(found: Outcome) -> Iterator[UnitNeeds]:
    """Yield the units that could buy their floor and do not get it."""
    chosen = {one.unit: one.bundle.has_floor for one in found.plan.chosen}
    for unit, option in zip(found.needs.units, found.options, strict=True):
        if not option.bundles[0].has_floor and not chosen.get(unit.commune.code, False):
            yield unit


def _unit(unit: UnitNeeds) -> View:
    return {"code": unit.commune.code, "name": unit.commune.name or unit.commune.code}


def _more(found: Outcome) -> View:
    names = {unit.commune.code: unit.commune.name for unit in found.needs.units}
    counts: dict[tuple[str, str], list[int]] = {}
    for line in found.more.lines:
        count = counts.setdefault((line.item.value, line.action.value), [0, 0])
        count[0] += 1
        count[1] += line.vnd or 0
    return {
        "vnd": found.more.vnd,
        "source": found.more.source,
        "hours": found.more.hours,
        "spent_vnd": sum(line.vnd or 0 for line in found.more.lines),
        "groups": [
            {"item": item, "action": action, "lines": count, "vnd": vnd}
            for (item, action), (count, vnd) in sorted(counts.items())
        ],
        "units": sorted({names.get(line.unit) or line.unit for line in found.more.lines})[:_MOST_NAMED],
    }


def _packages(found: Outcome) -> list[View]:
    """Return what is bought from shared sources: each commune's own packages stand in the workbook."""
    names: Mapping[str, str] = {unit.commune.code: unit.commune.name for unit in found.needs.units}
    views = []
    for one in packages(found):
        if one.owner not in names:
            how = method(one.vnd, found.needs.basis.rules, found.needs.basis.today)
            view: View = {"owner": one.owner, "commodity": one.commodity, "source": one.source, "vnd": one.vnd}
            views.append({**view, "way": how.way, "rule": how.source})
    return views


def _deadlines(found: Outcome) -> list[View]:
    basis = found.needs.basis
    province = next((unit.commune.province for unit in found.needs.units), "")
    return [
        {"on": due.on, "what": due.what, "source": due.source}
        for due in deadlines(province, basis.today.year + 1, basis.rules)
    ]
