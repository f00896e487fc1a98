"""Watch a unit's lines while this agent is its gateway or its standby: two witnesses of one line."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Optional, Sequence, Tuple

from machxa_agent import threads
from machxa_agent.gateway_work import Tell
from machxa_agent.lines.line import Line
from machxa_agent.lines.watch import Reach, Watcher
from machxa_agent.probes.probe import Probe
from machxa_wire.records import Sample
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

    def start(self, order: RoleOrder, tell: Tell) -> None:  # noqa: ARG002 - used from the next change on
        """Begin to watch; only the gateway tests throughput."""
        if self._watcher is None:
            watcher, over = Watcher(self._lines, self._file, Reach()), threading.Event()
            self._watcher, self._over = watcher, over
            self._spawn(lambda: watcher.run(over), "lines")
        self._watcher.may_test = order.role == GATEWAY

    def stop(self) -> None:
        """End after the round under way."""
        self._over.set()
        self._watcher = None

    def _samples(self) -> Tuple[Sample, ...]:
        watcher = self._watcher
        return () if watcher is None else watcher.samples()
