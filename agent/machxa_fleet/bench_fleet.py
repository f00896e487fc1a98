"""Let thousands of simulated agents live in one process against a real broker and collector, and count."""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from typing import Any

import psutil

from machxa_fleet import stage
from machxa_fleet.simulated import Fleet, Pace

_DRAIN_SECONDS = 120.0


def main(arguments: list[str]) -> int:
    """Run the bench and print it; with ``--json`` as one JSON line."""
    parser = argparse.ArgumentParser(prog="machxa bench fleet", description=__doc__)
    parser.add_argument("--agents", type=int, default=3000)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--sample-seconds", type=float, default=10.0)
    parser.add_argument("--batch-seconds", type=float, default=30.0)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    if absent := stage.missing():
        print(f"bench fleet needs {' and '.join(absent)}: apt-get install mosquitto mosquitto-clients", file=sys.stderr)
        return 2
    _raise_descriptors(options.agents + 100)
    with stage.running() as running:
        result = _run(running, options)
    print(json.dumps(result) if options.json else "\n".join(f"{name:34} {value}" for name, value in result.items()))
    return 0 if result["unacknowledged"] == 0 else 1


def _run(running: stage.Stage, options: argparse.Namespace) -> dict[str, Any]:
    fleet = Fleet(running.enrol(options.agents), Pace(options.sample_seconds, options.batch_seconds))
    collector, ours = psutil.Process(running.collector), psutil.Process()
    started = time.monotonic()
    fleet.connect("127.0.0.1", running.broker)
    connected = time.monotonic()
    before = sum(collector.cpu_times()[:2])
    fleet.run(options.seconds)
    left = fleet.drain(_DRAIN_SECONDS)
    made, spent = fleet.sent(), sum(collector.cpu_times()[:2]) - before
    seconds = time.monotonic() - connected
    result = {
        "bench": "fleet",
        "agents": options.agents,
        "connected_in_seconds": round(connected - started, 1),
        "records": made,
        "unacknowledged": left,
        "records_per_second": round(made / seconds, 1),
        "collector_cpu_ms_per_1000": round(spent / max(made, 1) * 1e6, 1),
        "collector_memory_mb": round(collector.memory_info().rss / 1e6, 1),
        "fleet_memory_mb": round(ours.memory_info().rss / 1e6, 1),
    }
    fleet.close()
    return result


def _raise_descriptors(wanted: int) -> None:
    """Allow a socket for each agent, as far as this user may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(wanted, hard)), hard))
