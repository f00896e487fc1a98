"""Count by the hour how each site's checks of each system went. Pure. Times are milliseconds since 1970 UTC."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

HOUR_MS = 3_600_000
_KEPT = 2  # hours before the running one: a batch is minutes late, what comes later is a site's that was cut off
_AHEAD_MS = 60_000
_BITS = 12
_MOST = (1 << _BITS) - 1

HourKey = tuple[str, int]  # a system's id, and whole hours since 1970 UTC


class Counts(NamedTuple):
    """Hold how many results of one site in one hour were well, well but slow, and not well."""

    well: int
    slow: int
    bad: int

    @property
    def total(self) -> int:
        """Return how many results there were."""
        return self.well + self.slow + self.bad


class SystemHours:
    """Count the results of who speaks for each site, taken while the site's own line was well."""

    __slots__ = ("_changed", "_counts")

    def __init__(self) -> None:
        """Begin with nothing counted."""
        self._counts: dict[HourKey, dict[str, int]] = {}  # by unit, three counts in one number: a nation has 200,000
        self._changed: set[HourKey] = set()

    def take(self, system: str, unit: str, well: Mapping[int, bool], slow: Iterable[int], now: int) -> None:
        """Count results by their moments; what is too old, or of tomorrow, is passed over."""
        late, least = set(slow), now // HOUR_MS - _KEPT
        for at, is_well in well.items():
            hour = at // HOUR_MS
            if hour < least or at > now + _AHEAD_MS:
                continue
            key = (system, hour)
            units = self._counts.setdefault(key, {})
            place = 2 if not is_well else 1 if at in late else 0
            packed = units.get(unit, 0)
            if (packed >> _BITS * place) & _MOST < _MOST:
                units[unit] = packed + (1 << _BITS * place)
            self._changed.add(key)

    def take_changed(self, now: int) -> Mapping[HourKey, Mapping[str, Counts]]:
        """Return what changed since the last call, whole, and forget the hours that can change no more."""
        changed, self._changed = self._changed, set()
        told = {key: {unit: _unpacked(packed) for unit, packed in self._counts[key].items()} for key in sorted(changed)}
        least = now // HOUR_MS - _KEPT
        for key in [one for one in self._counts if one[1] < least]:
            del self._counts[key]
        return told

    def again(self, keys: Iterable[HourKey]) -> None:
        """Tell of hours once more at the next call: what was told of them was lost."""
        self._changed |= {key for key in keys if key in self._counts}


def _unpacked(packed: int) -> Counts:
    return Counts(packed & _MOST, (packed >> _BITS) & _MOST, packed >> 2 * _BITS)
