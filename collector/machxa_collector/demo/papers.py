"""Make up what planning rests on: a table of prices and the staff of each commune, as the CSV files people keep."""

from __future__ import annotations

from machxa_collector.demo.chance import chance_of
from machxa_collector.demo.equipment import MARK
from machxa_collector.demo.plan import COUNTERS, Plan
from machxa_collector.purchasing import sample


def prices() -> str:
    """Return the prices below the norms' ceilings."""
    rows = ["item,vnd,source,action"]
    rows += [f"{one.item.value},{one.vnd},{MARK},{one.action.value}" for one in sample.prices().rows]
    return "\n".join(rows) + "\n"


def staff(plan: Plan) -> str:
    """Return how many of each title a commune has, its counters, and whether it handles land."""
    rows = ["unit,vi,vii,viii,counters,handles_land"]
    for unit in plan.communes:
        chance = chance_of(plan.seed, unit, "staff")
        rows.append(f"{unit},1,{chance.randint(3, 5)},{chance.choice((9, 12, 15, 18, 22))},{COUNTERS},1")
    return "\n".join(rows) + "\n"
