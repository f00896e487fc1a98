"""Know what a check takes at each hour of the day, over four weeks, and tell slow and always-slow by it. Pure.

F10 of the impact model: slow is more than twice what that hour usually takes, and more than three seconds; what was
always slow has a slow baseline, so three quarters of a week's checks under eight seconds are asked for besides.
"""

from __future__ import annotations

from array import array
from collections import deque
from math import exp, log
from statistics import median

HOUR_MS, DAY_MS = 3_600_000, 86_400_000
LOCAL_MS = 7 * HOUR_MS  # hours of the day are Viet Nam's, which has no summer time
DAYS = 28
SLOW_SECONDS, SLOW_FACTOR = 3.0, 2.0
CHRONIC_SECONDS, CHRONIC_SHARE, CHRONIC_DAYS = 8.0, 0.75, 7
_FEWEST_DAYS = 3  # of one hour, before it has a baseline
_FEWEST = 10  # checks of one hour and day, before they have a median
_FEWEST_OF_A_WEEK = 100
_LEAST_SECONDS, _STEP = 0.02, 1.1  # a bucket ends ten percent above the one before
_BUCKETS = 90  # up to 106 s: beyond every check's end


class Baselines:
    """Hold each check's medians of the last four weeks by hour of the day, in some 5 KB a check.

    Times may come late and out of order by hours: a day that is closed takes no more, and tells so by being unchanged.
    """

    def __init__(self) -> None:
        """Begin with nothing known."""
        self._checks: dict[str, _Known] = {}

    def take(self, check: str, at: int, seconds: float) -> None:
        """Take what one good run of a check took in all; at is milliseconds since 1970 UTC."""
        known = self._checks.get(check)
        if known is None:
            known = self._checks[check] = _Known()
        known.take((at + LOCAL_MS) // HOUR_MS, seconds)

    def usual(self, check: str, at: int) -> float | None:
        """Return what the check takes at that hour of the day, in seconds; None before three days of it are known."""
        known = self._checks.get(check)
        return None if known is None else known.usual((at + LOCAL_MS) // HOUR_MS)

    def is_slow(self, check: str, at: int, seconds: float) -> bool | None:
        """Return whether a run was slow for its hour; None where that is not known. Under three seconds none is."""
        if seconds <= SLOW_SECONDS:
            return False
        usual = self.usual(check, at)
        return None if usual is None else seconds > SLOW_FACTOR * usual

    def checks(self) -> tuple[str, ...]:
        """Return the checks of which anything is known."""
        return tuple(sorted(self._checks))

    def chronic_seconds(self, check: str, at: int) -> float | None:
        """Return the time under which three quarters of the last week's runs were, where it is beyond eight seconds.

        None where it is not, and before a hundred runs: a state for the weekly brief, and no alarm.
        """
        known = self._checks.get(check)
        found = None if known is None else known.quarter((at + LOCAL_MS) // DAY_MS)
        return found if found is not None and found > CHRONIC_SECONDS else None


class _Known:
    """Hold one check: medians by hour of the day, the hour that is open, and a week of days."""

    __slots__ = ("_counts", "_days", "_hour", "_hours")

    def __init__(self) -> None:
        self._hour = -1
        self._counts = array("L")
        self._hours: tuple[deque[tuple[int, float]], ...] = tuple(deque(maxlen=DAYS) for _ in range(24))
        self._days: deque[tuple[int, array[int]]] = deque(maxlen=CHRONIC_DAYS + 1)

    def take(self, hour: int, seconds: float) -> None:
        """Count a run under its hour since 1970; an hour that is over takes no more."""
        if hour < self._hour:
            return
        if hour > self._hour:
            self._close()
            self._hour, self._counts = hour, _empty()
            if not self._days or self._days[-1][0] != hour // 24:
                self._days.append((hour // 24, _empty()))
        place = _bucket(seconds)
        self._counts[place] += 1
        self._days[-1][1][place] += 1

    def usual(self, hour: int) -> float | None:
        """Return the median of the days' medians of an hour of the day, of the last four weeks."""
        first = hour // 24 - DAYS
        known = [took for day, took in self._hours[hour % 24] if day >= first]
        return median(known) if len(known) >= _FEWEST_DAYS else None

    def quarter(self, day: int) -> float | None:
        """Return the upper quartile of the last seven days."""
        week = [counts for one, counts in self._days if day - CHRONIC_DAYS <= one <= day]
        summed = array("L", (sum(column) for column in zip(*week, strict=True))) if week else _empty()
        return _under(summed, CHRONIC_SHARE) if sum(summed) >= _FEWEST_OF_A_WEEK else None

    def _close(self) -> None:
        if self._hour >= 0 and sum(self._counts) >= _FEWEST:
            self._hours[self._hour % 24].append((self._hour // 24, _under(self._counts, 0.5)))


def _empty() -> array[int]:
    return array("L", [0] * _BUCKETS)


def _bucket(seconds: float) -> int:
    if seconds <= _LEAST_SECONDS:
        return 0
    return min(_BUCKETS - 1, 1 + int(log(seconds / _LEAST_SECONDS) / log(_STEP)))


def _under(counts: array[int], ratio: float) -> float:
    """Return the middle of the bucket below which a share of the counts lies; right to five percent."""
    wanted, passed = ratio * sum(counts), 0
    for place, count in enumerate(counts):
        passed += count
        if count and passed >= wanted:
            return _LEAST_SECONDS if place == 0 else _LEAST_SECONDS * exp((place - 0.5) * log(_STEP))
    return _LEAST_SECONDS
