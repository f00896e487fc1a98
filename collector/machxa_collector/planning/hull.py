"""Walk the upper hull of what can be had for a cost. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

Step = tuple[int, int, int]  # unit, level it leaves, level it reaches


def steps(costs: Sequence[Sequence[int]], worth: Sequence[Sequence[float]]) -> list[Step]:
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
