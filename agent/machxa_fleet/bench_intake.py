"""Measure the intake through a real broker, beside ``mosquitto_sub`` on the same stream in the same run.

Publishers encode everything first and keep each agent's window. CPU is user + system of the
collector's process, which also serves its pages and roll-ups meanwhile; the ratio of the two costs is
what can be compared between machines.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
from typing import Any

import psutil

from machxa_fleet import stage

_PUBLISHERS = 2
_SUB_DRAIN_SECONDS = 3.0


def main(arguments: list[str]) -> int:
    """Run the bench and print it; with ``--json`` as one JSON line."""
    options = _options(arguments)
    if absent := stage.missing():
        print(
            f"bench intake needs {' and '.join(absent)}: apt-get install mosquitto mosquitto-clients", file=sys.stderr
        )
        return 2
    with stage.running() as running:
        result = _run(running, options)
    print(json.dumps(result) if options.json else _text(result))
    return 0 if result["lost"] == 0 else 1


def _run(running: stage.Stage, options: argparse.Namespace) -> dict[str, Any]:
    given = running.enrol(options.agents)
    agents = [{"agent": one.agent, "shard": one.shard, "key": one.key.hex()} for one in given]
    subscriber = shutil.which("mosquitto_sub") or "mosquitto_sub"
    arguments = ["-h", "127.0.0.1", "-p", str(running.broker), "-V", "5", "-q", "1", "-t", "mx/1/+/+/up"]
    reference = subprocess.Popen([subscriber, *arguments], stdout=subprocess.DEVNULL)
    try:
        return _measure(running.collector, reference.pid, running.broker, agents, options)
    finally:
        reference.terminate()
        reference.wait(10)


def _measure(
    collector: int, reference: int, broker: int, agents: list[dict[str, str]], options: argparse.Namespace
) -> dict[str, Any]:
    each = options.records // len(agents)
    publishers = [_publisher(broker, agents[n::_PUBLISHERS], each, n + 1) for n in range(_PUBLISHERS)]
    for one in publishers:
        _read_line(one)  # ready: everything is encoded
    ours, theirs = psutil.Process(collector), psutil.Process(reference)
    before = _cpu(ours), _cpu(theirs)
    memory = [ours.memory_info().rss]
    started = time.monotonic()
    for one in publishers:
        _write_line(one, "go")
    while any(one.poll() is None for one in publishers):
        time.sleep(0.25)
        memory.append(ours.memory_info().rss)
    seconds = time.monotonic() - started
    spent = _cpu(ours) - before[0]
    time.sleep(_SUB_DRAIN_SECONDS)
    reports = [json.loads(_read_line(one)) for one in publishers]
    records = each * len(agents)
    acked = sum(report["acked"] for report in reports)
    cost, reference_cost = spent / records * 1e6, (_cpu(theirs) - before[1]) / records * 1e6
    third = len(memory) // 3
    return {
        "bench": "intake",
        "records": records,
        "values_per_record": 40,
        "agents": len(agents),
        "lost": records - acked,
        "seconds": round(seconds, 2),
        "records_per_second": round(acked / seconds),
        "records_per_cpu_second": round(records / spent),
        "cpu_ms_per_1000": round(cost, 1),
        "mosquitto_sub_cpu_ms_per_1000": round(reference_cost, 1),
        "ratio": round(cost / reference_cost, 1),
        "p50_ms": round(max(report["p50_ms"] or 0 for report in reports), 1),
        "p99_ms": round(max(report["p99_ms"] or 0 for report in reports), 1),
        "memory_mb": round(memory[-1] / 1e6, 1),
        "memory_growth_last_two_thirds_mb": round((memory[-1] - memory[third]) / 1e6, 1),
    }


def _publisher(broker: int, agents: list[dict[str, str]], records: int, seed: int) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "machxa_fleet.load"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    order = {"host": "127.0.0.1", "port": broker, "agents": agents, "records": records, "seed": seed * 1000}
    _write_line(process, json.dumps(order))
    return process


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _read_line(process: subprocess.Popen[str]) -> str:
    return process.stdout.readline() if process.stdout else ""


def _write_line(process: subprocess.Popen[str], line: str) -> None:
    if process.stdin:
        process.stdin.write(line + "\n")
        process.stdin.flush()


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="machxa bench intake", description=__doc__)
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--agents", type=int, default=100)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(arguments)


def _text(result: dict[str, Any]) -> str:
    return "\n".join(f"{name:34} {value}" for name, value in result.items())
