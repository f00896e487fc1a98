"""Keep checks within a day's bytes: fewer of them evenly over the day, and none once it is spent. Pure."""

from __future__ import annotations

from typing import Dict, Iterable, Tuple

GATEWAY_BYTES, PC_BYTES = 15_000_000, 1_000_000  # a day
_DAY_SECONDS = 86400
_ASSUMED_BYTES = 3000  # of a check that was never run: a short handshake and a head, and once an hour whole ones
_WEIGHT = 12  # tries, over which a cost is remembered: an hour


class Spending:
    """Count what checks cost, and say how much rarer than wanted they are to be."""

    def __init__(self, day_bytes: int) -> None:
        """Begin with nothing spent."""
        self.day_bytes = day_bytes
        self.day, self.used_bytes, self.total_bytes, self.skipped = "", 0, 0, 0
        self._costs: Dict[str, float] = {}
        self._most: Dict[str, int] = {}

    def cost(self, check: str) -> float:
        """Return what one try of a check costs, by those so far, in bytes."""
        return self._costs.get(check, _ASSUMED_BYTES)

    def spent(self, check: str, cost_bytes: int, day: str) -> None:
        """Count a try; day names the local day, so that a clock set back gains one day's bytes at most."""
        before = self.cost(check)
        self._costs[check] = before + (cost_bytes - before) / _WEIGHT
        self._most[check] = max(cost_bytes, self._most.get(check, 0))
        self._turn(day)
        self.used_bytes += cost_bytes
        self.total_bytes += cost_bytes

    def may_spend(self, check: str, day: str) -> bool:
        """Return whether a try of a check still fits the day; one that does not is counted as skipped."""
        self._turn(day)
        fits = self.used_bytes + max(self.cost(check), self._most.get(check, 0)) <= self.day_bytes
        self.skipped += not fits
        return fits

    def has_room(self, day: str) -> bool:
        """Return whether the day's bytes are not spent yet."""
        self._turn(day)
        return self.used_bytes < self.day_bytes

    def stretch(self, planned: Iterable[Tuple[str, float]]) -> float:
        """Return by how much to lengthen the intervals (check, seconds), 1 where they fit the day as they are."""
        wanted = sum(self.cost(check) * _DAY_SECONDS / seconds for check, seconds in planned)
        return max(1.0, wanted / (0.95 * self.day_bytes))  # second tries and a page that grows need some too

    def _turn(self, day: str) -> None:
        if day != self.day:
            self.day, self.used_bytes = day, 0
