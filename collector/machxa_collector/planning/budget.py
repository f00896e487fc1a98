"""F16: choose at most one bundle for each unit under its own money and shared ceilings, and say how good it is. Pure.

The floor comes before all hours. What is tried does not depend on the ceilings: the steps of all units in one order,
each beginning of it, with what own money buys where it does more, and one jump of one unit more. A ceiling only says
which of these may be had, so that more money never makes the plan worse. Of several shared sources each pays what it
may up to its own place in that order; the first one, which may pay for everything, comes last. The bound is the linear
relaxation's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from machxa_collector.planning.bundles import Choices, floor_weight_of, worth_of
from machxa_collector.planning.ceilings import Ceilings
from machxa_collector.planning.chosen import Chosen, by_source
from machxa_collector.planning.hull import steps
from machxa_collector.planning.money import OwnMoney
from machxa_collector.planning.relaxed import Relaxation
from machxa_collector.planning.trying import tried


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Hold a plan. hours: dossier-hours a year it saves; bound: what no plan can exceed, gap its share that is open.

    floor: units that get their mandatory floor, of floor_of that may buy it; the bound is of hours
    where all of them do, else None.
    still_lost: hours a year that stay lost. exact: solved, not tried. by_source: what each shared source pays, the
    first one first; shared_vnd is their sum.
    """

    chosen: tuple[Chosen, ...]
    hours: float
    own_vnd: int
    shared_vnd: int
    floor: int
    floor_of: int
    floor_bound: float
    bound: float | None
    gap: float | None
    still_lost: float
    by_source: tuple[int, ...]
    exact: bool = False


def greedy(units: Sequence[Choices], ceilings: Ceilings) -> Plan:
    """Return the best plan of those tried."""
    floor_weight, money = floor_weight_of(units), own_of(units, ceilings)
    worth = [[worth_of(bundle, floor_weight) for bundle in unit.bundles] for unit in units]
    order = steps([[bundle.vnd for bundle in unit.bundles] for unit in units], worth)
    relaxation = Relaxation(units, money, ceilings, floor_weight)
    return settle(units, tried(units, money, order, ceilings, floor_weight, relaxation), ceilings, relaxation)


def own_of(units: Sequence[Choices], ceilings: Ceilings) -> list[OwnMoney]:
    """Return each unit's own money."""
    prices = ([line.vnd for line in unit.bundles[-1].lines if line.vnd] for unit in units)
    return [
        OwnMoney(ceilings.own_vnd.get(unit.unit, 0), ceilings.own_items, each)
        for unit, each in zip(units, prices, strict=True)
    ]


def settle(
    units: Sequence[Choices],
    chosen_: Sequence[Chosen],
    ceilings: Ceilings,
    relaxation: Relaxation,
    *,
    is_exact: bool = False,
) -> Plan:
    """Return the plan of what each unit gets, with the bound beside it."""
    floor_weight = floor_weight_of(units)
    hours = sum(one.bundle.hours for one in chosen_)
    without = sum(unit.bundles[0].has_floor for unit in units)  # nothing has to be bought there
    floor = sum(one.bundle.has_floor for one in chosen_) - without
    reached = sum(worth_of(one.bundle, floor_weight) for one in chosen_)
    most = relaxation.bound(reached).most
    floor_bound = min(float(len(chosen_)), most / floor_weight) - without
    bound = gap = None
    if floor + without == len(chosen_):
        bound = max(hours, most - floor_weight * len(chosen_))
        gap = (bound - hours) / bound if bound > 0 else 0.0
    return Plan(
        chosen=tuple(chosen_),
        hours=hours,
        own_vnd=sum(one.own_vnd for one in chosen_),
        shared_vnd=sum(one.shared_vnd for one in chosen_),
        by_source=by_source(chosen_, ceilings),
        floor=floor,
        floor_of=len(chosen_) - without,
        floor_bound=floor_bound,
        bound=bound,
        gap=gap,
        still_lost=sum(unit.lost for unit in units) - hours,
        exact=is_exact,
    )
