"""Read the probes that take seconds beside the cycle, each in a thread that ends with its reading."""

from __future__ import annotations

from typing import Callable, Dict, Iterable, List, Optional

from machxa_agent import threads
from machxa_agent.outcome import Outcome, hanging, reading
from machxa_agent.probes.probe import Probe


class SlowProbes:
    """Start slow probes when they are due, and hand their outcomes over in the first cycle after they returned.

    A probe that is out longer than deadline_seconds is told as hanging, and again each time it would be due; it is
    not started a second time before it has returned. Use from one thread only.
    """

    def __init__(self, clock: Callable[[], float], deadline_seconds: float, spawn: threads.Spawn) -> None:
        self._clock = clock
        self._deadline_seconds = deadline_seconds
        self._spawn = spawn
        self._out: Dict[str, _Errand] = {}

    def outcomes(self, due: Iterable[Probe]) -> List[Outcome]:
        """Start what is due; return what came of those that are back, and of those that are overdue."""
        waited = {probe.name for probe in due if probe.name in self._out}
        for probe in due:
            if probe.name not in self._out:
                self._out[probe.name] = _Errand(probe, self._clock, self._spawn)
        found: List[Outcome] = []
        for name, errand in list(self._out.items()):
            if errand.outcome is not None:
                found.append(errand.outcome)
                del self._out[name]
            elif self._clock() - errand.started >= self._deadline_seconds and (name in waited or not errand.is_told):
                errand.is_told = True
                found.append(hanging(errand.probe))
        return found


class _Errand:
    """Hold one reading that is under way; outcome is None until it is back."""

    def __init__(self, probe: Probe, clock: Callable[[], float], spawn: threads.Spawn) -> None:
        self.probe = probe
        self.started = clock()
        self.outcome: Optional[Outcome] = None
        self.is_told = False
        self._clock = clock
        spawn(self._run, "probe " + probe.name)

    def _run(self) -> None:
        self.outcome = reading(self.probe, self._clock)
