"""Look at services by Windows' service control manager and at processes by their name."""

from __future__ import annotations

import time
from typing import Optional

from machxa_agent import portable
from machxa_agent.equipment.running import Found, Process


class Windows:
    """Look at this computer."""

    def is_there(self, process: Process) -> bool:
        """Return whether this very process still runs."""
        return portable.started(process.pid) == process.started

    def find(self, name: str, *, is_service: bool) -> Optional[Found]:
        """Return how a service or a program is, None where it cannot be told."""
        return _service(name) if is_service else _program(name)


def _service(name: str) -> Optional[Found]:
    told = portable.service(name)
    if told is None:
        return None
    is_up, pid = told
    started = portable.started(pid) if is_up and pid else None
    return Found(is_up) if pid is None or started is None else _up(Process(pid, started))


def _program(name: str) -> Found:
    found = [Process(pid, started) for pid, started in portable.named(name)]
    oldest = min(found, key=lambda one: one.started, default=None)
    return Found(is_up=False) if oldest is None else _up(oldest)


def _up(process: Process) -> Found:
    return Found(is_up=True, process=process, since_seconds=max(0.0, time.time() - process.started))
