"""Count a system's checks and failures by the minute, for half an hour. Pure."""

from __future__ import annotations

from math import sqrt

MINUTE_MS = 60_000
_WINDOWS = (10, 20, 30)  # minutes
_KEPT = 45
LONGEST_MS = _KEPT * MINUTE_MS  # after the last failure nothing can be told of it any more
_FEWEST = 20
_SURE = 0.15  # the lower bound of a rate told before half an hour is over
_SIGMA = 1.64  # one side of 95 %


class Minute:
    """Hold one minute: checks, failures, by how many sites, and when the first failed (milliseconds since 1970 UTC)."""

    __slots__ = ("checks", "failed", "first", "sites")

    def __init__(self) -> None:
        """Begin empty."""
        self.checks = 0
        self.failed = 0
        self.first: int | None = None
        self.sites: set[str] = set()


class Errors:
    """Tell whether checks fail now and then: at least a share of them in half an hour, or surely as many in less."""

    __slots__ = ("_after", "_minutes", "last_failed")

    def __init__(self, after: int = 0) -> None:
        """Begin with nothing counted; what was checked before a moment is passed over."""
        self._after = after
        self._minutes: dict[int, Minute] = {}
        self.last_failed: int | None = None

    def take(self, site: str, at: int, *, failed: bool) -> None:
        """Count one check; what is older than is kept is passed over."""
        if at < self._after:
            return
        number = at // MINUTE_MS
        minute = self._minutes.get(number)
        if minute is None:
            newest = max(self._minutes, default=number)
            if number <= newest - _KEPT:
                return
            minute = self._minutes[number] = Minute()
            for old in [one for one in self._minutes if one <= max(newest, number) - _KEPT]:
                del self._minutes[old]
        minute.checks += 1
        if failed:
            minute.failed += 1
            minute.sites.add(site)
            minute.first = at if minute.first is None else min(minute.first, at)
            self.last_failed = max(self.last_failed or at, at)

    def since(self, now: int, share: float, sites: int) -> tuple[int, float] | None:
        """Return since when too many fail, at so many sites at least, and the share; None when not too many do."""
        for minutes in _WINDOWS:
            checks, failed, where = self._sums(now, minutes)
            if checks < _FEWEST or len(where) < sites:
                continue
            rate = failed / checks
            bound = rate - _SIGMA * sqrt(rate * (1 - rate) / checks)
            if rate >= share and (minutes == _WINDOWS[-1] or bound >= _SURE):
                return self._began(now, share), rate
        return None

    def rate(self, now: int, minutes: int) -> float | None:
        """Return the share that failed in the last minutes, None without a check."""
        checks, failed, _ = self._sums(now, minutes)
        return failed / checks if checks else None

    def where(self, now: int) -> set[str]:
        """Return where checks failed in the last half hour."""
        return self._sums(now, _WINDOWS[-1])[2]

    def _sums(self, now: int, minutes: int) -> tuple[int, int, set[str]]:
        last = now // MINUTE_MS
        found = [self._minutes[one] for one in range(last - minutes, last + 1) if one in self._minutes]
        where: set[str] = set().union(*(one.sites for one in found))
        return sum(one.checks for one in found), sum(one.failed for one in found), where

    def _began(self, now: int, share: float) -> int:
        """Return the first failure of the stretch that stands out most: the greatest sum above half the share."""
        began, height, highest = now, 0.0, 0.0
        for number in sorted((one for one in self._minutes if one <= now // MINUTE_MS), reverse=True):
            minute = self._minutes[number]
            height += minute.failed - share / 2 * minute.checks
            if height > highest and minute.first is not None:
                began, highest = minute.first, height
        return began
