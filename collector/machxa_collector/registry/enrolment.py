"""Tell what an agent asks at enrolment, and whether its computer is one we know already. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from machxa_collector.registry.identity.marks import marks
from machxa_collector.registry.identity.values import Mark, MarkKind
from machxa_wire.mac import sign

REQUEST_MS = 30 * 86_400_000  # how long a request waits for its decision, and an approved one for its agent
POLL_SECONDS = 30
_RENEW_TOPIC = "renew"  # no agent's topic: a MAC made for the broker opens nothing here
_BOARD = frozenset({MarkKind.UUID, MarkKind.BOARD, MarkKind.SERIAL})


class State(Enum):
    """Say how far a request to enrol is."""

    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"


class Likeness(Enum):
    """Say why a computer that enrols looks like one we know."""

    SAME = "same_computer"  # same board and same system: the agent lost its folder, or was installed twice
    REINSTALLED = "reinstalled"  # same board, another system
    CLONED = "cloned"  # same system on another board: a disk image copied


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Hold what an agent asks with; request is its certificate request (PEM), already checked, None without one."""

    hostname: str
    role: str = "pc"
    marks: tuple[Mark, ...] = ()
    address: str = ""
    request: bytes | None = None
    fingerprint: str | None = None

    def mark(self, kind: MarkKind) -> str | None:
        """Return the first mark of a kind, None without one."""
        return next((one.value for one in self.marks if one.kind is kind), None)


@dataclass(frozen=True, slots=True)
class Alike:
    """Name an agent whose computer looks like the one that asks, and its asset."""

    agent: str
    asset: str
    likeness: Likeness


def identifying(uuid: str | None, serial: str | None, machine_id: str | None) -> tuple[Mark, ...]:
    """Return the marks in what an agent tells of its computer; makers' placeholders are none."""
    body = {
        "hardware": {"uuid": uuid or ""},
        "bios": {"ssn": serial or ""},
        "operatingsystem": {"machine_id": machine_id or ""},
    }
    return marks(body)


def likeness(asking: Iterable[Mark], known: Iterable[Mark]) -> Likeness | None:
    """Return how a computer that asks is like a known one, None when nothing of weight is shared."""
    here, there = frozenset(asking), frozenset(known)
    shared = {one.kind for one in here & there}
    both_tell = {one.kind for one in here} & {one.kind for one in there}
    if shared & _BOARD:
        is_other_system = MarkKind.MACHINE in both_tell and MarkKind.MACHINE not in shared
        return Likeness.REINSTALLED if is_other_system else Likeness.SAME
    return Likeness.CLONED if MarkKind.MACHINE in shared else None


def is_other_board(asking: Iterable[Mark], known: Iterable[Mark]) -> bool:
    """Return whether both tell of their board and no word of it agrees: an agent's folder on another computer."""
    here, there = ({one for one in marks_ if one.kind in _BOARD} for marks_ in (asking, known))
    both_tell = {one.kind for one in here} & {one.kind for one in there}
    return bool(both_tell) and not here & there


def shard_of(agent: str) -> str:
    """Return the shard of an agent's id: two hex digits."""
    return hashlib.sha256(agent.encode()).hexdigest()[:2]


def renewal_mac(key: bytes, agent: str, request: bytes) -> str:
    """Return what proves that an agent itself asks to renew: its MAC key over its id and the certificate request.

    No time is in it: a PC's clock may be dead. One who repeats a request gets a certificate for the agent's
    own key, which is of use to the agent alone.
    """
    return sign(key, f"{_RENEW_TOPIC}/{agent}", request)
