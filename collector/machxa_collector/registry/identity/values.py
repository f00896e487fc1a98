"""Name what identifies a device, and what a vote on it says. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple


class MarkKind(Enum):
    """Name a kind of mark: what in a computer carries the value.

    UUID, BOARD and SERIAL are burnt into board and case, MAC into a built-in network adapter; DONGLE is an adapter
    that is plugged in and wanders. DISK and MEMORY can be moved, MACHINE goes with the installed system.
    """

    UUID = "uuid"
    BOARD = "board"
    SERIAL = "serial"
    MAC = "mac"
    DONGLE = "dongle"
    DISK = "disk"
    MEMORY = "memory"
    MACHINE = "machine"


class Mark(NamedTuple):
    """Hold one mark; value as it is compared, in upper case."""

    kind: MarkKind
    value: str


class Refusal(Enum):
    """Say why a value identifies nothing."""

    PLACEHOLDER = "a maker's placeholder"
    SHARED = "given by its maker to many devices"
    PATTERN = "one repeated or counted-up character"
    SHORT = "too short to be one device's"
    LONG = "longer than any maker's"
    MODEL = "the model's name, not a serial"
    VIRTUAL = "an adapter made by software"
    LOCAL = "an address that software chose"
    FORM = "not of the form"


class Refused(NamedTuple):
    """Hold a value that counts nothing, as it was told, and why."""

    kind: MarkKind
    value: str
    why: Refusal


class Agreement(Enum):
    """Say how one kind of mark compares between what arrives and a record.

    PARTLY: some adapters or modules agree and both sides have others. FORMERLY: it agrees only with what the record
    no longer has. ABSENT: one side has none, which says nothing.
    """

    AGREES = "agrees"
    PARTLY = "partly"
    FORMERLY = "formerly"
    DISAGREES = "disagrees"
    ABSENT = "absent"


class Alive(Enum):
    """Say whether a record's agent was heard after the arriving agent was enrolled; PERHAPS: it is too soon to tell."""

    NO = "no"
    PERHAPS = "perhaps"
    YES = "yes"


class Decision(Enum):
    """Say what a vote decided."""

    SAME = "same"
    NEW = "new"
    CLONE = "clone"
    CONFLICT = "conflict"


class Reason(Enum):
    """Say why; one word a page can translate."""

    NOTHING_KNOWN = "nothing_known"  # no record shares a mark that counts
    NOT_ENOUGH = "not_enough"  # what is shared does not make one device
    CONTINUES = "continues"  # the agent's own record, its board as before
    BOARD_REPLACED = "board_replaced"  # own record: software, disk and another part are as before, the board is not
    BOARD_IN_DOUBT = "board_in_doubt"  # own record: another board, and nothing but the disk and its software agree
    STANDS_IN_ANOTHER = "stands_in_another"  # own record's agent speaks from a board that another record has
    COPIED = "copied"  # an installed system, perhaps with its agent, speaks from two boards
    RECOGNIZED = "recognized"  # enough marks agree and the record's agent is gone
    PAPER = "paper"  # a record without agent has this serial
    PERHAPS_ALIVE = "perhaps_alive"  # enough agree, but the record's agent may still be there
    BOTH_ALIVE = "both_alive"  # enough agree, and both agents speak
    BOARD_DISAGREES = "board_disagrees"  # much agrees, but a mark of board or case says otherwise
    WEAK = "weak"  # something agrees, too little to decide
    FORMER_PART = "former_part"  # agrees with a board or case that the record had before
    DISK_MOVED = "disk_moved"  # a silent record's disk in a new device: another board around it, or another computer
    AMBIGUOUS = "ambiguous"  # more than one record fits


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Hold what is known of a record: its newest marks of each kind, those before them, and whether it is alive.

    is_paper: no agent has ever spoken for it; it was entered or imported by a person. life: from when to when each of
    its agents was there, ms since 1970.
    """

    asset: str
    current: frozenset[Mark]
    former: frozenset[Mark] = frozenset()
    alive: Alive = Alive.NO
    is_paper: bool = False
    life: tuple[tuple[int, int], ...] = ()


class Evidence(NamedTuple):
    """Hold how one kind of mark compares: what arrived and what the record has."""

    kind: MarkKind
    agreement: Agreement
    arrived: tuple[str, ...]
    recorded: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """Hold what the marks say of one record; score in points, confidence from 0 to 1."""

    asset: str
    decision: Decision
    reason: Reason
    score: int
    confidence: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Hold a vote's outcome: asset is the record it speaks of, None for a new device; others are named beside it.

    is_own: the marks belong to the arriving agent's own record, so that what it says may be written there. False
    where another board speaks with the agent's id: nothing of it is written until a person has decided.
    """

    decision: Decision
    reason: Reason
    asset: str | None
    confidence: float
    evidence: tuple[Evidence, ...]
    others: tuple[Opinion, ...] = ()
    is_own: bool = True
