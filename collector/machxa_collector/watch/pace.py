"""Know how long a system's pages usually take, by the hour of the day and by the site, and tell slow by it. Pure."""

from __future__ import annotations

from array import array

_HOUR_MS = 3_600_000
_LOCAL_HOURS = 7
_DAY_HOURS = 24
_LEARN = 0.02  # a value's weight once enough are known: some weeks at a check in five minutes
_FEWEST = 3
_HOUR_FEWEST = 20


class Usual:
    """Hold what one system usually takes: seconds in each hour of the day, over all sites."""

    __slots__ = ("_counts", "_means")

    def __init__(self) -> None:
        """Begin with nothing known."""
        self._means = array("d", [0.0] * _DAY_HOURS)
        self._counts = array("L", [0] * _DAY_HOURS)

    def learn(self, at: int, seconds: float) -> None:
        """Take one page's time while nothing is wrong."""
        hour = _hour(at)
        self._counts[hour] += 1
        self._means[hour] += (seconds - self._means[hour]) * max(_LEARN / 10, 1 / self._counts[hour])

    def hours(self) -> tuple[tuple[float, int], ...]:
        """Return each hour's mean and how many pages it rests on."""
        return tuple(zip(self._means, self._counts, strict=True))

    def restore(self, hours: tuple[tuple[float, int], ...]) -> None:
        """Take what was known before; hours are those of a day."""
        for number, (mean, count) in enumerate(hours[:_DAY_HOURS]):
            self._means[number], self._counts[number] = mean, count

    def at(self, at: int) -> float | None:
        """Return the hour's usual time, else that of all hours known, None before enough is known."""
        hour = _hour(at)
        if self._counts[hour] >= _HOUR_FEWEST:
            return self._means[hour]
        known = sum(self._counts)
        if known < _HOUR_FEWEST:
            return None
        return sum(mean * count for mean, count in zip(self._means, self._counts, strict=True)) / known


class SitePace:
    """Hold one site's own: usual seconds, and whether its last pages were slow, since when."""

    __slots__ = ("count", "last", "mean", "slow_since", "well_since")

    def __init__(self) -> None:
        """Begin with nothing known."""
        self.mean = 0.0
        self.count = 0
        self.last = 0
        self.slow_since: int | None = None
        self.well_since: int | None = None

    def take(self, at: int, seconds: float, usual: float | None, least: float, factor: float) -> bool:
        """Take a page's time; return whether it was slow: more than factor times what is usual, and than least."""
        if at <= self.last:
            return self.slow_since is not None
        self.last = at
        own = self.mean if self.count >= _FEWEST else None
        known = max((one for one in (own, usual) if one is not None), default=None)
        is_slow = known is not None and seconds > least and seconds > factor * known
        if is_slow:
            self.slow_since = at if self.slow_since is None else self.slow_since
            return True
        if self.slow_since is not None:
            self.slow_since, self.well_since = None, at
        self.count += 1
        self.mean += (seconds - self.mean) * max(_LEARN, 1 / self.count)
        return False


def _hour(at: int) -> int:
    return (at // _HOUR_MS + _LOCAL_HOURS) % _DAY_HOURS
