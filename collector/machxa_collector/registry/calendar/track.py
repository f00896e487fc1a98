"""Measure working time inside one compiled year by two look-ups: where a moment lies, what had passed by then. Pure."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from machxa_collector.registry.calendar.plan import IndexedLayer, plan_day
from machxa_collector.registry.calendar.rows import DAY_SECONDS, Hours

MICRO = 1_000_000


class Track:
    """Hold the sessions of one year as sorted starts and, beside each, the working time before it.

    Seconds count from the year's first local midnight; four bytes each. Results are whole microseconds.
    """

    __slots__ = ("_before", "_starts", "total")

    def __init__(self, sessions: Iterable[tuple[int, int]]) -> None:
        """Take (start, end) in seconds of the year, in order and apart."""
        self._starts = array("i")
        self._before = array("i", [0])  # one longer: the last is the year's whole
        for start, end in sessions:
            self._starts.append(start)
            self._before.append(self._before[-1] + end - start)
        self.total = self._before[-1] * MICRO

    def passed(self, second: int, micro: int) -> int:
        """Return the working time from the start of the year to a moment."""
        at = bisect_right(self._starts, second) - 1
        if at < 0:
            return 0
        before = self._before[at]
        since_start = (second - self._starts[at]) * MICRO + micro
        return before * MICRO + min(since_start, (self._before[at + 1] - before) * MICRO)

    def moment(self, passed: int) -> int:
        """Return the earliest moment, in microseconds of the year, by which so much has passed: 0 < passed <= total."""
        at = bisect_left(self._before, -(-passed // MICRO)) - 1
        return (self._starts[at] - self._before[at]) * MICRO + passed


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledYear:
    """Hold both clocks of one year; one object when nothing is declared."""

    official: Track
    actual: Track


def compile_year(layers: Sequence[IndexedLayer], year: int) -> CompiledYear:
    """Plan each day of a year; layers come nearest owner first."""
    official: list[tuple[int, int]] = []
    actual: list[tuple[int, int]] = []
    first = date(year, 1, 1)
    for n in range((date(year + 1, 1, 1) - first).days):
        plan = plan_day(layers, first + timedelta(days=n))
        official += _shifted(plan.official, n * DAY_SECONDS)
        actual += _shifted(plan.actual, n * DAY_SECONDS)
    track = Track(official)
    return CompiledYear(official=track, actual=track if actual == official else Track(actual))


def _shifted(hours: Hours, by: int) -> Iterable[tuple[int, int]]:
    return ((start + by, end + by) for start, end in hours)
