"""Measure what packing and reading samples cost: one agent, 49 series, a sample a minute, 30 days.

``python -m tests.bench.samples_cost`` prints one JSON line.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine, func, select

from machxa_collector.intake.rows import ReportRow, Rows
from machxa_collector.store import samples, tables
from machxa_collector.store.compaction import compact
from machxa_collector.store.engine import open_store
from machxa_collector.store.intake import SqlIntakeStore
from machxa_wire.encode import encode
from machxa_wire.records import Series
from tests.collector.builders import DAY, DAY_MS, MIDNIGHT, enrol
from tests.collector.builders import samples as batch

DAYS = 30
SERIES = tuple(
    Series(f"system.metric_{n // 7}", (("device", f"d{n % 7}"),), 1, 100) for n in range(49)
)  # 7 metrics of 7 series
_TIMES = (0, 60, 120, 180, 240)
_PER_DAY = 288


def main() -> int:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="machxa-bench-") as folder:
        sys.stdout.write(json.dumps(measure(Path(folder))) + "\n")
    return 0


def measure(folder: Path) -> dict[str, object]:
    """Return milliseconds and bytes of each step."""
    engine = open_store(folder / "bench.db")
    agent = enrol(engine)
    _fill(engine, agent.pk)
    last = (MIDNIGHT + (DAYS - 1) * DAY_MS, MIDNIGHT + DAYS * DAY_MS)
    whole = (MIDNIGHT, MIDNIGHT + DAYS * DAY_MS)

    def read(span: tuple[int, int], resolution: int) -> Callable[[], object]:
        return lambda: samples.read(engine, agent.pk, "system.metric_3", span, resolution)

    recent_raw, recent_5m = _best(read(last, 0)), _best(read(last, 300))
    started = time.process_time()
    compact(engine, MIDNIGHT + (DAYS + 1) * DAY_MS)
    packing = time.process_time() - started
    result: dict[str, object] = {
        "bench": "samples",
        "points": DAYS * 1440 * len(SERIES),
        "series_read": 7,
        "reports_24h_raw_ms": recent_raw,
        "reports_24h_5m_ms": recent_5m,
        "packing_ms_per_agent_day": round(packing * 1000 / DAYS, 1),
        "packed_24h_raw_ms": _best(read(last, 0)),
        "packed_24h_5m_ms": _best(read(last, 300)),
        "packed_30d_raw_ms": _best(read(whole, 0)),
        "packed_30d_5m_ms": _best(read(whole, 300)),
        "packed_30d_1h_ms": _best(read(whole, 3600)),
        **_sizes(engine),
    }
    engine.dispose()
    return result


def _fill(engine: Engine, agent_pk: int) -> None:
    store = SqlIntakeStore(engine)
    opened = store.open_stream(agent_pk, "00112233445566ff", MIDNIGHT)
    dice = random.Random(7)
    values = [dice.randrange(10**6) for _ in SERIES]
    for day in range(DAY, DAY + DAYS):
        rows = Rows(at=(day + 1) * DAY_MS)
        for report in range(_PER_DAY):
            first = day * DAY_MS + report * 300_000
            columns = []
            for n in range(len(SERIES)):
                column = []
                for _ in _TIMES:
                    values[n] += dice.randrange(60) if n % 3 else dice.randrange(-50, 51)
                    column.append(values[n])
                columns.append(tuple(column))
            seq = (day - DAY) * _PER_DAY + report + 1
            payload = encode(batch(seq, first, _TIMES, tuple(columns), SERIES))
            rows.reports.append(
                ReportRow(opened.pk, seq, agent_pk, first + 300_000, first, first + 240_000, 0, 0, payload)
            )
        store.commit(rows)


def _best(work: Callable[[], object]) -> float:
    """Return the least CPU milliseconds of five runs."""
    spent = []
    for _ in range(5):
        started = time.process_time()
        work()
        spent.append((time.process_time() - started) * 1000)
    return round(min(spent), 1)


def _sizes(engine: Engine) -> dict[str, float]:
    columns = tables.chunks.c
    query = select(columns.resolution, func.sum(func.length(columns.blob))).group_by(columns.resolution)
    points = DAYS * 1440 * len(SERIES)
    with engine.connect() as connection:
        return {
            f"bytes_per_raw_point_at_{resolution}": round(size / points, 3)
            for resolution, size in connection.execute(query)
        }


if __name__ == "__main__":
    sys.exit(main())
