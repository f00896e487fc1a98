"""Say how available a system, a provider's lines, a unit or a device was in service hours, maintenance apart. Pure.

Times are milliseconds since 1970 UTC, the collector's: the moments at which states became true. Which hours are service
is the caller's to say: official sessions, declared ones besides, or the whole period for clock time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from enum import Enum

Spell = tuple[int, int]  # start and end, start before end


class Count(Enum):
    """Say how a state counts."""

    UP = "up"
    DEGRADED = "degraded"  # works, with loss or delay: counts as available, and is told apart
    DOWN = "down"
    UNKNOWN = "unknown"  # nobody could tell: neither for nor against it
    OFF = "off"  # off on purpose: no service was asked of it


# A login page of a network says nothing of the system behind it; a certificate that is refused keeps people out.
_COUNTS = {
    **dict.fromkeys(("ok", "up", "here", "on"), Count.UP),
    **dict.fromkeys(("slow", "degraded", "saturated", "warning", "intermittent"), Count.DEGRADED),
    **dict.fromkeys(
        ("down", "hang", "error", "untrusted", "lost", "dark", "gone", "blocked", "unreachable"), Count.DOWN
    ),
    **dict.fromkeys(("off", "asleep"), Count.OFF),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Say that something is in a state since a moment, in the words of agents and of the judgement."""

    at: int
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Hold service time by what it was, in milliseconds; the parts but maintenance_ms sum to service_ms.

    maintenance_ms is service time that was announced to be without service: it is no part of service_ms. outages
    counts spells of being down that cost service time, longest_ms is what the longest of them cost.
    """

    service_ms: int = 0
    maintenance_ms: int = 0
    up_ms: int = 0
    degraded_ms: int = 0
    down_ms: int = 0
    unknown_ms: int = 0
    off_ms: int = 0
    outages: int = 0
    longest_ms: int = 0

    @property
    def available_ratio(self) -> float | None:
        """Return the share of known time in which it served, None where nothing is known."""
        known = self.up_ms + self.degraded_ms + self.down_ms
        return (self.up_ms + self.degraded_ms) / known if known else None

    @property
    def known_ratio(self) -> float | None:
        """Return the share of service time of which something is known, None without service time."""
        return 1 - self.unknown_ms / self.service_ms if self.service_ms else None


def counted(state: str) -> Count:
    """Return how a state counts; a word of nobody's is unknown."""
    return _COUNTS.get(state, Count.UNKNOWN)


def share(
    changes: Iterable[Change], period: Spell, service: Sequence[Spell], maintenance: Sequence[Spell] = ()
) -> Share:
    """Return how one subject spent its service time within a period.

    changes come in any order; the last one before the period says how it begins, and before the first all is unknown.
    A state that is said again is one spell. service and maintenance may overlap among themselves, in any order.
    """
    hours = _joined(_cut(service, period))
    planned = _joined(_cut(maintenance, period))
    wanted = _without(hours, planned)
    spent = dict.fromkeys(Count, 0)
    costs = []
    for count, spell in _spells(changes, period):
        cost = sum(end - start for start, end in _common(wanted, spell))
        spent[count] += cost
        if count is Count.DOWN and cost:
            costs.append(cost)
    service_ms = _length(wanted)
    return Share(
        service_ms=service_ms,
        maintenance_ms=_length(hours) - service_ms,
        up_ms=spent[Count.UP],
        degraded_ms=spent[Count.DEGRADED],
        down_ms=spent[Count.DOWN],
        unknown_ms=spent[Count.UNKNOWN],
        off_ms=spent[Count.OFF],
        outages=len(costs),
        longest_ms=max(costs, default=0),
    )


def together(shares: Iterable[Share]) -> Share:
    """Return several shares as one: a system over its sites, a provider over its lines, a unit over its devices.

    Times and outages are added; the longest outage is the longest of any.
    """
    every = tuple(shares)
    summed = {one.name: sum(getattr(part, one.name) for part in every) for one in fields(Share)}
    return Share(**{**summed, "longest_ms": max((one.longest_ms for one in every), default=0)})


def _spells(changes: Iterable[Change], period: Spell) -> Iterator[tuple[Count, Spell]]:
    """Yield the spells of one count each that fill the period."""
    start, count = period[0], Count.UNKNOWN
    for change in sorted(changes, key=lambda one: one.at):
        if change.at >= period[1]:
            break
        following = counted(change.state)
        if following is not count:
            if change.at > start:
                yield count, (start, change.at)
                start = change.at
            count = following
    if start < period[1]:
        yield count, (start, period[1])


def _cut(spells: Iterable[Spell], period: Spell) -> Iterator[Spell]:
    for start, end in spells:
        if start < period[1] and period[0] < end:
            yield max(start, period[0]), min(end, period[1])


def _joined(spells: Iterable[Spell]) -> list[Spell]:
    joined: list[Spell] = []
    for start, end in sorted(spells):
        if start >= end:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _without(spells: Sequence[Spell], holes: Sequence[Spell]) -> list[Spell]:
    left = []
    for start, end in spells:
        begin = start
        for first, last in holes:
            if last <= begin or first >= end:
                continue
            if begin < first:
                left.append((begin, first))
            begin = max(begin, last)
        if begin < end:
            left.append((begin, end))
    return left


def _common(spells: Sequence[Spell], with_spell: Spell) -> Iterator[Spell]:
    return _cut(spells, with_spell)


def _length(spells: Iterable[Spell]) -> int:
    return sum(end - start for start, end in spells)
