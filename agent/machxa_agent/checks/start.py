"""Start the checks of a running agent once a policy names any: until then they cost nothing but this file."""

# ruff: noqa: PLC0415 - what a check needs is loaded with the first policy that has one

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Callable, Dict, Mapping, Optional, Protocol, Tuple

from machxa_agent import threads
from machxa_agent.probes.probe import Probe
from machxa_wire.policy import Policy
from machxa_wire.records import Sample, Scalar, Stamp

if TYPE_CHECKING:
    from machxa_agent.checks.watch import Watch


class Agent(Protocol):
    """Be what checks need of the agent."""

    def stamp(self) -> Stamp:
        """Return what the clocks say now."""

    def event(self, name: str, attributes: Mapping[str, Scalar], ago_seconds: float) -> None:
        """Keep an event that became true so many seconds ago."""


class Checks:
    """Hold the checks of one agent: its probe, and their last results."""

    def __init__(
        self,
        name: str,
        role: Callable[[], str],
        policy: Callable[[], Policy],
        agent: Agent,
        centre_s: Callable[[float], Optional[float]],
        spawn: threads.Spawn = threads.start,
    ) -> None:
        """Prepare; name is the agent's id, centre_s the centre's time at a monotonic one."""
        self._name, self._role, self._policy, self._agent = name, role, policy, agent
        self._centre_s, self._spawn = centre_s, spawn
        self._watch: Optional[Watch] = None
        self.probe = Probe("checks", self._read)

    def results(self) -> Dict[str, object]:
        """Return the last result of each check, for ``status``."""
        return {} if self._watch is None else self._watch.results()

    def _read(self) -> Tuple[Sample, ...]:
        if self._watch is None and not self._policy().catalogue:
            return ()
        if self._watch is None:
            self._watch = self._started()
        return self._watch.samples()

    def _started(self) -> Watch:
        from machxa_agent.checks.ask import Asker
        from machxa_agent.checks.watch import Around, Watch

        around = Around(self._name, self._role, self._agent.stamp, self._tell, self._ahead)
        watch = Watch(self._policy, Asker(now=self._now).ask, around)
        self._spawn(watch.run, "checks")
        return watch

    def _tell(self, name: str, attributes: Mapping[str, Scalar], since: Stamp) -> None:
        self._agent.event(name, attributes, (self._agent.stamp().mono - since.mono) / 1000)

    def _ahead(self) -> Optional[float]:
        centre = self._centre_s(time.monotonic())
        return None if centre is None else time.time() - centre

    def _now(self) -> float:
        centre = self._centre_s(time.monotonic())
        return time.time() if centre is None else centre
