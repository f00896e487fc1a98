"""Decide for all recipients what becomes of what happened, and which messages are made. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from machxa_collector.impact.severity import Severity
from machxa_collector.notify.happening import Happening, Kind, Recipient
from machxa_collector.notify.rules import Before, Verdict, Way, digest_due, fits, verdict

_LATE_MS = 86_400_000  # what was noticed so long ago, while nobody could tell, wakes nobody now


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Hold what was decided before for one recipient and thing told; sent: a message carries it."""

    told: str
    way: Way
    sent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """Say what becomes of one happening for one recipient, and why, in a fixed word."""

    recipient: str
    happening: Happening
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """Hold one message to make: at once or a digest, each incident once. is_last: the budget of the day is used up."""

    recipient: Recipient
    happenings: tuple[Happening, ...]
    is_digest: bool
    is_last: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Hold all decisions of a moment; nowhere counts happenings that were for somebody who is not there."""

    decided: tuple[Decided, ...]
    parcels: tuple[Parcel, ...]
    nowhere: int = 0


@dataclass(slots=True)
class Day:
    """Hold what is known of one recipient: messages of this day, and what was decided, by incident."""

    sent: int = 0
    known: dict[str, tuple[Known, ...]] = field(default_factory=dict)


def digests(
    recipients: Iterable[Recipient],
    waiting: Mapping[str, tuple[int, tuple[Happening, ...]]],
    sent: Mapping[str, int],
    now: int,
) -> tuple[Parcel, ...]:
    """Return the digests that go out now; waiting gives for each recipient since when something waits, and what."""
    made = []
    for one in recipients:
        since, held = waiting.get(one.id, (None, ()))
        if held and digest_due(one.wishes, sent.get(one.id, 0), since, now):
            made.append(Parcel(recipient=one, happenings=newest(held), is_digest=True))
    return tuple(made)


def decide(happenings: Sequence[Happening], recipients: Sequence[Recipient], days: Mapping[str, Day], now: int) -> Plan:
    """Return what becomes of happenings, in their order; one that a recipient was told before is left out.

    days holds every recipient's; those not in it have heard nothing yet. What is told at once goes in one message for
    each recipient; over the budget it waits for the digest, and P1 alone may use what is kept back.
    """
    decided: list[Decided] = []
    parcels: list[Parcel] = []
    there = {one.id for one in recipients}
    nowhere = sum(len(set(one.to) - there) for one in happenings)
    for recipient in recipients:
        day = days.get(recipient.id, Day())
        own = _for_one(happenings, recipient, day, now)
        kept, parcel = _within_budget(own, recipient, day.sent, now)
        decided += kept
        parcels += [parcel] if parcel is not None else []
    return Plan(decided=tuple(decided), parcels=tuple(parcels), nowhere=nowhere)


def newest(happenings: Iterable[Happening]) -> tuple[Happening, ...]:
    """Return each incident once, as it is told last."""
    return tuple({one.incident.id: one for one in happenings}.values())


def _for_one(happenings: Sequence[Happening], recipient: Recipient, day: Day, now: int) -> list[Decided]:
    known = dict(day.known)
    found = []
    for happening in happenings:
        incident = happening.incident.id
        before = known.get(incident, ())
        if any(one.told == happening.key for one in before) or (happening.to and recipient.id not in happening.to):
            continue
        if not recipient.sees(happening.incident):
            if not happening.to:
                continue  # it was never theirs
            judged = Verdict(way=Way.DROPPED, why="not_allowed")
        elif now - happening.at > _LATE_MS:
            judged = Verdict(way=Way.DROPPED, why="too_old")
        else:
            judged = verdict(happening, recipient.wishes, _before(before), now)
        found.append(Decided(recipient=recipient.id, happening=happening, verdict=judged))
        told = Known(told=happening.key, way=judged.way, sent=judged.way is Way.NOW)
        known[incident] = (*before, told)
    return found


def _within_budget(
    own: list[Decided], recipient: Recipient, sent: int, now: int
) -> tuple[list[Decided], Parcel | None]:
    """Return decisions as the day's budget allows, and the message that carries what is told at once."""
    at_once = [one for one in own if one.verdict.way is Way.NOW]
    if not at_once:
        return own, None
    wishes = recipient.wishes
    urgent = [one for one in at_once if one.happening.incident.severity is Severity.P1]
    chosen = at_once if fits(wishes, sent, Severity.P2, now) else urgent
    if chosen is urgent and not (urgent and fits(wishes, sent, Severity.P1, now)):
        chosen = []
    held = {id(one) for one in at_once} - {id(one) for one in chosen}
    later = Verdict(way=Way.LATER, why="budget")
    kept = [replace(one, verdict=later) if id(one) in held else one for one in own]
    if not chosen:
        return kept, None
    is_last = not fits(wishes, sent + 1, Severity.P2, now)
    carried = newest(one.happening for one in chosen)
    return kept, Parcel(recipient=recipient, happenings=carried, is_digest=False, is_last=is_last)


def _before(known: Sequence[Known]) -> Before:
    if any(one.way is Way.NOW for one in known):
        return Before.AT_ONCE
    later = [one for one in known if one.way is Way.LATER]
    if not later:
        return Before.NEVER
    return Before.WAITS if any(not one.sent for one in later) else Before.DIGEST


def kind_of(told: str) -> Kind:
    """Return the kind of what was told, from its key."""
    return Kind(told.rstrip("0123456789"))
