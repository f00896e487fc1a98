"""Compute when things are due, in monotonic seconds. Pure."""

from __future__ import annotations

from typing import Callable

FIRST_RETRY_SECONDS = 1.0
MOST_RETRY_SECONDS = 300.0
STABLE_SECONDS = 60.0
_UNSTABLE_SECONDS = 8.0
_SOME = 8


def next_on_grid(start: float, every: float, now: float) -> float:
    """Return the next point of the grid start + n * every after now: what was slept through is left out."""
    if now < start:
        return start
    return start + every * (int((now - start) // every) + 1)


class BackOff:
    """Tell how long to wait before trying again: doubling, with jitter, and short again once a connection was good.

    Good is one that stood for a minute, or that brought records through before it broke. After some of the latter
    in a row the wait stays at some seconds: two computers with one id would otherwise take turns without end.
    """

    def __init__(self, random: Callable[[], float]) -> None:
        self._random = random
        self._wait = FIRST_RETRY_SECONDS
        self._short_lived = 0

    def next(self, held_seconds: float, *, progressed: bool = False, least: float = 0.0) -> float:
        """Return the seconds to wait after an attempt whose connection held so long (0 when it never stood)."""
        self._short_lived = 0 if held_seconds >= STABLE_SECONDS else self._short_lived + 1
        if self._short_lived == 0:
            self._wait = FIRST_RETRY_SECONDS
        elif progressed:
            self._wait = FIRST_RETRY_SECONDS if self._short_lived <= _SOME else _UNSTABLE_SECONDS
        wait = max(self._wait, least)
        self._wait = min(2 * self._wait, MOST_RETRY_SECONDS)
        return min(wait * (0.5 + self._random()), MOST_RETRY_SECONDS)
