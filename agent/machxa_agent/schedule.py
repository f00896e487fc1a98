"""Compute when things are due, in monotonic seconds. Pure."""

from __future__ import annotations

from typing import Callable

FIRST_RETRY_SECONDS = 1.0
MOST_RETRY_SECONDS = 300.0
STABLE_SECONDS = 60.0


def next_on_grid(start: float, every: float, now: float) -> float:
    """Return the next point of the grid start + n * every after now: what was slept through is left out."""
    if now < start:
        return start
    return start + every * (int((now - start) // every) + 1)


class BackOff:
    """Tell how long to wait before trying again: doubling, with jitter, and short again after a stable minute."""

    def __init__(self, random: Callable[[], float]) -> None:
        self._random = random
        self._wait = FIRST_RETRY_SECONDS

    def next(self, held_seconds: float, *, least: float = 0.0) -> float:
        """Return the seconds to wait after an attempt whose connection held so long (0 when it never stood)."""
        if held_seconds >= STABLE_SECONDS:
            self._wait = FIRST_RETRY_SECONDS
        wait = max(self._wait, least)
        self._wait = min(2 * self._wait, MOST_RETRY_SECONDS)
        return min(wait * (0.5 + self._random()), MOST_RETRY_SECONDS)
