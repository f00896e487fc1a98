"""Watch the LAN for a unit: all that the centre names on duty, the gateway and the router while standing by."""

from __future__ import annotations

import logging
import threading
import time
from typing import Callable, Dict, Iterable, Optional, Tuple

from machxa_agent import threads
from machxa_agent.gateway_work import Tell
from machxa_agent.neighbours import arp
from machxa_agent.neighbours.judge import ROUND_SECONDS, Change, Neighbourhood
from machxa_agent.neighbours.reach import Reach
from machxa_agent.probes.probe import Probe
from machxa_wire.records import Scalar
from machxa_wire.roles import MOST_NEIGHBOURS, STANDBY, Neighbour, RoleOrder, is_private

logger = logging.getLogger(__name__)

_ASKED_SECONDS = 12.0  # of a round; who was not asked by then is left out of it
_LEAST_SECONDS = 0.05  # between two questions


class NeighboursWork:
    """Ask each neighbour once in a quarter of a minute, in a thread."""

    name = "neighbours"
    while_standing_by = True
    probe: Optional[Probe] = None

    def __init__(
        self,
        devices: Callable[[], Iterable[Neighbour]] = tuple,
        reach: Callable[[], Reach] = Reach,
        monotonic: Callable[[], float] = time.monotonic,
        spawn: threads.Spawn = threads.start,
    ) -> None:
        """Prepare; devices gives what the gateway's own table names beside the centre's list."""
        self._devices, self._make_reach, self._monotonic, self._spawn = devices, reach, monotonic, spawn
        self._order = RoleOrder(0)
        self._tell: Optional[Tell] = None
        self._over: Optional[threading.Event] = None
        self._seen = Neighbourhood()
        self._asked: Dict[str, float] = {}  # when each was asked last
        self._lock = threading.Lock()

    def start(self, order: RoleOrder, tell: Tell) -> None:
        """Begin; a newer order holds from the next round on."""
        self._order, self._tell = order, tell
        if self._over is None:
            over = self._over = threading.Event()
            self._seen = Neighbourhood()
            self._spawn(lambda: self._run(over), "neighbours")

    def stop(self) -> None:
        """End after the question under way."""
        if self._over is not None:
            self._over.set()
        self._over = None

    def gone(self, address: str) -> Optional[float]:
        """Return how long an address has not answered while others did, None where it does or is not watched."""
        with self._lock:
            return self._seen.gone_seconds(address, self._monotonic())

    def round(self, reach: Reach, over: threading.Event) -> None:
        """Ask all once and tell who came and who is gone.

        Absent ones take long to be asked: those that are here come first, then whoever was not asked for longest.
        """
        those = self._those(reach)
        table, answered = reach.table(), {}
        asked = self._asked = {one: self._asked.get(one, float("-inf")) for one in those}
        until = self._monotonic() + _ASKED_SECONDS
        for address in sorted(those, key=lambda one: (0, 0.0) if self._seen.is_here(one) else (1, asked[one])):
            if over.is_set() or self._monotonic() >= until:
                break
            asked[address] = self._monotonic()
            answered[address] = reach.answers(address, table)
            over.wait(_LEAST_SECONDS)
        with self._lock:
            self._seen.keep(those)
            changes = self._seen.round(answered, self._monotonic())
        for change in changes:
            self._say(those[change.address], change)

    def _those(self, reach: Reach) -> Dict[str, Neighbour]:
        """Return whom to ask, by address: private ones on our own networks only."""
        order, networks, router = self._order, reach.networks(), reach.router()
        named = [Neighbour(router, "router", router)] if router is not None else []
        if order.role == STANDBY and not order.on_duty:
            named += [one for one in order.neighbours if one.address == order.peer] or _peer(order.peer)
        else:
            named += [*order.neighbours, *self._devices()]
        fit = (one for one in named if is_private(one.address) and arp.is_on(networks, one.address))
        return {one.address: one for one in list(fit)[:MOST_NEIGHBOURS]}

    def _say(self, one: Neighbour, change: Change) -> None:
        attributes: Dict[str, Scalar] = {
            "neighbour": one.key,
            "kind": one.kind,
            "address": one.address,
            "state": "here" if change.is_here else "gone",
            "was": None if change.was is None else ("here" if change.was else "gone"),
        }
        if self._tell is not None:
            self._tell("lan.neighbour", attributes, max(0.0, self._monotonic() - change.at))

    def _run(self, over: threading.Event) -> None:
        reach, waits = self._make_reach(), 0.0
        while not over.wait(waits):
            began = self._monotonic()
            try:
                self.round(reach, over)
            except Exception:
                logger.exception("a round through the neighbours broke; the next one is tried")
            waits = max(1.0, ROUND_SECONDS - (self._monotonic() - began))


def _peer(address: Optional[str]) -> Tuple[Neighbour, ...]:
    return () if address is None else (Neighbour(address, "pc", address),)
