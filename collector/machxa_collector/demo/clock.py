"""Let a demonstration's time pass faster than this computer's. Pure but for the monotonic clock it is given."""

from __future__ import annotations

import time
from collections.abc import Callable


class Clock:
    """Tell the demonstration's time: ``begin_ms`` at first, then ``speed`` times as fast as monotonic time.

    speed 0 lets it stand still.
    """

    def __init__(
        self, begin_ms: int, speed: float, monotonic: Callable[[], float] = time.monotonic, zero: float | None = None
    ) -> None:
        """Begin now, or at the monotonic moment zero: another process tells the same time by it."""
        self.begin_ms, self.speed = begin_ms, speed
        self._monotonic = monotonic
        self.zero = monotonic() if zero is None else zero

    def now_ms(self) -> int:
        """Return the time, ms since 1970 UTC."""
        return self.begin_ms + round((self._monotonic() - self.zero) * self.speed * 1000)

    def seconds_until(self, moment_ms: int) -> float:
        """Return after how many real seconds a moment comes; never in a time that stands still."""
        ahead = moment_ms - self.now_ms()
        if ahead <= 0:
            return 0.0
        return ahead / 1000 / self.speed if self.speed else float("inf")
