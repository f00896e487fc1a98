"""Measure what questions to the history cost: ``machxa bench query [--devices N] [--days N] [--json]``.

Each question is asked five times; the least CPU time counts, since a busy machine makes a clock lie. The store is the
one of ``bench store``; what reads the last day reads what is not packed yet, the newest half-hour as it came.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from machxa_collector.availability import Asked, Hours, report_of
from machxa_collector.incidents.served import By
from machxa_collector.measuring import history
from machxa_collector.registry.people.territory import EVERYWHERE
from machxa_collector.store import fleet_samples, quantiles, samples
from machxa_collector.store.asset_list import list_assets
from machxa_collector.store.engine import open_store
from machxa_collector.store.registry import LiveRegistry

AIMS_MS: Mapping[str, float] = {
    "last_state_of_all_devices": 50,
    "last_value_of_all_devices": 50,
    "one_device_one_metric_7_days_raw": 20,
    "one_device_one_metric_7_days_5_minutes": 20,
    "p95_over_a_province_24_hours": 200,
    "p95_over_a_province_last_24_hours": 200,
    "availability_per_device_30_days": 300,
}
_ROUNDS = 5
_GAUGE, _COUNTER = "hw.temperature", "system.uptime"


def main(arguments: list[str]) -> int:
    """Measure and print; return 1 when a question with an aim takes longer."""
    parser = argparse.ArgumentParser(prog="machxa bench query", description=__doc__)
    parser.add_argument("--devices", type=int, default=300)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="machxa-bench-") as made:
        found = measure(Path(made), options.devices, options.days)
    if options.json:
        sys.stdout.write(json.dumps(found) + "\n")
    else:
        for name, value in found.items():
            aim = f"aim {AIMS_MS[name]:.0f}" if name in AIMS_MS else ""
            sys.stdout.write(f"{name:42} {value:9.1f} ms {aim}\n")
    return int(any(found[name] > aim for name, aim in AIMS_MS.items()))


def measure(folder: Path, devices: int, days: int) -> dict[str, float]:
    """Return CPU milliseconds by question."""
    engine = open_store(folder / "store.db")
    live = LiveRegistry(engine)
    filled = history.fill(live, devices, days, distinct=2)
    end, day = filled.now_ms, history.DAY_MS
    packed_end = end - day
    last = datetime.fromtimestamp(packed_end / 1000, UTC).date()
    asked = Asked(by=By.DEVICE, first=last - timedelta(days=29), last=last, hours=Hours.ACTUAL)
    one = filled.agents[devices // 2]

    def read(name: str, length: int, resolution: int) -> Callable[[], object]:
        return lambda: samples.read(engine, one, name, (packed_end - length * day, packed_end), resolution)

    questions: dict[str, Callable[[], object]] = {
        "last_state_of_all_devices": lambda: list_assets(engine, "", devices),
        "last_value_of_all_devices": lambda: fleet_samples.last_of_all(engine, filled.agents, (_GAUGE,)),
        "one_device_one_metric_7_days_raw": read(_COUNTER, 7, samples.RAW),
        "one_device_one_metric_7_days_5_minutes": read(_COUNTER, 7, 300),
        "one_device_one_metric_30_days_hours": read(_COUNTER, 30, 3600),
        "one_device_one_metric_last_24_hours": lambda: samples.read(engine, one, _COUNTER, (end - day, end), 0),
        "p95_over_a_province_24_hours": lambda: quantiles.quantile(
            engine, filled.agents, _GAUGE, (packed_end - day, packed_end), 0.95
        ),
        "p95_over_a_province_last_24_hours": lambda: quantiles.quantile(
            engine, filled.agents, _GAUGE, (end - day, end), 0.95
        ),
        "availability_per_device_30_days": lambda: report_of(live, EVERYWHERE, asked, end).rows("", devices),
    }
    return {name: _least(question) for name, question in questions.items()}


def _least(question: Callable[[], object]) -> float:
    spent = []
    for _ in range(_ROUNDS):
        started = time.process_time()
        question()
        spent.append((time.process_time() - started) * 1000)
    return round(min(spent), 1)
