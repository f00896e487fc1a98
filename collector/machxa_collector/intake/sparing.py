"""Say a thing that repeats once a minute, so that a fault fills no log."""

from __future__ import annotations

import time
from collections.abc import Callable

EVERY_SECONDS = 60.0


class Sparing:
    """Let one message of a kind through a minute; kinds are our own words, so there are few."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._said: dict[str, float] = {}
        self._held: dict[str, int] = {}

    def due(self, kind: str) -> int | None:
        """Return None when it was said within a minute, else how often it was held back since."""
        now = self._monotonic()
        if now - self._said.get(kind, float("-inf")) < EVERY_SECONDS:
            self._held[kind] = self._held.get(kind, 0) + 1
            return None
        self._said[kind] = now
        return self._held.pop(kind, 0)

    def over(self, kind: str) -> None:
        """Say it at once when it begins again."""
        self._said.pop(kind, None)
        self._held.pop(kind, None)
