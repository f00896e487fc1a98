"""F16: choose at most one bundle for each unit under its own money and a shared ceiling, and say how good it is. Pure.

The floor comes before all hours. What is tried does not depend on the ceilings: the steps of all units in one order,
each beginning of it, with what own money buys where it does more, and one jump of one unit more. A ceiling only says
which of these may be had, so that more money never makes the plan worse. The bound is the linear relaxation's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from machxa_collector.planning.bundles import Bundle, Choices, weight
from machxa_collector.planning.money import OwnMoney
from machxa_collector.planning.words import Item

_Step = tuple[int, int, int]  # unit, level it leaves, level it reaches


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceilings:
    """Hold what may be spent, in đồng: by each unit of its own, and from one shared source; own_items None: all."""

    shared_vnd: int
    own_vnd: Mapping[str, int] = field(default_factory=dict)
    own_items: frozenset[Item] | None = None
    shared_source: str = "tỉnh"
    own_source: str = "xã"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Hold what one unit gets; own: the ids of the lines its own money pays."""

    unit: str
    bundle: Bundle
    own: frozenset[str]
    own_vnd: int
    shared_vnd: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Hold a plan. hours: dossier-hours a year it saves; bound: what no plan can exceed, gap its share that is open.

    floor: units that get their mandatory floor, of floor_of that may buy it; the bound is of hours
    where all of them do, else None.
    still_lost: hours a year that stay lost. exact: solved, not tried.
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
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Hold the choices with each bundle's worth and what the shared source pays of it."""

    units: Sequence[Choices]
    money: Sequence[OwnMoney]
    worth: Sequence[Sequence[float]]  # the floor's weight is in it
    shared: Sequence[Sequence[int]]
    floor_weight: float


def table(units: Sequence[Choices], ceilings: Ceilings) -> Table:
    """Return the choices with what each asks of the shared source."""
    floor_weight = 1.0 + sum(max(weight(bundle) for bundle in unit.bundles) for unit in units)
    money, shared, worth = [], [], []
    for unit in units:
        prices = [line.vnd for line in unit.bundles[-1].lines if line.vnd]
        own = OwnMoney(ceilings.own_vnd.get(unit.unit, 0), ceilings.own_items, prices)
        paid = own.most([bundle.lines for bundle in unit.bundles])
        money.append(own)
        shared.append([bundle.vnd - most for bundle, most in zip(unit.bundles, paid, strict=True)])
        worth.append([weight(bundle) + floor_weight * bundle.has_floor for bundle in unit.bundles])
    return Table(units, money, worth, shared, floor_weight)


def greedy(units: Sequence[Choices], ceilings: Ceilings) -> Plan:
    """Return the best plan of those tried."""
    all_ = table(units, ceilings)
    return settle(all_, _levels(all_, ceilings.shared_vnd), ceilings.shared_vnd)


def further(units: Sequence[Choices], ceilings: Ceilings, plan: Plan, more_vnd: int) -> tuple[tuple[str, Bundle], ...]:
    """Return which units would get which bundle instead if the shared source had more; what is planned stays."""
    all_ = table(units, ceilings)
    levels = [unit.bundles.index(one.bundle) for unit, one in zip(units, plan.chosen, strict=True)]
    left = ceilings.shared_vnd + more_vnd - sum(all_.shared[at][level] for at, level in enumerate(levels))
    found: dict[str, Bundle] = {}
    for _ in units:
        gain, at, level = _jump(all_, levels, left)
        if gain <= 0:
            break
        left -= all_.shared[at][level] - all_.shared[at][levels[at]]
        levels[at] = level
        found[units[at].unit] = units[at].bundles[level]
    return tuple(found.items())


def settle(all_: Table, levels: Sequence[int], ceiling: int, *, is_exact: bool = False) -> Plan:
    """Return the plan that gives each unit the bundle of a level, with the bound beside it."""
    chosen = []
    for at, level in enumerate(levels):
        bundle = all_.units[at].bundles[level]
        own = all_.money[at].paid(bundle.lines)
        own_vnd = sum(line.vnd or 0 for line in bundle.lines if line.id in own)
        chosen.append(
            Chosen(unit=all_.units[at].unit, bundle=bundle, own=own, own_vnd=own_vnd, shared_vnd=bundle.vnd - own_vnd)
        )
    hours = sum(one.bundle.hours for one in chosen)
    without = sum(unit.bundles[0].has_floor for unit in all_.units)  # nothing has to be bought there
    floor = sum(one.bundle.has_floor for one in chosen) - without
    most = _relaxed(all_, ceiling)
    floor_bound = min(float(len(levels)), most / all_.floor_weight) - without
    bound = gap = None
    if floor + without == len(levels):
        bound = max(hours, most - all_.floor_weight * len(levels))
        gap = (bound - hours) / bound if bound > 0 else 0.0
    return Plan(
        chosen=tuple(chosen),
        hours=hours,
        own_vnd=sum(one.own_vnd for one in chosen),
        shared_vnd=sum(one.shared_vnd for one in chosen),
        floor=floor,
        floor_of=len(levels) - without,
        floor_bound=floor_bound,
        bound=bound,
        gap=gap,
        still_lost=sum(unit.lost for unit in all_.units) - hours,
        exact=is_exact,
    )


def _levels(all_: Table, ceiling: int) -> list[int]:
    """Return each unit's level in the best plan tried."""
    free = [max((level for level, vnd in enumerate(paid) if vnd <= 0), default=0) for paid in all_.shared]
    steps = _steps([[bundle.vnd for bundle in unit.bundles] for unit in all_.units], all_.worth)
    states = _walk(all_, free, steps)
    able = [number for number, (_, vnd, _) in enumerate(states) if vnd <= ceiling]
    able.sort(key=lambda number: (-states[number][0], number))
    best, found = -1.0, (0, -1, 0)
    for number in able:
        worth, vnd, most_gain = states[number]
        if worth + most_gain <= best:
            continue
        levels = _replay(all_, free, steps, number)
        gain, unit, level = _jump(all_, levels, ceiling - vnd)
        if worth + gain > best:
            best, found = worth + gain, (number, unit, level)
    levels = _replay(all_, free, steps, found[0])
    if found[1] >= 0:
        levels[found[1]] = found[2]
    return levels


def _walk(all_: Table, free: Sequence[int], steps: Sequence[_Step]) -> list[tuple[float, int, float]]:
    """Return after each number of steps: the worth, the shared money, and the most that one unit could still gain."""
    tops = [max(each) for each in all_.worth]
    now = list(free)
    worth = sum(all_.worth[at][level] for at, level in enumerate(now))
    vnd = sum(all_.shared[at][level] for at, level in enumerate(now))
    found = [(worth, vnd, 0.0)]
    for at, _, level in steps:
        if all_.worth[at][level] > all_.worth[at][free[at]]:
            worth += all_.worth[at][level] - all_.worth[at][now[at]]
            vnd += all_.shared[at][level] - all_.shared[at][now[at]]
            now[at] = level
        found.append((worth, vnd, 0.0))
    gains = [tops[at] - all_.worth[at][level] for at, level in enumerate(now)]
    most = max(gains, default=0.0)  # backwards: what is still open only grows
    walked = [(*found[-1][:2], most)]
    level_of = list(now)
    for number in range(len(steps) - 1, -1, -1):
        at, before, _ = steps[number]
        earlier = before if all_.worth[at][before] > all_.worth[at][free[at]] else free[at]
        level_of[at] = earlier
        most = max(most, tops[at] - all_.worth[at][earlier])
        walked.append((*found[number][:2], most))
    return walked[::-1]


def _replay(all_: Table, free: Sequence[int], steps: Sequence[_Step], number: int) -> list[int]:
    now = list(free)
    for at, _, level in steps[:number]:
        if all_.worth[at][level] > all_.worth[at][free[at]]:
            now[at] = level
    return now


def _jump(all_: Table, levels: Sequence[int], left: int) -> tuple[float, int, int]:
    """Return the most that one unit gains by another bundle for what is left, the unit, and its level."""
    best = (0.0, -1, 0)
    for at, level in enumerate(levels):
        worth, paid = all_.worth[at], all_.shared[at]
        for other, vnd in enumerate(paid):
            gain = worth[other] - worth[level]
            if gain > best[0] and vnd - paid[level] <= left:
                best = (gain, at, other)
    return best


def _steps(costs: Sequence[Sequence[int]], worth: Sequence[Sequence[float]]) -> list[_Step]:
    """Return the steps along each unit's hull, of all units in the order of what they give a đồng."""
    found = []
    for at, paid in enumerate(costs):
        for before, after in hull(paid, worth[at]):
            rate = (worth[at][after] - worth[at][before]) / max(1, paid[after] - paid[before])
            found.append((-rate, paid[after], at, before, after))
    found.sort()
    return [(at, before, after) for _, _, at, before, after in found]


def hull(costs: Sequence[int], worth: Sequence[float]) -> list[tuple[int, int]]:
    """Return the steps of the upper hull of points in the plane of cost and worth, from the cheapest."""
    order = sorted(range(len(costs)), key=lambda level: (costs[level], -worth[level]))
    path: list[int] = []
    for level in order:
        if path and worth[level] <= worth[path[-1]]:
            continue
        while len(path) > 1 and _turns(costs, worth, path[-2], path[-1], level):
            path.pop()
        if path and costs[level] == costs[path[-1]]:
            path[-1] = level
        else:
            path.append(level)
    return list(pairwise(path))


def _turns(costs: Sequence[int], worth: Sequence[float], one: int, two: int, three: int) -> bool:
    return (worth[two] - worth[one]) * (costs[three] - costs[one]) <= (worth[three] - worth[one]) * (
        costs[two] - costs[one]
    )


def _relaxed(all_: Table, ceiling: int) -> float:
    """Return what no plan can exceed: steps of the hulls of shared money in order, the last one in part."""
    most = 0.0
    for at, paid in enumerate(all_.shared):
        least = min(paid)
        most += max(value for value, vnd in zip(all_.worth[at], paid, strict=True) if vnd == least)
        ceiling -= least
    for at, before, after in _steps(all_.shared, all_.worth):
        asked = all_.shared[at][after] - all_.shared[at][before]
        share = 1.0 if asked <= 0 else min(1.0, max(0.0, ceiling / asked))
        most += share * (all_.worth[at][after] - all_.worth[at][before])
        ceiling -= asked
        if share < 1.0:
            break
    return most
