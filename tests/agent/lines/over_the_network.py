"""Watch a line of network namespaces while it is cut, place by place; prints what is seen as JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from machxa_agent import ping
from machxa_agent.lines import hop
from machxa_agent.lines.judge import fault
from machxa_agent.lines.line import Line, Target
from machxa_agent.lines.watch import Reach, Watcher
from machxa_agent.ping import Way

ANCHOR = "203.0.113.9"
LINE = Line("internet", Way(interface="lan"), Target("gateway", "192.168.1.1"), ANCHOR, (Target("far", ANCHOR),))
CUTS = (("far", "in0"), ("carrier", "cpe"), ("gw", "lan"))


def main() -> None:
    one_packet = hop.hop(ANCHOR, 2, 1.0)
    reached = {
        "first hop": one_packet[0] if one_packet else None,
        "anchor": ping.icmp(ANCHOR, 1.0) is not None,
        "by another interface": ping.icmp(ANCHOR, 0.2, Way(interface="lo")) is not None,
        "nobody": ping.icmp("203.0.113.7", 0.2) is not None,
    }
    watcher = Watcher((LINE,), Path(sys.argv[1]) / "lines.json", Reach(0.1))
    faults = [_fault(watcher)]
    for place, interface in CUTS:
        subprocess.run(["ip", "-n", place, "link", "set", interface, "down"], check=True)
        faults.append(_fault(watcher))
    print(json.dumps({"reached": reached, "faults": faults}))


def _fault(watcher: Watcher) -> str | None:
    for _ in range(5):
        watcher.round()
    found = fault(watcher._states[0].seen)
    return found.value if found else None


if __name__ == "__main__":
    main()
