"""Foresee when a disk is full, from what was used on the days before. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from statistics import median

_DAY_MS = 86_400_000
LEAST_DAYS = 7  # told on, and from the first to the last: less is one download
MOST_DAYS = 30  # looked back
_HORIZON_DAYS = 1095.0  # beyond three years nobody plans, and the line says nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """Hold how fast a disk fills; days_until_full is None when it does not fill, or not within three years."""

    bytes_per_day: float
    days_until_full: float | None


def filling(used: Iterable[tuple[int, int | float]], free_bytes: float, now_ms: int) -> Filling | None:
    """Return how fast a disk fills by the last 30 days, None when they tell of fewer than 7.

    used holds times (ms since 1970 UTC) and bytes, such as the highest of each hour; free_bytes is what is left now.
    Of each day the highest counts. The slope is the median of those between all pairs of days (Theil and Sen), which
    neither a large file that came and went nor one clean-up turns.
    """
    highest: dict[int, float] = {}
    for time, value in used:
        if now_ms - MOST_DAYS * _DAY_MS <= time <= now_ms:
            day = time // _DAY_MS
            highest[day] = max(highest.get(day, value), value)
    days = sorted(highest.items())
    if len(days) < LEAST_DAYS:
        return None
    slope = median((later[1] - one[1]) / (later[0] - one[0]) for one, later in combinations(days, 2))
    left = free_bytes / slope if slope > 0 else None
    return Filling(bytes_per_day=slope, days_until_full=None if left is None or left > _HORIZON_DAYS else left)
