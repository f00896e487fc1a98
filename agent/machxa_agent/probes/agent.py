"""Measure what this agent itself costs the computer it watches."""

from __future__ import annotations

import os
import sys
from typing import Callable, Tuple

from machxa_agent import portable
from machxa_agent.probes.probe import Probe, read_bytes
from machxa_wire.records import Sample, Series

_MILLISECONDS = 1000


def from_usage(user_seconds: float, system_seconds: float, resident: int, unit_bytes: int) -> Tuple[Sample, ...]:
    """Return CPU time in milliseconds and resident memory counted in units of unit_bytes."""
    seconds = (("user", user_seconds), ("system", system_seconds))
    times = tuple(
        Sample(Series("process.cpu.time", (("cpu.mode", mode),), 1, _MILLISECONDS), round(value * _MILLISECONDS))
        for mode, value in seconds
    )
    return (*times, Sample(Series("process.memory.usage", (), unit_bytes), resident))


def linux(proc: str = "/proc") -> Callable[[], Tuple[Sample, ...]]:
    """Return a reader of this process; getrusage is ten times finer than /proc/self/stat's ticks."""
    import resource  # noqa: PLC0415 - Windows has none

    page_bytes = os.sysconf("SC_PAGE_SIZE")

    def read() -> Tuple[Sample, ...]:
        used = resource.getrusage(resource.RUSAGE_SELF)
        resident_pages = int(read_bytes(proc + "/self/statm").split()[1])
        return from_usage(used.ru_utime, used.ru_stime, resident_pages, page_bytes)

    return read


def _elsewhere() -> Tuple[Sample, ...]:
    used = portable.this_process()
    return from_usage(used.user, used.system, used.resident_bytes, 1)


PROBE = Probe("agent", linux() if sys.platform == "linux" else _elsewhere)
