"""Say when an agent is connected, when the broker notices that it is not, and when a record arrives. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from machxa_fleet.drill.lives import Life, is_clean
from machxa_fleet.drill.paths import changeovers
from machxa_fleet.drill.place import Pc, Place
from machxa_fleet.drill.spans import Spans, both, minus, union

_SURVIVES_MS = 40_000  # a connection outlives a shorter silence
_KEEPALIVE_MS = {"gateway": 45_000, "standby": 45_000, "pc": 900_000}
_WILL_DELAY_MS = {"gateway": 5_000, "standby": 5_000, "pc": 60_000}
_LAST_PACKET_MS = {"gateway": 45_000, "standby": 45_000, "pc": 300_000}  # a PC's own samples come every five minutes
_DRAIN_MS = 25  # a record of a backlog, after the one before it
_NEVER = 2**62


@dataclass(frozen=True, slots=True)
class Connection:
    """Hold one connection. lost_at is when the broker publishes the will, None where it never does."""

    start: int
    end: int
    life: Life
    said_bye: bool
    lost_at: int | None


def out(pc: Pc, place: Place, centre_cut: Spans) -> Spans:
    """Return when a PC can reach the centre by any path."""
    closed = place.closed[place.paths[0]]
    for path in place.paths[1:]:
        closed = both(closed, place.closed[path])
    closed = union(closed, changeovers(place), pc.lan_lost, centre_cut)
    return minus(pc.runs(), closed)


def connections(pc: Pc, place: Place, centre_cut: Spans, begin: int, chance: Random) -> tuple[Connection, ...]:
    """Return an agent's connections in order."""
    reachable, found = out(pc, place, centre_cut), []
    for life in pc.lives:
        for start, end in _held(both(reachable, ((life.start, life.end),))):
            delay = _delay(life, start, chance)
            at = start if start <= begin else min(start + delay, end - 1)
            if end - at > 1:
                found.append((at, end, life))
    return tuple(_noticed(found, pc.role, chance))


class Delivery:
    """Tell when records arrive, asked in the order they were made."""

    def __init__(self, held: tuple[Connection, ...], breaks: Spans, chance: Random) -> None:
        """Take an agent's connections and the silences within them that they outlive."""
        self._starts = [one.start for one in held]
        self._held = held
        self._breaks = breaks
        self._chance = chance
        self._last = 0

    def of(self, made: int) -> int:
        """Return when a record arrives that was made then; far beyond any drill if never."""
        at = bisect_right(self._starts, made) - 1
        if at >= 0 and made < self._held[at].end:
            free = self._after_breaks(made) + 40 + round(260 * self._chance.random())
        elif at + 1 < len(self._held):
            free = self._held[at + 1].start + 1000 + round(1500 * self._chance.random())
        else:
            free = _NEVER
        self._last = max(free, self._last + _DRAIN_MS)
        return self._last

    def _after_breaks(self, made: int) -> int:
        at = bisect_right(self._breaks, (made, _NEVER)) - 1
        if at >= 0 and made < self._breaks[at][1]:
            return self._breaks[at][1] + 500
        return made


def _held(spans: Spans) -> Iterator[tuple[int, int]]:
    """Yield the reachable stretches of one run, those joined that a connection outlives the silence between."""
    start, end = None, 0
    for first, last in spans:
        if start is None:
            start, end = first, last
        elif first - end < _SURVIVES_MS:
            end = last
        else:
            yield start, end
            start, end = first, last
    if start is not None:
        yield start, end


def _delay(life: Life, start: int, chance: Random) -> int:
    if start > life.start:
        return 2_000 + round(23_000 * chance.random())  # its next try
    return (3_000 if life.woke else 20_000) + round((12_000 if life.woke else 40_000) * chance.random())


def _noticed(found: list[tuple[int, int, Life]], role: str, chance: Random) -> Iterator[Connection]:
    for number, (start, end, life) in enumerate(found):
        said_bye = end == life.end and is_clean(life.ended)
        silent = end - round(chance.random() * min(_LAST_PACKET_MS[role], end - start))
        lost_at = silent + _KEEPALIVE_MS[role] * 3 // 2 + _WILL_DELAY_MS[role]
        is_back = number + 1 < len(found) and found[number + 1][0] < lost_at
        yield Connection(start, end, life, said_bye, None if said_bye or is_back else lost_at)
