"""Place a record in the centre's time: measured, corrected and marked, never refused. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from machxa_wire.records import Stamp

TOLERANCE_MS = 5000  # a wall clock this near to the centre's is left alone


class Mark(IntEnum):
    """Say how far a stored time may be believed."""

    TRUSTED = 0  # the agent's wall clock agreed with the centre's during that boot
    CORRECTED = 1  # it did not: placed by the monotonic clock of that boot
    UNVERIFIED = 2  # nothing was heard in that boot: the agent's own word


@dataclass(frozen=True, slots=True)
class BootClock:
    """Hold what one hello showed of a boot's clocks, in milliseconds.

    base is the centre's time at which the boot's monotonic clock stood at zero; offset is the
    centre's time minus the agent's wall clock.
    """

    base: int
    offset: int


def measure(stamp: Stamp, received_ms: int) -> BootClock:
    """Return a boot's clocks from a hello's stamp and the centre's time of its arrival."""
    return BootClock(base=received_ms - stamp.mono, offset=received_ms - stamp.time)


def shift(stamp: Stamp, boot: BootClock | None) -> tuple[int, Mark]:
    """Return the milliseconds to add to a record's own time, and how sure that is."""
    if boot is None:
        return 0, Mark.UNVERIFIED
    apart = boot.base + stamp.mono - stamp.time
    if abs(apart) <= TOLERANCE_MS:
        return 0, Mark.TRUSTED
    return apart, Mark.CORRECTED
