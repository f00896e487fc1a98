"""Decide which device an agent speaks for: the record it has, another one, or a new one. Pure.

A wrong merge is worse than a missed one: it mixes two computers' histories, and nobody sees it. So what is doubtful
is kept apart and told to a person, with what agreed and what did not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, product

from machxa_collector.registry.identity.compare import (
    Compared,
    agreeing,
    agreement,
    compare,
    disagreeing,
    is_other_board,
    score,
    shared,
    without,
)
from machxa_collector.registry.identity.own import confidence, judge_own
from machxa_collector.registry.identity.values import (
    Agreement,
    Alive,
    Decision,
    Known,
    Mark,
    MarkKind,
    Opinion,
    Reason,
    Verdict,
)
from machxa_collector.registry.identity.weights import BOUND, DOUBT, FIXED, MARGIN, SAME

Life = tuple[int, int]


def alive(last_seen: int | None, since: int, now: int, patience: int, *, is_on: bool) -> Alive:
    """Return whether an agent was heard after another was enrolled (since); all in ms since 1970, patience in ms.

    The broker notices a dead agent late, so one that is said to be on may be gone: it is waited for, for so long.
    """
    if last_seen is None:
        return Alive.NO
    if last_seen >= since:
        return Alive.YES
    return Alive.PERHAPS if is_on and now - max(last_seen, since) < patience else Alive.NO


def vote(
    arriving: Collection[Mark],
    own: Known,
    candidates: Collection[Known],
    *,
    is_fresh: bool,
    seen_since_doubt: bool = False,
) -> Verdict:
    """Return whose marks these are.

    own: the record the arriving agent has; is_fresh: this is its first inventory. candidates: other records that have
    one of the marks; those which a person told apart from own are the caller's to leave out.
    seen_since_doubt: see judge_own.
    """
    common = shared(arriving, [own, *candidates])
    counted = frozenset(arriving) - common
    ours = without(own, common)
    known = {one.asset: without(one, common) for one in candidates}
    compared = {asset: compare(counted, one) for asset, one in known.items()}
    claims = {one: found for one, found in compared.items() if agreeing(found, BOUND) and not is_other_board(found)}
    mine = judge_own(counted, ours, claims, seen_since_doubt=seen_since_doubt)
    opinions = sorted((_judge(one, compared[one.asset]) for one in candidates), key=lambda one: (-one.score, one.asset))
    if mine.decision is not Decision.SAME:
        named = tuple(one for one in opinions if one.asset in claims)
        return _verdict(mine, named, is_own=False)
    return _among(mine, opinions, known, is_fresh=is_fresh)


def _among(mine: Opinion, opinions: Sequence[Opinion], known: Mapping[str, Known], *, is_fresh: bool) -> Verdict:
    """Return the outcome where nothing speaks against the agent's own record."""
    same = [one for one in opinions if one.decision is Decision.SAME]
    fitting = [one for one in same if one.reason is not Reason.PAPER] or same
    clones = tuple(one for one in opinions if one.decision is Decision.CLONE)
    doubts = tuple(one for one in opinions if one.decision is Decision.CONFLICT)
    is_one = bool(fitting) and _are_one([known[one.asset] for one in fitting])
    if is_one and not any(_is_rival(one, fitting[0]) for one in doubts):
        return _verdict(fitting[0], clones)
    if fitting:
        asked = [*fitting, *doubts]
        first = replace(
            asked[0], decision=Decision.CONFLICT, reason=Reason.AMBIGUOUS if len(asked) > 1 else asked[0].reason
        )
        return _verdict(
            first, (*(replace(one, decision=Decision.CONFLICT, reason=Reason.AMBIGUOUS) for one in asked[1:]), *clones)
        )
    if doubts or clones:
        first, *others = (*doubts, *clones) if doubts else clones
        return _verdict(first, tuple(others))
    if not is_fresh:
        return _verdict(mine, ())
    gone = [one for one in opinions if known[one.asset].alive is Alive.NO and _has_its_disk(one)]
    if gone:
        return _verdict(replace(gone[0], decision=Decision.CONFLICT, reason=Reason.DISK_MOVED), ())
    reason = Reason.NOT_ENOUGH if opinions else Reason.NOTHING_KNOWN
    return Verdict(decision=Decision.NEW, reason=reason, asset=None, confidence=1.0, evidence=())


def _judge(one: Known, compared: Compared) -> Opinion:
    """Return what the marks say of one other record."""
    points = score(compared)
    decision, reason = _decide(one, compared, points)
    sure = 1.0 if decision in (Decision.CLONE, Decision.NEW) else confidence(compared, points)
    return Opinion(
        asset=one.asset,
        decision=decision,
        reason=reason,
        score=points,
        confidence=sure,
        evidence=tuple(compared.values()),
    )


def _decide(one: Known, compared: Compared, points: int) -> tuple[Decision, Reason]:
    if one.is_paper and agreeing(compared, (MarkKind.SERIAL,)):
        return Decision.SAME, Reason.PAPER
    if _is_copied(compared):
        return (Decision.CLONE, Reason.COPIED) if one.alive is Alive.YES else (Decision.NEW, Reason.NOT_ENOUGH)
    if any(agreement(compared, kind) is Agreement.FORMERLY for kind in FIXED):
        return Decision.CONFLICT, Reason.FORMER_PART
    against = disagreeing(compared, FIXED)
    if points >= SAME and not against and agreeing(compared, BOUND):
        return _if_gone(one)
    if points < DOUBT:
        return Decision.NEW, Reason.NOT_ENOUGH
    return Decision.CONFLICT, Reason.BOARD_DISAGREES if against else Reason.WEAK


def _if_gone(one: Known) -> tuple[Decision, Reason]:
    """Return SAME only if the record's agent has fallen silent: two that speak are two computers."""
    return {
        Alive.NO: (Decision.SAME, Reason.RECOGNIZED),
        Alive.PERHAPS: (Decision.CONFLICT, Reason.PERHAPS_ALIVE),
        Alive.YES: (Decision.CONFLICT, Reason.BOTH_ALIVE),
    }[one.alive]


def _is_copied(compared: Compared) -> bool:
    """Return whether an installation stands on another board with another disk, or one that does not say."""
    if not agreeing(compared, (MarkKind.MACHINE,)) or not is_other_board(compared):
        return False
    carried = (MarkKind.DISK, MarkKind.MEMORY, MarkKind.SERIAL)
    return not any(agreement(compared, kind) in (Agreement.AGREES, Agreement.PARTLY) for kind in carried)


def _is_rival(doubt: Opinion, fitting: Opinion) -> bool:
    """Return whether a doubtful record is too near to the fitting one to be passed over."""
    return doubt.score > fitting.score - MARGIN


def _has_its_disk(one: Opinion) -> bool:
    return any(found.kind is MarkKind.DISK and found.agreement is Agreement.AGREES for found in one.evidence)


def _are_one(known: Collection[Known]) -> bool:
    """Return whether records fit each other, too, and lived one after the other: a device that came back often."""
    return all(_fit(one, other) for one, other in combinations(known, 2))


def _fit(one: Known, other: Known) -> bool:
    compared = compare(one.current, other)
    is_near = score(compared) >= SAME and not disagreeing(compared, FIXED) and bool(agreeing(compared, BOUND))
    apart = all(ends < starts for (starts, _), (_, ends) in _later_first(one.life, other.life))
    return is_near and apart


def _later_first(mine: Sequence[Life], theirs: Sequence[Life]) -> Iterator[tuple[Life, Life]]:
    """Return each pair of lives, the one that began later first."""
    for pair in product(mine, theirs):
        later, earlier = sorted(pair, reverse=True)
        yield later, earlier


def _verdict(first: Opinion, others: tuple[Opinion, ...], *, is_own: bool = True) -> Verdict:
    return Verdict(
        decision=first.decision,
        reason=first.reason,
        asset=first.asset,
        confidence=first.confidence,
        evidence=first.evidence,
        others=others,
        is_own=is_own,
    )
