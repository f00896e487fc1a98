"""Compare the fluid model with a simulation by chance: Poisson arrivals, stages in a row, outages.

``python -m tests.bench.impact_simulation [--cases 200] [--replications 2000] [--work even|chance] [--seed N]`` prints
one JSON line: how far the fluid's held dossiers and dossier-hours lie from the simulation's means, by number of stages,
and where capacity and arrivals nearly meet. The work of a dossier is always the same, or exponential.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from machxa_collector.impact.fluid import Efforts, Step, excess

WARM_HOURS = 15.0  # before the outage, so that the healthy queue is as long as usual
SPARE = 1.25
GRID_HOURS = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Give dossiers an hour, stages, the stage that is hit, what is left of it, and for how many hours."""

    arrivals: float
    stages: int
    hit: int
    factor: float
    hours: float


def main() -> int:
    """Compare and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--replications", type=int, default=2000)
    parser.add_argument("--work", choices=["even", "chance"], default="even")
    parser.add_argument("--seed", type=int, default=8)
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    clear = [_case(chance, 1 + n % 3, 0.0, 0.5) for n in range(asked.cases)]
    close = [_case(chance, 1 + n % 3, 0.65, 0.85) for n in range(max(1, asked.cases // 10))]
    even = asked.work == "even"
    result = {
        "bench": "impact simulation",
        "seed": asked.seed,
        "replications": asked.replications,
        "work": asked.work,
        **{
            f"factor_0_to_0.5_stages_{n}": _compared(clear[n - 1 :: 3], asked.replications, chance, even=even)
            for n in (1, 2, 3)
        },
        "factor_0.65_to_0.85": _compared(close, asked.replications, chance, even=even),
    }
    sys.stdout.write(json.dumps(result) + "\n")
    return 0


def _case(chance: random.Random, stages: int, least: float, most: float) -> Case:
    return Case(
        arrivals=chance.uniform(3, 25),
        stages=stages,
        hit=chance.randrange(stages),
        factor=chance.choice([least, chance.uniform(least, most)]),
        hours=chance.uniform(1, 4),
    )


def _compared(cases: Sequence[Case], replications: int, chance: random.Random, *, even: bool) -> dict[str, object]:
    held, cost, worst = [], [], ("", 0.0)
    for case in cases:
        fluid, simulated = _fluid(case), _simulated(case, replications, chance, even=even)
        held.append((fluid[0] - simulated[0]) / simulated[0])
        cost.append((fluid[1] - simulated[1]) / simulated[1])
        worst = max(worst, (str(case), held[-1]), key=lambda one: abs(one[1]))
    return {
        "cases": len(cases),
        "held_within_10_percent": sum(abs(off) <= 0.1 for off in held),
        "dossier_hours_within_10_percent": sum(abs(off) <= 0.1 for off in cost),
        "held_median_off": round(median(held), 4),
        "dossier_hours_median_off": round(median(cost), 4),
        "held_furthest_off": round(worst[1], 4),
        "furthest_case": worst[0],
    }


def _fluid(case: Case) -> tuple[float, float]:
    def step(factor: float, hours: float) -> Step:
        nothing = (0.0,) * case.stages
        return Step(
            hours=hours,
            arrivals=case.arrivals,
            capacity=(case.arrivals * SPARE,) * case.stages,
            factors=[factor if n == case.hit else 1.0 for n in range(case.stages)],
            paper=nothing,
            deferred=nothing,
            disturbed=factor < 1,
        )

    found = excess([step(case.factor, case.hours)], [step(1.0, 1000)], case.stages, Efforts(reentry=0, deferred=0))
    return found.held, found.dossier_hours


def _simulated(case: Case, replications: int, chance: random.Random, *, even: bool) -> tuple[float, float]:
    """Return the peak of the mean excess and the mean excess dossier-hours, hit and healthy on the same arrivals."""
    end = WARM_HOURS + case.hours * 12 + 10
    times = [WARM_HOURS + n * GRID_HOURS for n in range(int((end - WARM_HOURS) / GRID_HOURS))]
    times.append(WARM_HOURS + case.hours)
    excesses, area = [0.0] * len(times), 0.0
    for _ in range(replications):
        arrived = _arrivals(case.arrivals, end, chance)
        most = case.arrivals * SPARE
        works = [[1 / most if even else chance.expovariate(most) for _ in arrived] for _ in range(case.stages)]
        hit, well = (_left(arrived, works, case, factor) for factor in (case.factor, 1.0))
        area += sum(min(late, end) - min(usual, end) for late, usual in zip(hit, well, strict=True))
        for n, time in enumerate(times):
            excesses[n] += bisect_right(well, time) - bisect_right(hit, time)
    return max(excesses) / replications, area / replications


def _arrivals(rate: float, end: float, chance: random.Random) -> list[float]:
    times, now = [], chance.expovariate(rate)
    while now < end:
        times.append(now)
        now += chance.expovariate(rate)
    return times


def _left(arrived: list[float], works: list[list[float]], case: Case, factor: float) -> list[float]:
    coming = arrived
    for stage, work in enumerate(works):
        going, free = [], 0.0
        for time, hours in zip(coming, work, strict=True):
            start = max(time, free)
            free = _worked(start, hours, case, factor) if stage == case.hit and factor < 1 else start + hours
            going.append(free)
        coming = going
    return coming


def _worked(start: float, hours: float, case: Case, factor: float) -> float:
    """Return when work begun at start is done, the outage slowing it while it lasts."""
    begin, end = WARM_HOURS, WARM_HOURS + case.hours
    before = max(0.0, begin - start)
    if hours <= before or start >= end:
        return start + hours
    rest, at = hours - before, max(start, begin)
    done = (end - at) * factor
    return at + rest / factor if rest <= done else end + rest - done


if __name__ == "__main__":
    raise SystemExit(main())
