"""Sum a plan up by class, the same on a page and in a workbook. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from machxa_collector.planning.needs import UnitNeeds
from machxa_collector.planning.outcome import Outcome, Settled
from machxa_collector.planning.value import PLACE, Worth, share_left
from machxa_collector.planning.words import Action, Item


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassRow:
    """Hold one class over all units; None: nobody knows.

    norm and lacking are of the units where they are known, no_norm counts the others of units. need_vnd sums the lines
    that have a price, no_price counts the others of lines. hours: dossier-hours a year that what is paid of this class
    alone would save; classes do not add up, since a stage stands still for want of any of its machines. None for
    classes that no stage is valued by.
    """

    item: Item
    units: int
    no_norm: int
    norm: int | None
    have: int
    works: int
    replace: int
    upgrade: int
    repair: int
    transfer: int
    lacking: int | None
    buy: int
    price_vnd: int | None
    paid: int
    paid_vnd: int
    need_vnd: int | None
    lines: int
    no_price: int
    hours: float | None


def class_rows(outcome: Outcome, lines: Sequence[Settled]) -> tuple[ClassRow, ...]:
    """Return the classes that units need or have, in the order of their names."""
    there = {gap.item for unit in outcome.needs.units for gap in unit.gaps}
    by_item: dict[Item, list[Settled]] = {item: [] for item in Item}
    for one in lines:
        by_item[one.line.item].append(one)
    worth = Worth(outcome.needs.basis.model, outcome.needs.basis.rules)
    return tuple(_class(item, outcome, by_item[item], worth) for item in Item if item in there)


def _class(item: Item, outcome: Outcome, own: Sequence[Settled], worth: Worth) -> ClassRow:
    gaps = [gap for unit in outcome.needs.units for gap in unit.gaps if gap.item is item]
    price = outcome.needs.basis.prices.price(item, Action.BUY)
    no_price = sum(one.line.vnd is None for one in own)
    no_norm = sum(gap.expected.low is None for gap in gaps)
    is_known = no_norm < len(gaps)
    paid = [one for one in own if one.source is not None]
    counts = {action: sum(one.line.action is action for one in own) for action in Action}
    return ClassRow(
        item=item,
        units=len(gaps),
        no_norm=no_norm,
        norm=round(sum(gap.expected.low or 0 for gap in gaps)) if is_known else None,
        have=sum(gap.have for gap in gaps),
        works=sum(gap.works for gap in gaps),
        replace=counts[Action.REPLACE],
        upgrade=counts[Action.UPGRADE],
        repair=counts[Action.REPAIR],
        transfer=sum(one.item is item for one in outcome.needs.transfers),
        lacking=round(sum(max(0.0, gap.lacking.low or 0.0) for gap in gaps)) if is_known else None,
        buy=counts[Action.BUY],
        price_vnd=None if price is None else price.vnd,
        paid=len(paid),
        paid_vnd=sum(one.line.vnd or 0 for one in paid),
        need_vnd=sum(one.line.vnd or 0 for one in own) if len(own) > no_price or not own else None,
        lines=len(own),
        no_price=no_price,
        hours=_hours(item, paid, worth) if item in PLACE else None,
    )


def _hours(item: Item, paid: Sequence[Settled], worth: Worth) -> float:
    """Return the dossier-hours a year that lines of one class save alone, over their units."""
    gained: dict[str, float] = {}
    units: dict[str, UnitNeeds] = {}
    for one in paid:
        gained[one.line.unit] = gained.get(one.line.unit, 0.0) + one.line.gain
        units[one.line.unit] = one.unit
    return sum(_saved(units[code], item, gain, worth) for code, gain in gained.items())


def _saved(unit: UnitNeeds, item: Item, gain: float, worth: Worth) -> float:
    left: Mapping[Item, float] = {
        each: share_left(unit.effective.get(each, 0.0), needed) for each, needed in unit.needed.items()
    }
    after = share_left(unit.effective.get(item, 0.0) + gain, unit.needed.get(item))
    return worth.lost(unit.commune, left) - worth.lost(unit.commune, {**left, item: after})
