"""Ask Windows not to go to sleep while this agent watches for its unit, or stands by to. Its user may still send it."""

from __future__ import annotations

import sys
import threading
from typing import Callable, Optional

from machxa_agent import threads
from machxa_agent.gateway_work import Tell
from machxa_agent.probes.probe import Probe
from machxa_wire.roles import RoleOrder

_CONTINUOUS, _SYSTEM_REQUIRED = 0x80000000, 0x00000001  # ES_CONTINUOUS, ES_SYSTEM_REQUIRED


class AwakeWork:
    """Hold the request in a thread: Windows forgets it with the thread that made it."""

    name = "awake"
    while_standing_by = True
    probe: Optional[Probe] = None

    def __init__(self, ask: Callable[[int], None], spawn: threads.Spawn = threads.start) -> None:
        """Prepare; ask is SetThreadExecutionState."""
        self._ask, self._spawn = ask, spawn
        self._over: Optional[threading.Event] = None

    def start(self, order: RoleOrder, tell: Tell) -> None:  # noqa: ARG002 - whatever the order
        """Ask, once."""
        if self._over is None:
            over = self._over = threading.Event()
            self._spawn(lambda: self._hold(over), "awake")

    def stop(self) -> None:
        """Let it sleep again."""
        if self._over is not None:
            self._over.set()
        self._over = None

    def _hold(self, over: threading.Event) -> None:
        self._ask(_CONTINUOUS | _SYSTEM_REQUIRED)
        over.wait()
        self._ask(_CONTINUOUS)


def set_state(flags: int) -> None:
    """Call SetThreadExecutionState of kernel32.dll; does nothing elsewhere."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - Windows only

        ctypes.windll.kernel32.SetThreadExecutionState(flags)
