"""Measure what the impact model costs: a province of 124 communes and its centre, a day with 50 incidents.

``python -m tests.bench.impact_cost [--seed N]`` prints one JSON line. One incident is the province's software, four are
a provider's lines over 20 communes each, the rest PCs and printers of one commune. Every commune has a year of counts.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TypeVar

from machxa_collector.impact import (
    Broken,
    Cause,
    DayCount,
    Group,
    Health,
    Impaired,
    Outage,
    Remote,
    Stock,
    System,
    Unit,
    default_model,
    held_up,
    learn_flows,
)
from machxa_collector.registry.calendar import LOCAL, Calendars, UnitRows, vietnam

COMMUNES = 124
INCIDENTS = 50
TODAY = date(2026, 9, 10)
MORNING = datetime(2026, 9, 10, 7, 30, tzinfo=LOCAL)
T = TypeVar("T")


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=8)
    sys.stdout.write(json.dumps(measure(parser.parse_args().seed)) + "\n")
    return 0


def measure(seed: int) -> dict[str, object]:
    """Return the seconds of each step, by the clock and of the processor, and what came out."""
    chance = random.Random(seed)
    model = default_model()
    codes = [f"{n:05}" for n in range(COMMUNES)] + ["86"]
    calendars = Calendars(vietnam(), {}, {code: UnitRows(province="86") for code in codes})
    counts = _counts(chance, codes, calendars)
    learning, flows = _timed(lambda: learn_flows(counts, calendars, dict.fromkeys(codes, "86"), model, TODAY))
    stocks = {System.PC: Stock(have=6, needed=5), System.PRINTER: Stock(have=2, needed=2)}
    units = [Unit(code=code, flow=flows[code], stocks=stocks) for code in codes]
    outages = _outages(chance, codes)
    now = MORNING + timedelta(hours=10)
    judging, found = _timed(lambda: [held_up(unit, outages, (), calendars, model, now) for unit in units])
    one, _ = _timed(lambda: held_up(units[0], outages, (), calendars, model, now))
    return {
        "bench": "impact",
        "seed": seed,
        "units": len(units),
        "incidents": len(outages),
        "counts": len(counts),
        "learn_s": learning,
        "held_up_s": judging,
        "one_unit_s": one,
        "units_with_loss": sum((unit.held.figure or 0) > 0 for unit in found),
        "held": round(sum(unit.held.figure or 0 for unit in found), 1),
        "dossier_hours": round(sum(unit.dossier_hours.figure or 0 for unit in found), 1),
        "not_known": sum(unit.held.figure is None for unit in found),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


def _counts(chance: random.Random, codes: list[str], calendars: Calendars) -> list[DayCount]:
    days = [TODAY - timedelta(days=n) for n in range(1, 366)]
    open_days = [day for day in days if calendars.plan(codes[0], day).official]
    return [
        DayCount(unit=code, group=group, day=day, received=(received := chance.randint(2, 9)), online=received // 2)
        for code in codes
        for group in Group
        for day in open_days
    ]


def _outages(chance: random.Random, codes: list[str]) -> list[Outage]:
    software = Impaired(system=System.DOSSIER, state=Remote(health=Health.DOWN))
    line = Impaired(system=System.LINE, state=Remote(health=Health.INTERMITTENT, error_ratio=0.5))
    lines = [_outage(n, Cause.WAN, _moment(chance), 90, chance.sample(codes, 20), line) for n in range(1, 5)]
    devices = [_device(chance, n, chance.choice(codes)) for n in range(5, INCIDENTS)]
    return [_outage(0, Cause.PROVINCE, MORNING + timedelta(hours=1), 60, codes, software), *lines, *devices]


def _device(chance: random.Random, n: int, code: str) -> Outage:
    broken = Broken(system=chance.choice([System.PC, System.PRINTER]), count=chance.randint(1, 2))
    return _outage(n, Cause.EQUIPMENT, _moment(chance), chance.randint(30, 240), [code], broken)


def _outage(n: int, cause: Cause, start: datetime, minutes: int, codes: list[str], effect: Broken | Impaired) -> Outage:
    end = start + timedelta(minutes=minutes)
    return Outage(id=f"{n}", cause=cause, start=start, end=end, units=frozenset(codes), effects=(effect,))


def _moment(chance: random.Random) -> datetime:
    return MORNING + timedelta(minutes=chance.randint(0, 400))


def _timed(act: Callable[[], T]) -> tuple[dict[str, float], T]:
    clock, processor = time.perf_counter(), time.process_time()
    result = act()
    return {
        "clock": round(time.perf_counter() - clock, 3),
        "processor": round(time.process_time() - processor, 3),
    }, result


if __name__ == "__main__":
    raise SystemExit(main())
