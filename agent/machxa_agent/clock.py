"""Tell how long the system has been up, sleep included."""

from __future__ import annotations

import sys
import time


def uptime_ms() -> int:
    """Return milliseconds since some point of this boot, which no setting of the wall clock moves.

    The collector places a record by it, so it must count while a laptop sleeps: Linux's CLOCK_MONOTONIC
    does not, CLOCK_BOOTTIME does; elsewhere the monotonic clock counts it.
    """
    if sys.platform == "linux":
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000
    return time.monotonic_ns() // 1_000_000
