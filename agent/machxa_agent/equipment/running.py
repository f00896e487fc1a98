"""Watch what must run here, by the process that was found once: transitions with the moment they became true.

Each look asks whether that very process (id and start) is still there. Only when it is not, what must run is looked for
again: at once, then every five minutes while it is down.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Optional, Protocol, Sequence, Tuple

from machxa_agent.measured import Transition
from machxa_wire.records import Sample, Scalar, Series

UP, DOWN, RESTARTED, UNKNOWN = "up", "down", "restarted", "unknown"
_AGAIN_SECONDS = 300.0


@dataclass(frozen=True)
class Process:
    """Name one process, so that no other is taken for it: its id, and when it was started in the system's own unit.

    Where others' starts are hidden, group says which of Linux' control groups it is in, and started is 0.
    """

    pid: int
    started: float
    group: str = ""


@dataclass(frozen=True)
class Found:
    """Hold what was found: whether it runs, by which process if by one, and since how many seconds; None if unknown."""

    is_up: bool
    process: Optional[Process] = None
    since_seconds: Optional[float] = None


class System(Protocol):
    """Look at services and processes."""

    def is_there(self, process: Process) -> bool:
        """Return whether this very process still runs."""

    def find(self, name: str, *, is_service: bool) -> Optional[Found]:
        """Return how a service or a program is, None where it cannot be told."""


@dataclass
class _Watched:
    """Hold one thing that must run."""

    name: str
    is_service: bool
    state: str = UNKNOWN
    process: Optional[Process] = None
    looked_at: float = float("-inf")
    restarts: int = 0


class Running:
    """Keep what must run; use from one thread at a time."""

    def __init__(self, services: Sequence[str], programs: Sequence[str], system: System) -> None:
        self._watched = [_Watched(one, is_service=True) for one in services] + [
            _Watched(one, is_service=False) for one in programs
        ]
        self._system = system
        self._turned: List[Transition] = []

    def look(self, now: float) -> Tuple[Sample, ...]:
        """Return for each whether it runs, and how often it was started anew since the first look."""
        samples: List[Sample] = []
        for one in self._watched:
            is_same = one.process is not None and self._system.is_there(one.process)
            if not is_same and (one.process is not None or now - one.looked_at >= _AGAIN_SECONDS):
                one.looked_at = now
                self._judge(one, self._system.find(one.name, is_service=one.is_service))
            labels = (("service", one.name),)
            is_up = None if one.state == UNKNOWN else int(one.state == UP)
            samples.append(Sample(Series("machxa.service.up", labels), is_up))
            samples.append(Sample(Series("machxa.service.restarts", labels), one.restarts))
        return tuple(samples)

    def turned(self) -> Tuple[Transition, ...]:
        """Return the transitions since the last call."""
        turned, self._turned = tuple(self._turned), []
        return turned

    def _judge(self, one: _Watched, found: Optional[Found]) -> None:
        was, before = one.state, one.process
        if found is None:
            one.process = None
            return
        one.state, one.process = (UP, found.process) if found.is_up else (DOWN, None)
        is_new = found.process is not None and before is not None and found.process != before
        is_restarted = was == UP and found.is_up and is_new
        if one.state == was and not is_restarted:
            return
        one.restarts += is_restarted or (was, one.state) == (DOWN, UP)
        told: Dict[str, Scalar] = {
            "service": one.name,
            "kind": "service" if one.is_service else "program",
            "state": RESTARTED if is_restarted else one.state,
            "was": was,
            "pid_changed": is_new,
        }
        self._turned.append(Transition("service.state", told, found.since_seconds or 0.0))
