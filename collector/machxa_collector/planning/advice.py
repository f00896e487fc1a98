"""F15: tell what to do about an asset, naming the rule that fired; what is unknown is surveyed, never bought. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from machxa_collector.planning.facts import Asset
from machxa_collector.planning.rules import Rules
from machxa_collector.planning.score import Scored
from machxa_collector.planning.wear import DisposalCase
from machxa_collector.planning.words import Action, Answer, Band


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """Hold what is proposed; rule names what fired, why is a fixed word; disposal stands beside it always."""

    action: Action
    rule: str
    why: str
    disposal: DisposalCase


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Hold what an advice is judged from; is_surplus: its unit has enough of the class without it."""

    asset: Asset
    scored: Scored
    disposal: DisposalCase
    is_surplus: bool
    rules: Rules


_Found = tuple[Action, str, str] | None


def advise(case: Case) -> Advice:
    """Return what the first rule that fires proposes."""
    action, rule, why = next(found for judge in _RULES if (found := judge(case)) is not None)
    return Advice(action=action, rule=rule, why=why, disposal=case.disposal)


def removable_points(case: Case) -> float:
    """Return the points that more memory and a new disk would take away; 0 while it is not known that they would."""
    parts = dict(case.scored.parts)
    return sum(parts[name].low or 0.0 for name in ("memory", "disk") if name in parts)


def _disk(case: Case) -> _Found:
    if case.scored.must_replace_disk and case.asset.works is not False:
        return Action.REPAIR, "F15.disk", "disk_prefail"
    return None


def _broken(case: Case) -> _Found:
    asset, eligible = case.asset, case.disposal.eligible
    if asset.works is not False:
        return None
    if eligible is Answer.YES:
        return (Action.DISPOSE if case.is_surplus else Action.REPLACE), "F15.broken", case.disposal.reason
    if case.is_surplus:
        return Action.SURVEY, "F15.surplus", "beyond_norm"
    if asset.repair_vnd is not None and asset.is_repairable is not False and eligible is Answer.NO:
        return Action.REPAIR, "F15.repair", "repair_is_cheap"
    return Action.SURVEY, "F15.broken", case.disposal.reason


def _unknown(case: Case) -> _Found:
    if case.asset.works is None:
        return Action.SURVEY, "F15.unknown", "condition_unknown"
    if case.scored.completeness < case.rules.score.completeness:
        return Action.SURVEY, "F15.completeness", "too_little_known"
    if case.scored.conflicting:
        return Action.SURVEY, "F15.conflict", "dates_disagree"
    return None


def _surplus(case: Case) -> _Found:
    if not case.is_surplus:
        return None
    if case.scored.band in (Band.KEEP, Band.UPGRADE):
        return Action.TRANSFER, "F15.surplus", "beyond_norm"
    if case.scored.band is Band.REPLACE and case.disposal.eligible is Answer.YES:
        return Action.DISPOSE, "F15.surplus", case.disposal.reason
    return None


def _crossing(case: Case) -> _Found:
    return (Action.SURVEY, "F15.band", "crosses_a_band") if case.scored.band is Band.SURVEY else None


def _outdated(case: Case) -> _Found:
    band, high = case.scored.band, case.scored.total.high or 0.0
    removable = removable_points(case)
    if band not in (Band.REPLACE, Band.PLAN):
        return None
    if removable and high - removable < case.rules.score.band_plan:
        return Action.UPGRADE, "F15.upgrade", "memory_or_disk"
    if case.disposal.eligible is Answer.YES:
        return Action.REPLACE, "F15.replace", case.disposal.reason
    if removable:
        return Action.UPGRADE, "F15.not_disposable", case.disposal.reason
    return Action.SURVEY, "F15.not_disposable", case.disposal.reason


def _slow(case: Case) -> _Found:
    if case.scored.band is Band.UPGRADE and removable_points(case):
        return Action.UPGRADE, "F15.upgrade", "memory_or_disk"
    return None


def _current(case: Case) -> _Found:
    if case.scored.can_update:
        return Action.UPDATE, "F15.update", "free_update"
    return Action.KEEP, "F15.keep", "in_order"


_RULES: tuple[Callable[[Case], _Found], ...] = (
    _disk,
    _broken,
    _unknown,
    _surplus,
    _crossing,
    _outdated,
    _slow,
    _current,
)
