"""Turn what planning found into answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from machxa_collector.api.answers import iso
from machxa_collector.planning.ceilings import Source
from machxa_collector.planning.failing import signs, troubles_of, watched_of
from machxa_collector.planning.figure import as_tree
from machxa_collector.planning.needs import Judged, Line
from machxa_collector.planning.norms import Gap
from machxa_collector.planning.outcome import Outcome, Settled, packages, split_flags, waiting
from machxa_collector.planning.overrides import override_tree
from machxa_collector.planning.procurement import deadlines, method
from machxa_collector.planning.rules import Rules
from machxa_collector.planning.support import programs_ending
from machxa_collector.planning.wear import worn
from machxa_collector.store.planning import Paper

View = dict[str, object]


def gap_view(gap: Gap, name: str) -> View:
    """Return one class of one unit."""
    return {
        "unit": gap.unit,
        "name": name,
        "item": gap.item.value,
        "expected": as_tree(gap.expected),
        "lacking": as_tree(gap.lacking),
        "have": gap.have,
        "works": gap.works,
        "broken": gap.broken,
        "unsure": gap.unsure,
        "allowed": gap.allowed,
        "max_price_vnd": gap.max_price_vnd,
        "missing_capability": gap.missing_capability,
    }


def plan_view(found: Outcome, lines: Sequence[Settled], following: str | None) -> View:
    """Return a plan with some of its lines."""
    plan, basis, ceilings = found.plan, found.needs.basis, found.ceilings
    province = next((unit.commune.province for unit in found.needs.units), "")
    return {
        "scenario": found.name,
        "on": basis.today.isoformat(),
        "stamp": found.stamp,
        "shared_ceiling_vnd": sum(one.vnd for one in ceilings.shared()),
        "shared_vnd": plan.shared_vnd,
        "own_ceiling_vnd": sum(ceilings.own_vnd.values()),
        "minimum_per_1000": ceilings.minimum_per_1000,
        "own_vnd": plan.own_vnd,
        "sources": [
            {"name": one.name, "ceiling_vnd": one.vnd, "paid_vnd": paid, **_allowed(one)}
            for one, paid in zip(ceilings.shared(), plan.by_source, strict=True)
        ],
        "hours": plan.hours,
        "still_lost": plan.still_lost,
        "floor": plan.floor,
        "floor_of": plan.floor_of,
        "floor_waiting": waiting(found.needs),
        "bound": plan.bound,
        "gap": plan.gap,
        "exact": plan.exact,
        "next_vnd": found.more.vnd,
        "next_source": found.more.source or None,
        "next_hours": found.more.hours,
        "next_lines": [line.id for line in found.more.lines],
        "lines": [_line_view(one) for one in lines],
        "transfers": [
            {
                "asset": one.asset,
                "item": one.item.value,
                "giver": one.giver,
                "taker": one.taker,
                "km": one.km,
                "saves_vnd": one.saves_vnd,
                "rule": one.rule,
            }
            for one in found.needs.transfers
        ],
        "packages": _package_views(found),
        "overrides": [override_tree(one) for one in found.overrides],
        "splits": [
            {name: getattr(one, name) for name in ("owner", "commodity", "year", "packages", "vnd", "way", "rule")}
            for one in split_flags(found)
        ],
        "deadlines": [
            {"on": one.on.isoformat(), "what": one.what, "source": one.source, "confidence": one.confidence}
            for one in deadlines(province, basis.today.year + 1, basis.rules)
        ],
        "next": following,
    }


def finding_view(one: Judged, rules: Rules, today: date) -> View:
    """Return what is found of one asset."""
    case, scored = one.advice.disposal, one.scored
    failures, downtime = troubles_of(one.asset)
    return {
        "asset": one.asset.id,
        "unit": one.asset.unit,
        "item": one.asset.item.value,
        "score": as_tree(scored.total),
        "band": scored.band.value,
        "completeness": scored.completeness,
        "reasons": [name for name, _ in scored.reasons],
        "action": one.advice.action.value,
        "rule": one.advice.rule,
        "why": one.advice.why,
        "disposal": case.eligible.value,
        "disposal_why": case.reason,
        "disposal_rule": case.rule,
        "book_value": as_tree(worn(one.asset, rules, today).book_value),
        "dates_disagree": scored.conflicting,
        "signs": [
            {"name": sign.name, "figure": as_tree(sign.figure), "method": sign.method, "sure": sign.sure}
            for sign in signs(watched_of(one.asset), rules)
        ],
        "failures": as_tree(failures),
        "downtime": as_tree(downtime),
        "programs": [
            {"program": end.program, "version": end.version, "ends_on": end.ends_on.isoformat()}
            for end in programs_ending(one.asset.programs)
        ],
    }


def paper_view(paper: Paper, *, whole: bool) -> View:
    """Return what is told of a paper."""
    told: View = {
        "kind": paper.kind,
        "name": paper.name,
        "version": paper.version,
        "made_at": iso(paper.made_at),
        "made_by": paper.made_by,
        "reason": paper.reason,
    }
    return {**told, "content": paper.content} if whole else told


def _allowed(one: Source) -> View:
    return {
        "items": None if one.items is None else sorted(item.value for item in one.items),
        "actions": None if one.actions is None else sorted(action.value for action in one.actions),
        "units": None if one.units is None else sorted(one.units),
    }


def _line_view(one: Settled) -> View:
    line: Line = one.line
    case = None if one.judged is None else one.judged.advice.disposal
    return {
        "id": line.id,
        "unit": line.unit,
        "item": line.item.value,
        "action": line.action.value,
        "asset": line.asset,
        "vnd": line.vnd,
        "rule": line.rule,
        "why": line.why,
        "priority": line.priority,
        "source": one.source,
        "left_out": one.left_out,
        "overridden": line.overridden,
        "beyond": list(line.beyond),
        "disposal": None if case is None else case.eligible.value,
        "disposal_why": None if case is None else case.reason,
    }


def _package_views(found: Outcome) -> list[View]:
    views: list[View] = []
    for one in packages(found):
        how = method(one.vnd, found.needs.basis.rules, found.needs.basis.today)
        view: View = {"owner": one.owner, "commodity": one.commodity, "source": one.source, "vnd": one.vnd}
        views.append({**view, "way": how.way, "rule": how.rule})
    return views
