"""Hold this agent's role in its unit: what the centre ordered, kept over restarts, and who is on duty."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Dict, Optional

from machxa_agent import threads
from machxa_agent.gateway_work import Duty, Tell, Works
from machxa_agent.identity import write_durably
from machxa_agent.standing_by import Seen, gives_back, takes_over
from machxa_wire.records import Scalar
from machxa_wire.refusal import Reason, Refused
from machxa_wire.roles import GATEWAY, PC, STANDBY, RoleOrder, decode_role, encode_role

logger = logging.getLogger(__name__)

_FILE = "role.json"
_LOOK_SECONDS = 15.0
_WAIT_SECONDS = 30.0  # for the centre's word after a start, before a kept order holds: it may have ended meanwhile


@dataclass(frozen=True)
class RoleSurroundings:
    """Hold what a role acts on and what it sees, times in seconds.

    gone tells how long an address of the LAN has not answered while others did, None otherwise; changed hears of each
    other role.
    """

    connected_seconds: Callable[[], Optional[float]]
    cut_off_seconds: Callable[[], Optional[float]]
    gone: Callable[[str], Optional[float]]
    changed: Callable[[str], None]
    monotonic: Callable[[], float] = time.monotonic
    spawn: threads.Spawn = threads.start


class UnitRole:
    """Take orders, and judge alone while nobody can give any. Safe from any thread."""

    def __init__(self, folder: Path, default: RoleOrder, works: Works, tell: Tell, around: RoleSurroundings) -> None:
        """Begin with the kept order, else the default (version 0)."""
        self._file, self.works, self._tell, self._around = folder / _FILE, works, tell, around
        self._lock = threading.RLock()
        self._order = _kept(self._file) or default
        self._holds = False
        self._assumed = False
        self._began = around.monotonic()
        self._told: Optional[Duty] = None
        self._over = threading.Event()
        self._is_watched = False

    @property
    def order(self) -> RoleOrder:
        """Return the order in force."""
        return self._order

    @property
    def on_duty(self) -> bool:
        """Return whether this agent does the unit's work now."""
        with self._lock:
            return self._holds and (self._order.on_duty or self._assumed)

    def begin(self) -> None:
        """Start what the kept order asks for, at once where nobody is there to ask; else once the centre has spoken."""
        with self._lock:
            self._holds = self._order.version == 0
            self._apply("start")

    def offer(self, payload: bytes) -> None:
        """Take an order whose MAC fits; raises Refused."""
        order = decode_role(payload)
        with self._lock:
            if order.version < self._order.version or (order.version == self._order.version and order != self._order):
                raise Refused(Reason.RANGE, f"order {order.version} of a role is not newer than {self._order.version}")
            is_new, was = order != self._order, self._order.role
            self._order, self._holds = order, True
            if is_new:
                self._assumed = False
                self._keep(order)
            self._apply("centre")
        if order.role != was:
            self._around.changed(order.role)

    def look(self) -> bool:
        """Judge what the centre cannot tell; return whether there is anything to look after."""
        with self._lock:
            if not self._holds and self._around.monotonic() - self._began >= _WAIT_SECONDS:
                self._holds = True
            reason = self._judge() if self._order.role == STANDBY and not self._order.on_duty else "start"
            self._apply(reason)
            return self._order.role != PC

    def close(self) -> None:
        """Stop everything."""
        self._over.set()
        with self._lock:
            self.works.close()

    def _judge(self) -> str:
        order = self._order
        seen = Seen(self._around.cut_off_seconds(), None if order.peer is None else self._around.gone(order.peer))
        if not self._assumed and takes_over(seen):
            self._assumed = True
            return "gateway gone from the LAN, centre out of reach"
        if self._assumed and gives_back(seen, self._around.connected_seconds()):
            self._assumed = False
            return "gateway or centre is back"
        return "start"

    def _apply(self, reason: str) -> None:
        duty = Duty(self._order, on_duty=self.on_duty) if self._holds else Duty(RoleOrder(0), on_duty=False)
        if duty != self._told:
            before, self._told = self._told, duty
            if self._holds and (before is None or _short(before) != _short(duty)):
                self._say(duty, reason)
            self.works.take(duty)
        if self._order.role != PC and not self._is_watched:
            self._is_watched = True
            self._around.spawn(self._watch, "role")

    def _say(self, duty: Duty, reason: str) -> None:
        order = duty.order
        if order == RoleOrder(0):
            return  # a PC that never was anything else
        logger.info("role %s, %s duty (%s)", order.role, "on" if duty.on_duty else "off", reason)
        told: Dict[str, Scalar] = {"role": order.role, "on_duty": duty.on_duty, "version": order.version}
        self._tell("machxa.role", {**told, "reason": reason})

    def _watch(self) -> None:
        while not self._over.wait(_LOOK_SECONDS):
            with self._lock:
                if not self.look():
                    self._is_watched = False
                    return

    def _keep(self, order: RoleOrder) -> None:
        try:
            write_durably(self._file, encode_role(order))
        except OSError as exc:
            logger.warning("%s could not be kept, the role holds until the next start: %s", self._file, exc)


def default_order(role: str, *, has_file: bool) -> RoleOrder:
    """Return what holds before any order: whoever is named gateway, or has a gateway's file, works as one."""
    if role == GATEWAY or has_file:
        return RoleOrder(0, GATEWAY, on_duty=True)
    return RoleOrder(0)


def _short(duty: Duty) -> object:
    return duty.order.role, duty.order.version, duty.on_duty


def _kept(path: Path) -> Optional[RoleOrder]:
    try:
        return decode_role(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, Refused) as exc:
        logger.warning("%s is not used: %s", path, exc)
        return None
