"""Say whose turn it is: each device once an interval, spread evenly over it. Pure; monotonic seconds."""

from __future__ import annotations

from typing import List, Optional, Tuple

from machxa_agent.schedule import next_on_grid


class Turns:
    """Hold when each of a number of devices is due."""

    def __init__(self, count: int, every_seconds: float, start: float) -> None:
        self._every = every_seconds
        self._starts = [start + place * every_seconds / count for place in range(count)]
        self._next = list(self._starts)

    def due(self, now: float) -> Tuple[int, ...]:
        """Return who is due, each once: turns that were slept through are left out."""
        found: List[int] = []
        for place, at in enumerate(self._next):
            if at <= now:
                found.append(place)
                self._next[place] = next_on_grid(self._starts[place], self._every, now)
        return tuple(found)

    def sooner(self, place: int, at: float) -> None:
        """Give one a turn at a time before its next, which it keeps."""
        self._next[place] = min(self._next[place], at)

    def next_at(self) -> Optional[float]:
        """Return when somebody is due next, None without devices."""
        return min(self._next, default=None)
