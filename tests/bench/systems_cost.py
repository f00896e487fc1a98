"""Measure what the page of systems costs: a week of 20 systems at 3,321 sites.

``python -m tests.bench.systems_cost [SITES]`` prints one JSON line.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine, event

from machxa_collector.incidents.hours import Counts
from machxa_collector.store import system_hours
from machxa_collector.store.engine import open_store
from machxa_collector.store.registry import LiveRegistry
from machxa_collector.strips.groups import Group, numbers_of
from machxa_collector.strips.keeper import WEEK_HOURS, Strips

SYSTEMS = tuple(f"s{number}" for number in range(20))
_FIRST, _PROVINCES, _MEGABYTE = 500_000, 34, 1e6


def main(arguments: list[str]) -> int:
    """Measure and print."""
    sites = int(arguments[0]) if arguments else 3321
    with tempfile.TemporaryDirectory(prefix="machxa-bench-") as folder:
        sys.stdout.write(json.dumps(measure(Path(folder), sites)) + "\n")
    return 0


def measure(folder: Path, sites: int) -> dict[str, object]:
    """Return milliseconds of CPU of each step, queries of a warm reading and megabytes of the store."""
    engine = open_store(folder / "bench.db")
    units = [f"{number:05}" for number in range(sites)]
    since = dict.fromkeys(units, 0)
    chance = random.Random(7)
    for hour in range(_FIRST, _FIRST + WEEK_HOURS - 1):
        system_hours.keep(engine, {(system, hour): _counted(units, chance) for system in SYSTEMS})
    last = {(system, _FIRST + WEEK_HOURS - 1): _counted(units, chance) for system in SYSTEMS}
    hours = range(_FIRST, _FIRST + WEEK_HOURS)
    province = frozenset(units[: sites // _PROVINCES])
    groups = [
        Group(id=str(number), name=str(number), units=frozenset(units[number::_PROVINCES]))
        for number in range(_PROVINCES)
    ]
    strips = Strips(LiveRegistry(engine))
    whole = lambda: strips.of_all(SYSTEMS, None, since, hours)  # noqa: E731
    return {
        "sites": sites,
        "first_ms": _ms(whole),
        "warm_ms": _ms(whole),
        "queries": _queries(engine, whole),
        "write_hour_ms": _ms(lambda: system_hours.keep(engine, last)),
        "after_an_hour_ms": _ms(whole),
        "province_first_ms": _ms(lambda: strips.of_all(SYSTEMS, province, since, hours)),
        "one_by_34_groups_ms": _ms(lambda: strips.of_groups("s1", [one.units for one in groups], since, hours)),
        "numbers_of_one_ms": _ms(lambda: numbers_of(engine, "s1", None, groups, hours)),
        "store_megabytes": round((folder / "bench.db").stat().st_size / _MEGABYTE, 1),
    }


def _counted(units: list[str], chance: random.Random) -> dict[str, Counts]:
    off = chance.randrange(len(units) // 10 + 1)
    bad = chance.randrange(5)
    return {unit: Counts(12 - (number < bad), 0, int(number < bad)) for number, unit in enumerate(units[off:])}


def _ms(step: Callable[[], object]) -> float:
    began = time.process_time()
    step()
    return round(1000 * (time.process_time() - began), 1)


def _queries(engine: Engine, step: Callable[[], object]) -> int:
    asked: list[str] = []
    listen = lambda *told: asked.append(told[2])  # noqa: E731
    event.listen(engine, "before_cursor_execute", listen)
    step()
    event.remove(engine, "before_cursor_execute", listen)
    return len(asked)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
