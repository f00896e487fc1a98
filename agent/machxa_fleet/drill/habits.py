"""Say when people have each PC on: arrival, lunch, evening, Monday's updates. By chance, of which a seed decides."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random

from machxa_fleet.drill.truth import MINUTE

Sessions = Callable[[str, date], Sequence[tuple[int, int]]]  # of a unit's day, in seconds since local midnight
_LOCAL_MS = 7 * 3_600_000
_DAY_MS = 86_400_000
_LUNCH_SECONDS = 45 * 60  # a shorter break is none
_ALWAYS_ON, _LATE, _LUNCH_OFF, _LUNCH_AWAY, _UPDATES = 0.85, 0.1, 0.15, 0.35, 0.6
_MONDAY = 0


@dataclass(frozen=True, slots=True)
class Use:
    """Have a PC on from a moment to another; how says how it ends: "shutdown", "restart" or "sleep"."""

    start: int
    end: int
    how: str


def stays_on(chance: Random) -> bool:
    """Tell whether a gateway that nobody decided about stays on at night."""
    return chance.random() < _ALWAYS_ON


def uses(unit: str, window: tuple[int, int], sessions: Sessions, chance: Random, *, sleeps: bool) -> tuple[Use, ...]:
    """Return when one PC of a unit is on, between two moments and somewhat around them.

    sleeps: it may fall asleep at lunch; one with a role is asked not to.
    """
    return tuple(use for day in _days(window) for use in _day(day, sessions(unit, day), chance, sleeps=sleeps))


def day_and_night(unit: str, window: tuple[int, int], sessions: Sessions, chance: Random) -> tuple[Use, ...]:
    """Return the same for a PC that stays on but for Monday's updates."""
    at, found = window[0] - _DAY_MS, []
    for day in _days(window):
        pause = _updates(day, sessions(unit, day), chance.random(), chance.random())
        if pause is not None and pause[0] > at:
            found.append(Use(at, pause[0], "restart"))
            at = pause[1]
    return (*found, Use(at, window[1] + _DAY_MS, "shutdown"))


def local_day(moment: int) -> date:
    """Return the local date of a moment."""
    return date(1970, 1, 1) + timedelta(days=(moment + _LOCAL_MS) // _DAY_MS)


def midnight(day: date) -> int:
    """Return the moment at which a local day begins."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000) - _LOCAL_MS


def _days(window: tuple[int, int]) -> Iterator[date]:
    first, last = local_day(window[0]) - timedelta(days=1), local_day(window[1]) + timedelta(days=1)
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _updates(day: date, worked: Sequence[tuple[int, int]], whether: float, when: float) -> tuple[int, int] | None:
    """Return from when to when a PC restarts for its updates."""
    if not worked or day.weekday() != _MONDAY or whether >= _UPDATES:
        return None
    down = midnight(day) + worked[0][0] * 1000 + round((5 + 70 * when) * MINUTE)
    return down, down + round((2 + 3 * when) * MINUTE)


def _day(day: date, worked: Sequence[tuple[int, int]], chance: Random, *, sleeps: bool) -> Iterator[Use]:
    arrives, late, whether, when, lunch, leaves, goes = (chance.random() for _ in range(7))  # as many on each day
    if not worked:
        return
    zero = midnight(day)
    at = zero + worked[0][0] * 1000 - round((3 + 17 * arrives - (11 if late < _LATE else 0)) * MINUTE)
    pause = _updates(day, worked, whether, when)
    if pause is not None:
        yield Use(at, pause[0], "restart")
        at = pause[1]
    for (_, ends), (begins, _) in pairwise(worked):
        if begins - ends >= _LUNCH_SECONDS and lunch < (_LUNCH_AWAY if sleeps else _LUNCH_OFF):
            yield Use(
                at, zero + ends * 1000 + round(6 * leaves * MINUTE), "shutdown" if lunch < _LUNCH_OFF else "sleep"
            )
            at = zero + begins * 1000 - round((2 + 13 * leaves) * MINUTE)
    yield Use(at, zero + worked[-1][1] * 1000 + round((1 + 24 * goes) * MINUTE), "shutdown")
