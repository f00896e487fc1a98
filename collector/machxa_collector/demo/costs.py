"""Say what a running demonstration costs this computer: CPU and memory of the collector and of the simulated fleet."""

from __future__ import annotations

import os
import resource
from dataclasses import dataclass
from pathlib import Path

_FIRST_SECONDS, _EVERY_SECONDS = 30.0, 300.0
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
_USER, _SYSTEM = 11, 12  # of /proc/PID/stat after the name (proc_pid_stat(5): utime, stime)


@dataclass(frozen=True, slots=True)
class _Spent:
    at: float
    collector: float
    fleet: float


class Costs:
    """Measure between two tellings; None where the system has no /proc."""

    def __init__(self, fleet_pid: int) -> None:
        """Take the fleet's process."""
        self._fleet = Path(f"/proc/{fleet_pid}")
        self._before: _Spent | None = None
        self._due = float("-inf")

    def told(self, now: float) -> str | None:
        """Return the figures when it is time for them; now is monotonic seconds."""
        if now < self._due:
            return None
        before, spent = self._before, _Spent(now, _own_seconds(), self._fleet_seconds())
        self._before = spent
        self._due = now + (_FIRST_SECONDS if before is None else _EVERY_SECONDS)
        if before is None or now <= before.at:
            return None
        passed = now - before.at
        own, fleet = (spent.collector - before.collector) / passed, (spent.fleet - before.fleet) / passed
        memory = _memory_mb(Path("/proc/self")), _memory_mb(self._fleet)
        return (
            f"CPU: máy thu thập (collector) {own:.0%}, máy đo mô phỏng (simulated fleet) {fleet:.0%} của một nhân "
            f"(of one core); bộ nhớ (memory): {memory[0]:.0f} + {memory[1]:.0f} MB"
        )

    def _fleet_seconds(self) -> float:
        try:
            told = (self._fleet / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(told[_USER]) + int(told[_SYSTEM])) / _TICKS


def _own_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _memory_mb(process: Path) -> float:
    try:
        pages = int((process / "statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * resource.getpagesize() / 1e6
