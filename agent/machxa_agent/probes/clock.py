"""Measure how wrong this computer's clock is: a dead CMOS battery shows here first."""

from __future__ import annotations

import time
from typing import Callable, Optional, Tuple

from machxa_agent.probes.probe import Probe
from machxa_wire.records import Sample, Series

_MILLISECONDS = 1000


def offset(centre_s: Optional[float], now_s: float) -> Tuple[Sample, ...]:
    """Return how far this clock is ahead of the centre's, in milliseconds; nothing before the centre told its time.

    The centre's time is that of its last acknowledgement, carried on by a clock nobody sets; its way here, some
    tenths of a second on a bad line, is part of the answer.
    """
    if centre_s is None:
        return ()
    series = Series("machxa.clock.offset", (), 1, _MILLISECONDS)
    return (Sample(series, round((now_s - centre_s) * _MILLISECONDS)),)


def clock_probe(centre_s: Callable[[float], Optional[float]]) -> Probe:
    """Return a probe of the offset; centre_s gives the centre's time for a monotonic one. Not in PROBES."""
    return Probe("clock", lambda: offset(centre_s(time.monotonic()), time.time()), every=10, after=2)
