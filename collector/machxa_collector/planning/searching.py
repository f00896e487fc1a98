"""Search the best beginning of all units' steps under one ceiling, with one jump of one unit more. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from machxa_collector.planning.hull import Step

Costs = Sequence[Sequence[int]]
Worths = Sequence[Sequence[float]]


def best_levels(costs: Costs, worth: Worths, steps: Sequence[Step], ceiling: int) -> list[int]:
    """Return each unit's level in the best plan tried; costs: what the ceiling pays of each level."""
    free = [max((level for level, vnd in enumerate(paid) if vnd <= 0), default=0) for paid in costs]
    states = _walk(costs, worth, free, steps)
    able = [number for number, (_, vnd, _) in enumerate(states) if vnd <= ceiling]
    able.sort(key=lambda number: (-states[number][0], number))
    best, found = -1.0, (0, -1, 0)
    for number in able:
        value, vnd, most_gain = states[number]
        if value + most_gain <= best:
            continue
        levels = _replay(worth, free, steps, number)
        gain, unit, level = _jump(costs, worth, levels, ceiling - vnd)
        if value + gain > best:
            best, found = value + gain, (number, unit, level)
    levels = _replay(worth, free, steps, found[0])
    if found[1] >= 0:
        levels[found[1]] = found[2]
    return levels


def _walk(costs: Costs, worth: Worths, free: Sequence[int], steps: Sequence[Step]) -> list[tuple[float, int, float]]:
    """Return after each number of steps: the worth, the money, and the most that one unit could still gain."""
    tops = [max(each) for each in worth]
    now = list(free)
    value = sum(worth[at][level] for at, level in enumerate(now))
    vnd = sum(costs[at][level] for at, level in enumerate(now))
    found = [(value, vnd, 0.0)]
    for at, _, level in steps:
        if worth[at][level] > worth[at][free[at]]:
            value += worth[at][level] - worth[at][now[at]]
            vnd += costs[at][level] - costs[at][now[at]]
            now[at] = level
        found.append((value, vnd, 0.0))
    gains = [tops[at] - worth[at][level] for at, level in enumerate(now)]
    most = max(gains, default=0.0)  # backwards: what is still open only grows
    walked = [(*found[-1][:2], most)]
    for number in range(len(steps) - 1, -1, -1):
        at, before, _ = steps[number]
        earlier = before if worth[at][before] > worth[at][free[at]] else free[at]
        most = max(most, tops[at] - worth[at][earlier])
        walked.append((*found[number][:2], most))
    return walked[::-1]


def _replay(worth: Worths, free: Sequence[int], steps: Sequence[Step], number: int) -> list[int]:
    now = list(free)
    for at, _, level in steps[:number]:
        if worth[at][level] > worth[at][free[at]]:
            now[at] = level
    return now


def _jump(costs: Costs, worth: Worths, levels: Sequence[int], left: int) -> tuple[float, int, int]:
    """Return the most that one unit gains by another level for what is left, the unit, and its level."""
    best = (0.0, -1, 0)
    for at, level in enumerate(levels):
        for other, vnd in enumerate(costs[at]):
            gain = worth[at][other] - worth[at][level]
            if gain > best[0] and vnd - costs[at][level] <= left:
                best = (gain, at, other)
    return best
