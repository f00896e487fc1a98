"""Judge whether an agent still speaks from the device of its own record. Pure.

An agent's id is a file on a disk: the disk can be moved, and copied with the whole installation. So the id alone
proves nothing once another board is seen.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from machxa_collector.registry.identity.compare import (
    Compared,
    agreeing,
    agreement,
    balance,
    compare,
    disagreeing,
    is_other_board,
    score,
)
from machxa_collector.registry.identity.values import Agreement, Decision, Known, Mark, MarkKind, Opinion, Reason
from machxa_collector.registry.identity.weights import BOUND, BUILT_IN, SAME

_CERTAIN = 1.0


def judge_own(
    arriving: Collection[Mark], own: Known, claims: Mapping[str, Compared], *, seen_since_doubt: bool = False
) -> Opinion:
    """Return SAME while the board is as before, or was replaced in the same case; else CLONE or CONFLICT.

    claims: other records whose board is the one that arrives. seen_since_doubt: after another board spoke with this
    agent's id, the recorded one was heard again, so there are two. A replaced board is believed when installation
    and disk are as before and, besides them, a part that does not go with a disk: case, adapter or memory.
    """
    compared = compare(arriving, own)
    is_near = not is_other_board(compared) and not _is_outdone(compared, claims)
    if not own.current or is_near:
        return _opinion(own, compared, Decision.SAME, Reason.CONTINUES)
    if seen_since_doubt:
        return _opinion(own, compared, Decision.CLONE, Reason.COPIED)
    if claims:
        copied = _is_other(compared, MarkKind.DISK)
        decision = Decision.CLONE if copied else Decision.CONFLICT
        return _opinion(own, compared, decision, Reason.COPIED if copied else Reason.STANDS_IN_ANOTHER)
    if _is_replaced(compared):
        return _opinion(own, compared, Decision.SAME, Reason.BOARD_REPLACED)
    if _is_other(compared, MarkKind.DISK) and not agreeing(compared, (MarkKind.SERIAL, MarkKind.MEMORY)):
        return _opinion(own, compared, Decision.CLONE, Reason.COPIED)
    return _opinion(own, compared, Decision.CONFLICT, Reason.BOARD_IN_DOUBT)


def confidence(compared: Compared, points: int) -> float:
    """Return the points as a share of what SAME asks for, from 0 to 1."""
    return round(min(_CERTAIN, max(0.0, points / (2 * SAME))), 2) if compared else 0.0


def _is_outdone(compared: Compared, claims: Mapping[str, Compared]) -> bool:
    """Return whether the own board is not quite the one that arrives, and another record's is more so."""
    nearest = max((balance(found) for found in claims.values()), default=0)
    return bool(disagreeing(compared, BUILT_IN)) and nearest > balance(compared)


def _is_replaced(compared: Compared) -> bool:
    if not agreeing(compared, (MarkKind.MACHINE,)) or _is_other(compared, MarkKind.DISK):
        return False
    if _is_other(compared, MarkKind.SERIAL):
        return False
    return bool(agreeing(compared, (*_BESIDE_THE_DISK,)))


def _is_other(compared: Compared, kind: MarkKind) -> bool:
    return agreement(compared, kind) in (Agreement.DISAGREES, Agreement.FORMERLY)


def _opinion(own: Known, compared: Compared, decision: Decision, reason: Reason) -> Opinion:
    points = score(compared)
    sure = _CERTAIN if reason is Reason.CONTINUES else confidence(compared, points)
    if decision is Decision.CLONE:
        sure = _CERTAIN
    return Opinion(
        asset=own.asset,
        decision=decision,
        reason=reason,
        score=points,
        confidence=sure,
        evidence=tuple(compared.values()),
    )


_BESIDE_THE_DISK = (BOUND - {MarkKind.UUID}) | {MarkKind.MEMORY}
