"""Watch the services and programs that have to run here, named in the agent's file."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Callable, Optional, Tuple

from machxa_agent.probes.probe import Probe

if TYPE_CHECKING:
    from machxa_agent.equipment.running import System


def services_probe(
    services: Tuple[str, ...],
    programs: Tuple[str, ...],
    system: Optional[System] = None,
    clock: Callable[[], float] = time.monotonic,
) -> Probe:
    """Return a probe of these services and programs; system is where to look, None for this computer."""
    if not services and not programs:
        return Probe("services", tuple)
    from machxa_agent.equipment.running import Running  # noqa: PLC0415 - where something is named

    running = Running(services, programs, system or _here())
    return Probe("services", lambda: running.look(clock()), turned=running.turned)


def _here() -> System:
    if sys.platform == "win32":
        from machxa_agent.equipment.running_windows import Windows  # noqa: PLC0415 - each system loads its own

        return Windows()
    from machxa_agent.equipment.running_linux import Linux  # noqa: PLC0415

    return Linux()


PROBE = services_probe((), ())
