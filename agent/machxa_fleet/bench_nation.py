"""Let the whole country report through the real wire, then drain a backlog: ``machxa bench nation [--seconds S]``.

Agents report a batch of five one-minute samples of 40 series every five minutes, all on one connection (what their
connections cost a broker, ``bench herd`` measures). The first round after the collector's start, in which the books
of the streams that report are read, is measured apart, and what a start costs alone is waited for. Then an hour's
samples of some agents come as batches of 60 as fast as they are acknowledged. ``mosquitto_sub`` reads the same stream
meanwhile: the ratio to it can be compared between machines. With ``--collectors N`` so many collectors share a
PostgreSQL, which is started for it and counted.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from machxa_collector.data_folder import open_data
from machxa_collector.registry.units import Kind, bundled_units
from machxa_collector.store.made_up import add_devices, add_streams
from machxa_collector.store_address import remember
from machxa_fleet import mosquitto, postgresql, stage
from machxa_fleet.spent import Spent, Watched

_VALUES = 40
_BATCH_SECONDS = 300
_DRAIN_SECONDS = 3.0
_QUIET_SECONDS, _QUIET = 10.0, 0.08  # of a core: less in so long, and what a start alone costs is over
_MOST_SETTLING_SECONDS = 180.0
_TOLD = 0.001  # of a core
_MOST_COLLECTORS = 5
_AIM_INTAKE, _AIM_ALL, _AIM_P99_MS = 25.0, 40.0, 2000.0


def main(arguments: list[str]) -> int:
    """Run the bench and print it; return 1 when a record was lost."""
    parser = argparse.ArgumentParser(prog="machxa bench nation", description=__doc__)
    parser.add_argument("--agents", type=int, default=83_000)
    parser.add_argument("--seconds", type=float, default=600.0, help="how long they report at their usual pace")
    parser.add_argument(
        "--backlog", type=int, help="of how many agents an hour is caught up (default 10,000, or all if fewer)"
    )
    parser.add_argument(
        "--collectors", type=int, default=0, help="so many share a PostgreSQL (default 0: one alone, with its file)"
    )
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    if options.backlog is None:
        options.backlog = min(options.agents, 10_000)
    if not 0 <= options.collectors <= _MOST_COLLECTORS:
        parser.error(f"--collectors is {options.collectors}, expected 0 to {_MOST_COLLECTORS}")
    if options.agents < 1 or options.seconds < 1 or not 1 <= options.backlog <= options.agents:
        parser.error("--agents and --seconds are 1 or more, --backlog is 1 to --agents")
    if options.collectors and not postgresql.is_here():
        print("bench nation --collectors needs PostgreSQL: apt-get install postgresql", file=sys.stderr)
        return 2
    if absent := stage.missing():
        print(f"bench nation needs {' and '.join(absent)}: apt-get install mosquitto-clients", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="machxa-bench-") as made:
        found = measured(Path(made), options)
    print(json.dumps(found) if options.json else "\n".join(f"{name:40} {value}" for name, value in found.items()))
    return int(found["lost"] > 0)


def measured(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Return the figures of a country of ``options.agents``; everything is kept in a folder."""
    collectors: int = options.collectors
    with ExitStack() as stack:
        database = stack.enter_context(postgresql.running("machxa")) if collectors else None
        address = None if database is None else database.address("nation")
        first = folder / "a"
        if database is not None and address is not None:
            database.create("nation")
            remember(first / "data", address)
        _people(first / "data", options.agents)
        port = mosquitto.free_port()
        broker = stack.enter_context(_ending(mosquitto.start(folder, port)))
        subscriber = [shutil.which("mosquitto_sub") or "mosquitto_sub", "-p", str(port), "-V", "5", "-q", "1"]
        pids = [stack.enter_context(stage.collecting(first, port, *_as_member(first, address))).collector]
        for name in "bcde"[: max(collectors - 1, 0)]:
            other = folder / name
            _copy_keys(first / "data", other / "data")
            pids.append(stack.enter_context(stage.collecting(other, port, *_as_member(other, address))).collector)
        reference = stack.enter_context(
            _ending(subprocess.Popen([*subscriber, "-t", "mx/1/+/+/up"], stdout=subprocess.DEVNULL))
        )
        return _measured(port, Watched(pids, broker.pid, reference.pid, database), options)


def _people(data: Path, agents: int) -> None:
    """Fill a store with so many agents, spread over all communes."""
    communes = [one.code for one in bundled_units() if one.kind is Kind.COMMUNE and one.valid_to is None]
    store, now_ms = open_data(data), int(time.time() * 1000)
    add_streams(store, add_devices(store, [communes[n % len(communes)] for n in range(agents)], now_ms), now_ms)
    store.dispose()


def _as_member(folder: Path, address: str | None) -> Sequence[str]:
    return () if address is None else ("--store", address, "--member", folder.name)


def _copy_keys(source: Path, target: Path) -> None:
    (target / "collector").mkdir(parents=True)
    shutil.copytree(source / "collector" / "ca", target / "collector" / "ca")
    shutil.copy(source / "collector" / "seal.key", target / "collector")


@contextmanager
def _ending(process: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    try:
        yield process
    finally:
        process.terminate()
        process.wait(10)


def _measured(port: int, watched: Watched, options: argparse.Namespace) -> dict[str, Any]:
    loader = subprocess.Popen(
        [sys.executable, "-m", "machxa_fleet.nation_load"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    _ask(loader, {"port": port, "agents": options.agents})
    rate = options.agents / _BATCH_SECONDS
    steps: list[tuple[dict[str, float], Spent]] = []
    sizes, memory = [watched.megabytes()], list[list[float]]()
    for order in (
        {"records": min(options.agents, max(int(rate * options.seconds), options.backlog)), "rate": 0, "samples": 5},
        {"records": int(rate * options.seconds), "rate": rate, "samples": 5},
        {"records": options.backlog, "rate": 0, "samples": 60, "ago_seconds": 600},
    ):
        if steps:
            _settle(watched)
        before = watched.spent()
        with watched.each_minute() as minutes:
            told = json.loads(_ask(loader, order))
        memory.append(minutes)
        time.sleep(_DRAIN_SECONDS)  # what follows a record: judging, mosquitto_sub's last messages
        steps.append((told, watched.spent().since(before)))
        sizes.append(watched.megabytes())
    loader.communicate(timeout=10)
    return {
        "bench": "nation",
        "agents": options.agents,
        "store": f"PostgreSQL, {len(watched.collectors)} collectors" if watched.database else "SQLite",
        "load_average": os.getloadavg()[0],
        **_figures(steps, sizes, memory[1]),
    }


def _settle(watched: Watched) -> None:
    """Wait until a start's own work is done: the first election of all units, what is published to every agent."""
    deadline = time.monotonic() + _MOST_SETTLING_SECONDS
    while time.monotonic() < deadline:
        before = watched.collectors_cpu()
        time.sleep(_QUIET_SECONDS)
        if watched.collectors_cpu() - before < _QUIET * _QUIET_SECONDS * len(watched.collectors):
            return


def _figures(
    steps: list[tuple[dict[str, float], Spent]], sizes: list[float], minutes: Sequence[float]
) -> dict[str, Any]:
    (born, its), (steady, usual), (burst, caught) = steps
    seconds = steady["seconds"] + _DRAIN_SECONDS
    return {
        "first_round_records_per_second": round(born["acked"] / born["seconds"]),
        "first_round_cpu_ms_per_1000": round(its.collector / born["sent"] * 1e6),
        "usual_records_per_second": round(steady["acked"] / steady["seconds"], 1),
        "usual_values_per_second": round(steady["acked"] / steady["seconds"] * 5 * _VALUES),
        "usual_seconds": round(steady["seconds"]),
        "cpu_intake_percent_of_a_core": round(usual.threads["intake"] / seconds * 100, 1), "aim_intake": _AIM_INTAKE,
        "cpu_collector_percent_of_a_core": round(usual.collector / seconds * 100, 1), "aim_collector": _AIM_ALL,
        "cpu_broker_percent_of_a_core": round(usual.broker / seconds * 100, 1),
        "cpu_database_percent_of_a_core": round(usual.database / seconds * 100, 1),
        "cpu_mosquitto_sub_percent_of_a_core": round(usual.reference / seconds * 100, 1),
        "ratio_intake_to_mosquitto_sub": round(usual.threads["intake"] / max(usual.reference, 0.01), 1),
        "values_per_cpu_second_broker_included": round(steady["acked"] * 5 * _VALUES / usual.whole),
        "p50_ms": round(steady["p50_ms"]), "p99_ms": round(steady["p99_ms"]), "aim_p99_ms": _AIM_P99_MS,
        "backlog_values_per_second": round(burst["acked"] * 60 * _VALUES / burst["seconds"]),
        "backlog_times_the_usual": round(
            burst["acked"] * 60 / burst["seconds"] / (steady["acked"] * 5 / steady["seconds"]), 1
        ),
        "backlog_cpu_ms_per_1000": round(caught.collector / burst["sent"] * 1e6),
        "backlog_values_per_cpu_second_broker_included": round(burst["acked"] * 60 * _VALUES / caught.whole),
        "cpu_percent_by_thread": {
            name: round(spent / seconds * 100, 1) for name, spent in usual.threads.items() if spent / seconds > _TOLD
        },
        "lost": round(sum(told["sent"] - told["acked"] for told, _ in steps)),
        "memory_mb_at_start_and_after_each": [round(one) for one in sizes],
        "memory_mb_each_minute_at_the_usual_pace": [round(one) for one in minutes],
    }  # fmt: skip


def _ask(loader: subprocess.Popen[str], order: dict[str, Any]) -> str:
    if loader.stdin is None or loader.stdout is None:
        raise RuntimeError("the loader was started without pipes")
    loader.stdin.write(json.dumps(order) + "\n")
    loader.stdin.flush()
    return loader.stdout.readline()
