"""Say what each kind of mark weighs in a vote. Pure.

Points, chosen so that no single part makes two records one device, that board and case outweigh all that can be
carried away, and that a moved disk with everything installed on it never reaches SAME. Tried on generated histories
(docs/decisions/018-identity.md).
"""

from __future__ import annotations

from typing import NamedTuple

from machxa_collector.registry.identity.values import Agreement, MarkKind

SAME = 7  # points from which a record is the same device, if also a mark of BOUND agrees
MARGIN = 5  # points by which the record that fits is ahead of any that may: a built-in adapter's worth
DOUBT = 3  # points from which a person is asked
SHARED_BY = 3  # different devices that have a value at the same time: from then on it counts nothing
BOUND = frozenset({MarkKind.UUID, MarkKind.BOARD, MarkKind.SERIAL, MarkKind.MAC})  # what stays when a disk goes
FIXED = frozenset({MarkKind.UUID, MarkKind.BOARD, MarkKind.SERIAL})  # a device has one; two differ: two boards

BUILT_IN = {  # what speaks for and against one board, when an agent's own record is doubted
    MarkKind.UUID: 4,
    MarkKind.BOARD: 3,
    MarkKind.SERIAL: 3,
    MarkKind.MAC: 3,
    MarkKind.MEMORY: 2,
}


class Weight(NamedTuple):
    """Hold the points of one kind by how it compares; FORMERLY and ABSENT weigh nothing."""

    agrees: int
    partly: int
    disagrees: int


WEIGHTS: dict[MarkKind, Weight] = {
    MarkKind.UUID: Weight(6, 0, -8),
    MarkKind.BOARD: Weight(5, 0, -5),
    MarkKind.SERIAL: Weight(5, 0, -6),
    MarkKind.MAC: Weight(5, 2, -1),  # cards are swapped
    MarkKind.DISK: Weight(3, 2, 0),  # disks are swapped with a new installation, which is the common case
    MarkKind.MEMORY: Weight(3, 1, -2),
    MarkKind.MACHINE: Weight(3, 0, 0),  # changes with each installation, and is copied with an image
    MarkKind.DONGLE: Weight(0, 0, 0),  # goes from desk to desk; shown, never counted
}


def points(kind: MarkKind, agreement: Agreement) -> int:
    """Return what one comparison weighs."""
    weight = WEIGHTS[kind]
    return {
        Agreement.AGREES: weight.agrees,
        Agreement.PARTLY: weight.partly,
        Agreement.DISAGREES: weight.disagrees,
    }.get(agreement, 0)
