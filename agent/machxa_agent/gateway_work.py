"""Say what work for a whole unit is, and start and stop it as this agent's role changes.

A work is one file with one class; ``main._works`` lists them. It starts when the agent is on duty (the gateway, or
the standby while the gateway is silent); with ``while_standing_by`` also on the standby that is not.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import List, Mapping, Optional, Protocol, Sequence, Tuple, runtime_checkable

from machxa_agent.probes.probe import Probe
from machxa_wire.records import Scalar
from machxa_wire.roles import PC, RoleOrder

logger = logging.getLogger(__name__)


class Tell(Protocol):
    """Keep an event that became true so many seconds ago; it goes at once."""

    def __call__(self, name: str, attributes: Mapping[str, Scalar], ago_seconds: float = 0.0) -> None:
        """Keep it."""


class GatewayWork(Protocol):
    """Do one thing for a whole unit. Calls come from one thread at a time and return soon: a thread does the work."""

    @property
    def name(self) -> str:
        """Return a word for the log."""

    @property
    def while_standing_by(self) -> bool:
        """Return whether the standby does it, too, while the gateway is on duty."""

    @property
    def probe(self) -> Optional[Probe]:
        """Return what gives this work's samples to the reading of each minute: none while it is stopped."""

    def start(self, order: RoleOrder, tell: Tell) -> None:
        """Begin; called again with each newer order while it works, which then holds. on_duty is as it really is."""

    def stop(self) -> None:
        """End soon; begin again when started again."""


class TellFacts(Protocol):
    """Keep the facts of a device (its key, and an inventory body)."""

    def __call__(self, key: str, facts: Mapping[str, object]) -> None:
        """Keep them."""


@runtime_checkable
class SeesTheLan(Protocol):
    """Know who answers on the LAN."""

    def gone(self, address: str) -> Optional[float]:
        """Return how long an address has not answered while others did, None otherwise."""


@dataclass(frozen=True)
class Duty:
    """Say what this agent is to do: its order, and whether it is on duty by it or by its own judgement."""

    order: RoleOrder
    on_duty: bool


class Works:
    """Hold the works of this agent; use from one thread at a time. One that breaks stops no other."""

    def __init__(self, works: Sequence[GatewayWork], tell: Tell) -> None:
        self._works, self._tell = tuple(works), tell
        self._running: List[GatewayWork] = []

    @property
    def probes(self) -> Tuple[Probe, ...]:
        """Return the probes of all works."""
        return tuple(one.probe for one in self._works if one.probe is not None)

    def tell_facts(self, tell: TellFacts) -> None:
        """Say whom works tell the facts of devices; before the first duty."""
        for work in self._works:
            if hasattr(work, "tell_facts"):
                work.tell_facts = tell

    def gone(self, address: str) -> Optional[float]:
        """Return how long an address of the LAN has not answered while others did; None where nobody can say so."""
        told = (one.gone(address) for one in self._works if isinstance(one, SeesTheLan))
        return next((seconds for seconds in told if seconds is not None), None)

    @property
    def running(self) -> Tuple[str, ...]:
        """Return the names of what runs."""
        return tuple(one.name for one in self._running)

    def take(self, duty: Duty) -> None:
        """Start and stop what a duty asks for; what could not start is tried again with the next order."""
        for work in self._works:
            if duty.on_duty or (duty.order.role != PC and work.while_standing_by):
                self._start(work, replace(duty.order, on_duty=duty.on_duty))
            elif work in self._running:
                self._stop(work)

    def close(self) -> None:
        """Stop everything."""
        for work in tuple(self._running):
            self._stop(work)

    def _start(self, work: GatewayWork, order: RoleOrder) -> None:
        try:
            work.start(order, self._tell)
        except Exception:
            logger.exception("%s could not start; the rest goes on", work.name)
        else:
            if work not in self._running:
                self._running.append(work)

    def _stop(self, work: GatewayWork) -> None:
        self._running.remove(work)
        try:
            work.stop()
        except Exception:
            logger.exception("%s could not stop; the rest goes on", work.name)
