"""F16, solved: choose the best bundles by mixed-integer programming (HiGHS, ``machxa[optimize]``). Pure."""

from __future__ import annotations

from collections.abc import Sequence

import highspy

from machxa_collector.planning.budget import Ceilings, Plan, Table, settle, table
from machxa_collector.planning.bundles import Choices, weight

_OPEN = 1e-6  # the solver's own gap, relative


class Unsolved(RuntimeError):
    """Say that the solver found no proven plan in its time; the greedy plan stands."""


def solve(units: Sequence[Choices], ceilings: Ceilings, seconds: float = 60.0) -> Plan:
    """Return a plan that is proven best: first the most floors, then the most hours; raises Unsolved."""
    all_ = table(units, ceilings)
    floors = [[float(bundle.has_floor) for bundle in unit.bundles] for unit in units]
    hours = [[weight(bundle) for bundle in unit.bundles] for unit in units]
    best = _solved(all_, ceilings.shared_vnd, floors, None, 0.0, seconds)
    most = sum(floors[at][level] for at, level in enumerate(best))
    levels = _solved(all_, ceilings.shared_vnd, hours, floors, most, seconds)
    return settle(all_, levels, ceilings.shared_vnd, is_exact=True)


def _solved(
    all_: Table,
    ceiling: int,
    worth: Sequence[Sequence[float]],
    floors: Sequence[Sequence[float]] | None,
    least: float,
    seconds: float,
) -> list[int]:
    model = highspy.Highs()  # type: ignore[no-untyped-call] # it has no types
    model.silent()
    model.setOptionValue("log_to_console", False)  # noqa: FBT003 - its signature
    model.setOptionValue("time_limit", seconds)
    model.setOptionValue("mip_rel_gap", _OPEN)
    model.setOptionValue("threads", 1)
    takes = [[model.addBinary() for _ in unit.bundles] for unit in all_.units]
    for each in takes:
        model.addConstr(sum(each) == 1)
    pairs = [(take, at, level) for at, each in enumerate(takes) for level, take in enumerate(each)]
    million = 1_000_000  # keeps the numbers of the matrix near each other
    model.addConstr(sum(take * (all_.shared[at][level] / million) for take, at, level in pairs) <= ceiling / million)
    if floors is not None:
        model.addConstr(sum(take * floors[at][level] for take, at, level in pairs) >= least)
    model.maximize(sum(take * worth[at][level] for take, at, level in pairs))
    if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise Unsolved(f"HiGHS ended with {model.getModelStatus()} after {seconds:.0f} s")
    levels = [values.index(max(values)) for values in ([model.val(take) for take in each] for each in takes)]
    spent = sum(all_.shared[at][level] for at, level in enumerate(levels))
    if spent > ceiling:  # its tolerance may exceed the ceiling by a đồng
        raise Unsolved(f"HiGHS spends {spent} of {ceiling} đồng")
    return levels
