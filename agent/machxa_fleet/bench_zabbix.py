"""Feed Zabbix's trapper and this collector on one machine, one after the other: ``machxa bench zabbix [--seconds S]``.

Zabbix: trapper items of unsigned history on so many hosts, some with triggers that are judged at each value, fed by its
sender protocol as fast as it answers, until its database holds every value. Here: ``machxa bench nation`` at the pace
of so many agents and then its backlog as fast as it is acknowledged, broker included and rules on. What feeds is
counted on neither side. Both are printed as values per CPU second, with the ratio.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from machxa_collector.failure import CannotRunError
from machxa_collector.operating.zabbix import Value, send
from machxa_fleet import bench_nation, stage, zabbix

_ITEMS = 40
_AIM = 7.0
_SENDERS = 4
_AGO_SECONDS = 86_400
_KNOWN_SECONDS = 60.0
_DRAIN_SECONDS = 120.0


def main(arguments: list[str]) -> int:
    """Run both sides and print the figures; 2 when something is not installed, 1 when a value was lost."""
    parser = argparse.ArgumentParser(prog="machxa bench zabbix", description=__doc__)
    parser.add_argument("--hosts", type=int, default=250, help="hosts of Zabbix, each with 40 items (default 250)")
    parser.add_argument("--triggers", type=int, default=12, help="triggers of each host (default 12)")
    parser.add_argument("--agents", type=int, default=83_000, help="agents of this collector (default 83,000)")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long each side is fed (default 60)")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    if absent := (*zabbix.missing(), *stage.missing()):
        print(f"bench zabbix needs {' and '.join(absent)}: apt-get install them", file=sys.stderr)
        return 2
    theirs = _theirs(options.hosts, options.triggers, options.seconds)
    ours = _ours(options.agents, options.seconds)
    found = _told(options, theirs, ours)
    print(json.dumps(found) if options.json else "\n".join(f"{name:46} {value}" for name, value in found.items()))
    return int(ours["lost"] > 0 or theirs["stored"] < theirs["taken"])


def _told(options: argparse.Namespace, theirs: dict[str, float], ours: dict[str, Any]) -> dict[str, Any]:
    rate = theirs["stored"] / max(theirs["cpu"], 0.01)
    usual, backlog = (
        ours[name]
        for name in ("values_per_cpu_second_broker_included", "backlog_values_per_cpu_second_broker_included")
    )
    return {
        "bench": "zabbix",
        "load_average": os.getloadavg()[0],
        "zabbix_history": zabbix.HISTORY,
        "zabbix_triggers_a_host": options.triggers,
        "zabbix_values": round(theirs["stored"]),
        "zabbix_values_per_second": round(theirs["taken"] / theirs["seconds"]),
        "zabbix_values_per_cpu_second": round(rate),
        "our_history": "all values in columns, synced at each commit; presence, incidents and roles judged",
        "our_agents": options.agents,
        "our_values_per_cpu_second": usual,
        "our_values_per_cpu_second_in_a_backlog": backlog,
        "ratio": round(usual / rate, 1),
        "ratio_in_a_backlog": round(backlog / rate, 1),
        "aim_ratio": _AIM,
    }


def _theirs(hosts: int, triggers: int, seconds: float) -> dict[str, float]:
    """Feed Zabbix for a while; return values taken and stored, its seconds and its processors' seconds."""
    names = [f"pc-{number:04}" for number in range(hosts)]
    keys = [f"machxa.metric[{number}]" for number in range(_ITEMS)]
    with zabbix.running(names, keys, triggers) as server:
        _until_known(server, names[-1], keys[-1])
        stored, before, began = server.stored(), server.cpu_seconds(), time.monotonic()
        taken = _fed(server.port, seconds, hosts)
        spent = time.monotonic() - began
        deadline = time.monotonic() + _DRAIN_SECONDS
        while server.stored() - stored < taken and time.monotonic() < deadline:
            time.sleep(0.2)
        return {
            "taken": taken,
            "stored": server.stored() - stored,
            "seconds": spent,
            "cpu": server.cpu_seconds() - before,
        }


def _until_known(server: zabbix.Server, host: str, key: str) -> None:
    """Wait until the server has read its configuration."""
    deadline = time.monotonic() + _KNOWN_SECONDS
    while not send(("127.0.0.1", server.port), host, [Value(key, 1)], int(time.time())).processed:
        if time.monotonic() > deadline:
            raise TimeoutError("Zabbix did not read its hosts in time")
        time.sleep(0.1)
    while not server.stored():
        time.sleep(0.05)


def _fed(port: int, seconds: float, hosts: int) -> int:
    """Send values by processes of their own, so that it is the server that is waited for; return how many it took."""
    each = -(-hosts // _SENDERS)
    command = [sys.executable, "-m", "machxa_fleet.bench_zabbix"]
    spans = [(first, min(first + each, hosts)) for first in range(0, hosts, each)]
    senders = [
        subprocess.Popen(
            [*command, "--feed", str(port), str(seconds), str(first), str(last)], stdout=subprocess.PIPE, text=True
        )
        for first, last in spans
    ]
    return sum(int(one.communicate(timeout=seconds + _KNOWN_SECONDS)[0] or 0) for one in senders)


def _feed(port: int, seconds: float, first: int, last: int) -> int:
    """Send a value of each item, host by host, for a while; return how many were taken."""
    taken = value = 0
    end, clock = time.monotonic() + seconds, int(time.time()) - _AGO_SECONDS
    while time.monotonic() < end:
        value += 1
        clock += 1  # its history holds one value of an item and a moment
        for number in range(first, last):
            values = [Value(f"machxa.metric[{item}]", value + item) for item in range(_ITEMS)]
            with suppress(CannotRunError):
                taken += send(("127.0.0.1", port), f"pc-{number:04}", values, clock).processed
            if time.monotonic() >= end:
                break
    return taken


def _ours(agents: int, seconds: float) -> dict[str, Any]:
    options = argparse.Namespace(agents=agents, seconds=seconds, backlog=min(agents, 5_000), collectors=0, json=True)
    with tempfile.TemporaryDirectory(prefix="machxa-bench-") as made:
        return bench_nation.measured(Path(made), options)


if __name__ == "__main__":
    _, _, port_, seconds_, first_, last_ = sys.argv
    print(_feed(int(port_), float(seconds_), int(first_), int(last_)))
