"""Hold what a list says of one line of a plan, the same on a page and in a workbook. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from machxa_collector.planning.outcome import Outcome, Settled, override_of
from machxa_collector.planning.overrides import Overridden
from machxa_collector.planning.rules import Rules
from machxa_collector.planning.value import PLACE, Worth, share_left
from machxa_collector.planning.wear import worn
from machxa_collector.planning.words import Action, Answer, Item


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """Hold one line: what it is for, what is known of that, what is proposed, who pays or why nobody does.

    None is not known, or for a piece that is lacking: there is no asset. reasons are names of parts of F12;
    firmware_on bounds the age where the books name no day. failures, downtime_hours and held are of 12 months;
    held: dossiers that found the stage stopped for want of the asset (F2 on its hours of downtime), an estimate.
    """

    id: str
    unit: str
    unit_name: str
    item: Item
    asset_id: str | None
    asset: str | None
    acquired_on: date | None
    firmware_on: date | None
    cost_vnd: int | None
    book_low: int | None
    book_high: int | None
    score_low: float | None
    score_high: float | None
    reasons: tuple[str, ...] | None
    band: str | None
    failures: int | None
    downtime_hours: float | None
    held: float | None
    action: Action
    why: str
    rule: str
    disposal: Answer | None
    disposal_why: str | None
    vnd: int | None
    source: str | None
    left_out: str | None
    allowed: int | None
    priority: int
    completeness: float | None
    decided: Overridden | None
    beyond: tuple[str, ...]


def line_rows(lines: Iterable[Settled], outcome: Outcome) -> Iterator[LineRow]:
    """Yield what a list says of lines."""
    worth = Worth(outcome.needs.basis.model, outcome.needs.basis.rules)
    return (_row(one, outcome, worth) for one in lines)


def held(one: Settled, worth: Worth, rules: Rules) -> float | None:
    """Return the dossiers that found no such equipment while an asset was down: F2's loss an hour, times its hours.

    None where its downtime, or how many of its class the unit needs, is not known; 0 where spares did its work.
    """
    line, unit, asset = one.line, one.unit, None if one.judged is None else one.judged.asset
    if asset is None or asset.downtime_hours is None or line.item not in PLACE or not unit.needed.get(line.item):
        return None
    others = max(0.0, unit.effective.get(line.item, 0.0) - (1 - line.gain))
    left = {item: share_left(unit.effective.get(item, 0.0), needed) for item, needed in unit.needed.items()}
    lost = [
        worth.lost(unit.commune, {**left, line.item: share_left(number, unit.needed[line.item])})
        for number in (others, others + 1)
    ]
    per_hour = (lost[0] - lost[1]) / (rules.value.year_hours * rules.value.held_hours)
    return round(per_hour * asset.downtime_hours, 1)


def _row(one: Settled, outcome: Outcome, worth: Worth) -> LineRow:
    line, judged, basis = one.line, one.judged, outcome.needs.basis
    asset = None if judged is None else judged.asset
    value = None if asset is None else worn(asset, basis.rules, basis.today).book_value
    scored = None if judged is None else judged.scored
    case = None if judged is None else judged.advice.disposal
    gap = next((gap for gap in one.unit.gaps if gap.item is line.item), None)
    return LineRow(
        id=line.id,
        unit=line.unit,
        unit_name=one.unit.commune.name or line.unit,
        item=line.item,
        asset_id=line.asset,
        asset=None if asset is None else ", ".join(filter(None, (asset.code, asset.serial))) or asset.name,
        acquired_on=None if asset is None else asset.acquired_on,
        firmware_on=None if asset is None else asset.firmware_on,
        cost_vnd=None if asset is None else asset.cost_vnd,
        book_low=None if value is None or value.low is None else round(value.low),
        book_high=None if value is None or value.high is None else round(value.high),
        score_low=None if scored is None else round(scored.total.low or 0.0, 1),
        score_high=None if scored is None else round(scored.total.high or 0.0, 1),
        reasons=None if scored is None else tuple(name for name, _ in scored.reasons),
        band=None if scored is None else scored.band.value,
        failures=None if asset is None else asset.failures,
        downtime_hours=None if asset is None else asset.downtime_hours,
        held=held(one, worth, basis.rules),
        action=line.action,
        why=line.why,
        rule=line.rule,
        disposal=None if case is None else case.eligible,
        disposal_why=None if case is None else case.reason,
        vnd=line.vnd,
        source=one.source,
        left_out=one.left_out,
        allowed=None if gap is None else gap.allowed,
        priority=line.priority,
        completeness=None if scored is None else round(scored.completeness, 3),
        decided=override_of(outcome, line),
        beyond=line.beyond,
    )
