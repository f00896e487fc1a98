"""Place an agent's stamps in the centre's time, boot by boot. Pure."""

from __future__ import annotations

from machxa_collector.intake.clock import BootClock, measure, shift
from machxa_wire.records import Stamp

_MOST_BOOTS = 4


class Placing:
    """Know the clocks of an agent's last boots. Times are milliseconds since 1970 UTC."""

    __slots__ = ("_boots",)

    def __init__(self) -> None:
        """Begin with no boot known: stamps are taken at their word."""
        self._boots: dict[str, BootClock] = {}

    def hello(self, stamp: Stamp, received_at: int) -> None:
        """Learn a boot's clocks; the first hello of a boot, the one least delayed, or one of a set clock counts."""
        seen = measure(stamp, received_at)
        known = self._boots.pop(stamp.boot, None)
        self._boots[stamp.boot] = seen if known is None or seen.base < known.base else known
        while len(self._boots) > _MOST_BOOTS:
            del self._boots[next(iter(self._boots))]

    def at(self, stamp: Stamp, received_at: int) -> int:
        """Return when a stamp was given, never after it was received."""
        return min(stamp.time + shift(stamp, self._boots.get(stamp.boot))[0], received_at)

    def booted(self, stamp: Stamp) -> int:
        """Return when the stamp's boot began."""
        known = self._boots.get(stamp.boot)
        return stamp.time - stamp.mono if known is None else known.base

    def ahead(self, stamp: Stamp) -> int | None:
        """Return by how many milliseconds the agent's clock is ahead of the centre's, None in an unknown boot."""
        known = self._boots.get(stamp.boot)
        return None if known is None else stamp.time - known.base - stamp.mono
