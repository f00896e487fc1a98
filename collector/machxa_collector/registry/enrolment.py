"""Tell what an agent asks at enrolment, and whether its computer is one we know already. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from machxa_wire.mac import sign

REQUEST_MS = 30 * 86_400_000  # how long a request waits for its decision, and an approved one for its agent
POLL_SECONDS = 30
_MOST_CHARACTERS = 100
_LEAST_CHARACTERS = 4
_PLACEHOLDERS = frozenset(
    {"to be filled by o.e.m.", "default string", "system serial number", "not specified", "none", "unknown", "o.e.m."}
)
_RENEW_TOPIC = "renew"  # no agent's topic: a MAC made for the broker opens nothing here


class Identifier(Enum):
    """Say what tells one computer from another; values are kinds of the identifiers' table."""

    BOARD = "board"
    SERIAL = "serial"
    MACHINE = "machine"


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
    identifiers: Mapping[Identifier, str] = field(default_factory=dict)
    address: str = ""
    request: bytes | None = None
    fingerprint: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """Pair an agent we know with the identifiers its asset shares with one that asks, and all it has."""

    agent: str
    asset: str
    shared: frozenset[Identifier]
    has: frozenset[Identifier]


def identifiers(board: str | None, serial: str | None, machine: str | None) -> dict[Identifier, str]:
    """Return what identifies a computer, as it is compared; a maker's placeholder is left out."""
    said = {Identifier.BOARD: board, Identifier.SERIAL: serial, Identifier.MACHINE: machine}
    return {kind: value for kind, text in said.items() if (value := _compared(text)) is not None}


def likeness(asking: Iterable[Identifier], known: Known) -> Likeness | None:
    """Return how a computer that asks is like a known one, None when nothing of weight is shared."""
    board = bool(known.shared & {Identifier.BOARD, Identifier.SERIAL})
    machine = Identifier.MACHINE in known.shared
    if board:
        both_told = Identifier.MACHINE in known.has and Identifier.MACHINE in frozenset(asking)
        return Likeness.REINSTALLED if both_told and not machine else Likeness.SAME
    return Likeness.CLONED if machine else None


def shard_of(agent: str) -> str:
    """Return the shard of an agent's id: two hex digits."""
    return hashlib.sha256(agent.encode()).hexdigest()[:2]


def renewal_mac(key: bytes, agent: str, request: bytes) -> str:
    """Return what proves that an agent itself asks to renew: its MAC key over its id and the certificate request.

    No time is in it: a PC's clock may be dead. One who repeats a request gets a certificate for the agent's
    own key, which is of use to the agent alone.
    """
    return sign(key, f"{_RENEW_TOPIC}/{agent}", request)


def _compared(text: str | None) -> str | None:
    value = (text or "").strip().lower()
    bare = value.replace("-", "")
    if len(bare) < _LEAST_CHARACTERS or len(value) > _MOST_CHARACTERS or value in _PLACEHOLDERS:
        return None
    return None if len(set(bare)) == 1 else value
