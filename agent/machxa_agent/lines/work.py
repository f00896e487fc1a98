"""Watch a unit's lines while this agent is its gateway or its standby: two witnesses of one line."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Dict, Optional, Sequence, Tuple

from machxa_agent import threads
from machxa_agent.gateway_work import Tell
from machxa_agent.lines.line import Line
from machxa_agent.lines.transitions import Change
from machxa_agent.lines.watch import Reach, Watcher
from machxa_agent.probes.probe import Probe
from machxa_wire.records import Sample, Scalar
from machxa_wire.roles import GATEWAY, RoleOrder


class LinesWork:
    """Run a watcher in a thread for as long as it is wanted."""

    name = "lines"
    while_standing_by = True

    def __init__(self, lines: Sequence[Line], folder: Path, spawn: threads.Spawn = threads.start) -> None:
        """Prepare; the folder keeps what throughput tests have cost."""
        self._lines, self._file, self._spawn = tuple(lines), folder / "lines.json", spawn
        self._watcher: Optional[Watcher] = None
        self._over = threading.Event()
        self.probe: Optional[Probe] = Probe("lines", self._samples)

    def start(self, order: RoleOrder, tell: Tell) -> None:
        """Begin to watch; only the gateway tests throughput."""
        if self._watcher is None:
            watcher, over = Watcher(self._lines, self._file, Reach()), threading.Event()
            self._watcher, self._over = watcher, over
            self._spawn(lambda: watcher.run(over, lambda *change: _say(tell, *change)), "lines")
        self._watcher.may_test = order.role == GATEWAY

    def stop(self) -> None:
        """End after the round under way."""
        self._over.set()
        self._watcher = None

    def _samples(self) -> Tuple[Sample, ...]:
        watcher = self._watcher
        return () if watcher is None else watcher.samples()


def _say(tell: Tell, line: str, change: Change, ago_seconds: float) -> None:
    """Tell a transition as an event."""
    now = change.now
    attributes: Dict[str, Scalar] = {
        "line": line,
        "state": now.state.value,
        "fault": None if now.fault is None else now.fault.value,
        "loss_percent": None if now.loss_ratio is None else round(100 * now.loss_ratio, 1),
        "rtt_ms": None if now.rtt_seconds is None else round(1000 * now.rtt_seconds, 1),
        "was": None if change.was is None else change.was.value,
    }
    tell("line.state", attributes, ago_seconds)
