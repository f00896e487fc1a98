"""Measure what the units cost: reading and indexing the table, and each keystroke of somebody who types a full name.

``python -m tests.bench.unit_cost`` prints one JSON line. Times are CPU time of this process.
"""

from __future__ import annotations

import json
import sys
import time
import tracemalloc
from datetime import date

from machxa_collector.registry.units import Index, Units, build_index, bundled_units, search
from machxa_collector.registry.units.fold import fold

DAY = date(2026, 11, 25)
EVERY = 25  # of the units is typed


def main() -> int:
    """Measure and print."""
    sys.stdout.write(json.dumps(measure()) + "\n")
    return 0


def measure() -> dict[str, float]:
    """Return seconds and bytes of loading, and milliseconds of searches: median, 95th and 99th percentile, longest."""
    began = time.process_time()
    units = Units(bundled_units())
    read = time.process_time()
    index = build_index(units)
    built = time.process_time()
    typed = [fold(unit.full_name) for code in units.codes[::EVERY] if (unit := units.unit(code, DAY))]
    spent = sorted(_milliseconds(index, name[:length]) for name in typed for length in range(1, len(name) + 1))
    tracemalloc.start()
    units = Units(bundled_units())
    rows_bytes = tracemalloc.get_traced_memory()[0]
    build_index(units)
    peak_bytes = tracemalloc.get_traced_memory()[1]
    return {
        "read_seconds": round(read - began, 3),
        "index_seconds": round(built - read, 3),
        "rows_bytes": rows_bytes,
        "peak_bytes": peak_bytes,
        "searches": len(spent),
        "median_milliseconds": round(spent[len(spent) // 2], 2),
        "p95_milliseconds": round(spent[len(spent) * 95 // 100], 2),
        "p99_milliseconds": round(spent[len(spent) * 99 // 100], 2),
        "longest_milliseconds": round(spent[-1], 2),
    }


def _milliseconds(index: Index, query: str) -> float:
    began = time.process_time()
    search(index, query, DAY)
    return (time.process_time() - began) * 1_000


if __name__ == "__main__":
    sys.exit(main())
