"""Measure what the calendars of the country cost: 3,321 units with 200 different schedules, one year, both clocks.

``python -m tests.bench.calendar_cost`` prints one JSON line.
"""

from __future__ import annotations

import json
import random
import sys
import time
import tracemalloc
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TypeVar

from machxa_collector.registry.calendar import (
    LOCAL,
    Calendars,
    Clock,
    ExtraHours,
    Layer,
    Session,
    Source,
    UnitRows,
    WeekHours,
    vietnam,
)

UNITS = 3321
SCHEDULES = 200
YEAR = 2026
QUERIES = 20_000
T = TypeVar("T")


def main() -> int:
    """Measure and print."""
    sys.stdout.write(json.dumps(measure()) + "\n")
    return 0


def measure() -> dict[str, object]:
    """Return milliseconds, megabytes and microseconds of each step; memory is traced in a second round."""
    reading, nation = _timed(vietnam)
    units = _units(SCHEDULES)
    building, calendars = _timed(lambda: Calendars(nation, {}, units))
    compiling, schedules = _timed(lambda: calendars.prepare(YEAR))
    everyone = Calendars(nation, {}, _units(UNITS))
    compiling_all, _ = _timed(lambda: everyone.prepare(YEAR))
    return {
        "bench": "calendars",
        "units": UNITS,
        "schedules": schedules,
        "read_country_ms": round(reading * 1e3, 1),
        "build_ms": round(building * 1e3, 1),
        "compile_year_ms": round(compiling * 1e3, 1),
        "compile_year_all_different_ms": round(compiling_all * 1e3, 1),
        **_memory(),
        **_queries(calendars),
    }


def _memory() -> dict[str, float]:
    tracemalloc.start()
    nation = vietnam()
    calendars = Calendars(nation, {}, _units(SCHEDULES))
    before = tracemalloc.get_traced_memory()[0]
    calendars.prepare(YEAR)
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return {"rows_mb": round(before / 1e6, 2), "compiled_year_mb": round((after - before) / 1e6, 2)}


def _queries(calendars: Calendars) -> dict[str, float]:
    chance = random.Random(1)
    first = datetime(YEAR, 1, 1, tzinfo=LOCAL)

    def moment() -> datetime:
        return first + timedelta(seconds=chance.randrange(300 * 86_400))

    asked = [(str(chance.randrange(UNITS)), moment(), timedelta(hours=chance.randrange(1400))) for _ in range(QUERIES)]
    week = timedelta(hours=37.5)
    calendars.prepare(YEAR + 1)  # what is a week's work after a day of December lies there
    spans = _timed(lambda: [calendars.w_act(unit, start, start + long) for unit, start, long in asked])[0]
    ahead = _timed(lambda: [calendars.advance(unit, start, week, Clock.OFFICIAL) for unit, start, _ in asked])[0]
    return {"working_time_us": round(spans / QUERIES * 1e6, 2), "advance_us": round(ahead / QUERIES * 1e6, 2)}


def _units(different: int) -> dict[str, UnitRows]:
    """Return units whose mornings start at one of so many minutes, each with a declared Saturday morning."""
    return {str(n): UnitRows(province="86", layer=_layer(n % different, f"QĐ {n}/QĐ-UBND")) for n in range(UNITS)}


def _layer(schedule: int, decision: str) -> Layer:
    source = Source(reference=decision)
    morning, afternoon = Session(7 * 3600 + schedule, 11 * 3600), Session(13 * 3600, 17 * 3600)
    office = WeekHours(
        valid_from=date(2025, 7, 1), weekdays=frozenset(range(5)), sessions=(morning, afternoon), source=source
    )
    declared = ExtraHours(
        valid_from=date(2025, 7, 1), weekdays=frozenset({5}), sessions=(Session(27_000, 41_400),), source=source
    )
    return Layer(week=(office,), extra=(declared,))


def _timed(run: Callable[[], T]) -> tuple[float, T]:
    started = time.perf_counter()
    result = run()
    return time.perf_counter() - started, result


if __name__ == "__main__":
    raise SystemExit(main())
