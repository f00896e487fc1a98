"""Let agents come back at once after days without a centre: ``machxa bench backlog [--agents N] [--days D] [--json]``.

As agents do, each tells its newest samples first; then what waited, an hour's samples in a record, the newest hour
first, and between hours what is measured meanwhile. Somebody reads the list of devices all the while. F38 of the fault
matrix: everybody's present within 5 minutes, the backlog within 12 hours, the API's p99 under a second.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any

from machxa_collector.data_folder import open_data
from machxa_collector.registry.units import Kind, bundled_units
from machxa_collector.store.made_up import add_devices, add_streams
from machxa_fleet import mosquitto, stage

_AIM_LIVE_SECONDS, _AIM_BACKLOG_HOURS, _AIM_API_MS = 300, 12, 1000
_LIVE_EVERY = 6  # hours of backlog between two rounds of what is measured meanwhile
_HOUR_SECONDS = 3600
_PROVINCE = "86"
_PATH = "/api/v1/assets?limit=50"


def main(arguments: list[str]) -> int:
    """Run the bench and print it; return 1 when a record was lost or the API did not answer."""
    parser = argparse.ArgumentParser(prog="machxa bench backlog", description=__doc__)
    parser.add_argument("--agents", type=int, default=300)
    parser.add_argument("--days", type=float, default=3.0, help="how long they had no centre")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    if absent := stage.missing():
        print(f"bench backlog needs {' and '.join(absent)}: apt-get install mosquitto-clients", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="machxa-bench-") as made:
        found = _run(Path(made), options.agents, max(1, round(options.days * 24)))
    print(json.dumps(found) if options.json else "\n".join(f"{name:34} {value}" for name, value in found.items()))
    return int(found["lost"] > 0 or found["api_failures"] > 0)


def _run(folder: Path, agents: int, hours: int) -> dict[str, Any]:
    communes = [one.code for one in bundled_units() if one.kind is Kind.COMMUNE and one.parent == _PROVINCE]
    store = open_data(folder / "data")
    now_ms = int(time.time() * 1000)
    add_streams(store, add_devices(store, [communes[n % len(communes)] for n in range(agents)], now_ms), now_ms)
    store.dispose()
    port = mosquitto.free_port()
    broker = mosquitto.start(folder, port)
    try:
        with stage.collecting(folder, port) as running:
            return _measured(running, agents, hours)
    finally:
        broker.terminate()
        broker.wait(10)


def _measured(running: stage.Stage, agents: int, hours: int) -> dict[str, Any]:
    loader = subprocess.Popen(
        [sys.executable, "-m", "machxa_fleet.nation_load"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    _ask(loader, {"port": running.broker, "agents": agents})
    live = {"records": agents, "rate": 0, "samples": 5}
    reader = _Reader(running.page)
    reader.thread.start()
    lost, present = 0, []
    started = time.monotonic()
    for hour in range(hours):
        if hour % _LIVE_EVERY == 0:
            told = json.loads(_ask(loader, live))
            present.append(told["seconds"])
            lost += told["sent"] - told["acked"]
        waited = {**live, "samples": 60, "ago_seconds": _HOUR_SECONDS * hour + 300}
        told = json.loads(_ask(loader, waited))
        lost += told["sent"] - told["acked"]
    seconds = time.monotonic() - started
    reader.stopped.set()
    reader.thread.join()
    loader.communicate(timeout=10)
    reader.took.sort()
    return {
        "bench": "backlog", "agents": agents, "hours_each": hours, "load_average": os.getloadavg()[0],
        "present_of_all_seconds": round(present[0], 1), "aim_present_seconds": _AIM_LIVE_SECONDS,
        "present_meanwhile_seconds": round(max(present), 1),
        "backlog_seconds": round(seconds, 1), "aim_backlog_hours": _AIM_BACKLOG_HOURS,
        "backlog_records_per_second": round(agents * hours / seconds, 1),
        "api_answers": len(reader.took), "api_failures": reader.failures,
        "api_p99_ms": round(reader.took[len(reader.took) * 99 // 100] * 1000) if reader.took else -1,
        "aim_api_p99_ms": _AIM_API_MS, "lost": lost,
    }  # fmt: skip


class _Reader:
    """Read the list of devices again and again."""

    def __init__(self, page: int) -> None:
        self._url = f"http://127.0.0.1:{page}{_PATH}"
        self.took: list[float] = []
        self.failures = 0
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self._run, name="reader", daemon=True)

    def _run(self) -> None:
        while not self.stopped.wait(0.1):
            started = time.monotonic()
            try:
                with urllib.request.urlopen(self._url, timeout=60) as answer:
                    answer.read()
            except OSError:
                self.failures += 1
            else:
                self.took.append(time.monotonic() - started)


def _ask(loader: subprocess.Popen[str], order: dict[str, Any]) -> str:
    if loader.stdin is None or loader.stdout is None:
        raise RuntimeError("the loader was started without pipes")
    loader.stdin.write(json.dumps(order) + "\n")
    loader.stdin.flush()
    return loader.stdout.readline()
