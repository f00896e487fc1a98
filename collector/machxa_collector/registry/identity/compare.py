"""Compare what arrives with what a record has, kind by kind. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from machxa_collector.registry.identity.values import Agreement, Evidence, Known, Mark, MarkKind
from machxa_collector.registry.identity.weights import BUILT_IN, FIXED, SHARED_BY, points

Compared = Mapping[MarkKind, Evidence]


def compare(arriving: Collection[Mark], known: Known) -> Compared:
    """Return how every kind compares, kinds that neither side has left out."""
    found: dict[MarkKind, Evidence] = {}
    for kind in MarkKind:
        mine, theirs = _values(arriving, kind), _values(known.current, kind)
        if mine or theirs:
            agreement = _agreement(mine, theirs, _values(known.former, kind))
            found[kind] = Evidence(kind, agreement, tuple(sorted(mine)), tuple(sorted(theirs)))
    return found


def score(compared: Compared) -> int:
    """Return the points of a comparison."""
    return sum(points(kind, one.agreement) for kind, one in compared.items())


def agreement(compared: Compared, kind: MarkKind) -> Agreement:
    """Return how one kind compares."""
    return compared[kind].agreement if kind in compared else Agreement.ABSENT


def agreeing(compared: Compared, kinds: Iterable[MarkKind]) -> tuple[MarkKind, ...]:
    """Return those kinds that agree in full."""
    return tuple(kind for kind in kinds if agreement(compared, kind) is Agreement.AGREES)


def disagreeing(compared: Compared, kinds: Iterable[MarkKind]) -> tuple[MarkKind, ...]:
    """Return those kinds that disagree, or agree only with what is there no longer."""
    against = (Agreement.DISAGREES, Agreement.FORMERLY)
    return tuple(kind for kind in kinds if agreement(compared, kind) in against)


def balance(compared: Compared) -> int:
    """Return what of the built-in marks speaks for one board, less what speaks against it."""
    of_one = sum(BUILT_IN[kind] for kind in agreeing(compared, BUILT_IN))
    return of_one - sum(BUILT_IN[kind] for kind in disagreeing(compared, BUILT_IN))


def is_other_board(compared: Compared) -> bool:
    """Return whether two boards were seen: more of what is built in speaks against one board than for it.

    No one mark decides: a UUID can be a whole batch's, and changes when firmware is written anew.
    """
    return balance(compared) < 0


def shared(arriving: Collection[Mark], records: Collection[Known]) -> frozenset[Mark]:
    """Return those arriving marks that SHARED_BY different devices have now, the arriving one among them.

    Records that have another mark of the same kinds in common may be one device, and count once.
    """
    return frozenset(
        mark
        for mark in arriving
        if _different([frozenset(arriving), *(one.current for one in records)], mark) >= SHARED_BY
    )


def without(known: Known, marks: frozenset[Mark]) -> Known:
    """Return a record without some marks."""
    return replace(known, current=known.current - marks, former=known.former - marks)


def _different(holders: Iterable[frozenset[Mark]], mark: Mark) -> int:
    groups: list[frozenset[Mark]] = []
    for marks in holders:
        if mark in marks:
            own = frozenset(one for one in marks if one != mark and one.kind in _TELLING)
            if not any(own & group for group in groups):
                groups.append(own)
    return len(groups)


def _agreement(mine: frozenset[str], theirs: frozenset[str], former: frozenset[str]) -> Agreement:
    if not mine:
        return Agreement.ABSENT
    common = mine & theirs
    if common:
        return Agreement.AGREES if common in (mine, theirs) else Agreement.PARTLY
    if mine & former:
        return Agreement.FORMERLY
    return Agreement.DISAGREES if theirs else Agreement.ABSENT


def _values(marks: Collection[Mark], kind: MarkKind) -> frozenset[str]:
    return frozenset(mark.value for mark in marks if mark.kind is kind)


_TELLING = FIXED | {MarkKind.MAC}  # a disk or an installation in common makes no two boards one
