"""Measure how long the system has run: a PC nobody restarts, or one that restarts by itself."""

from __future__ import annotations

import sys
import time
from typing import Callable, Tuple

from machxa_agent import portable
from machxa_agent.probes.probe import Probe, read_bytes
from machxa_wire.records import Sample, Series


def from_proc_uptime(text: bytes) -> Tuple[Sample, ...]:
    """Return the uptime in the kernel's hundredths of a second, time asleep included. proc_uptime(5)."""
    seconds, _, hundredths = text.split()[0].partition(b".")
    return (Sample(Series("system.uptime", (), 1, 100), int(seconds) * 100 + int(hundredths)),)


def from_boot_time(booted: float, now: float) -> Tuple[Sample, ...]:
    """Return the uptime in whole seconds, all that psutil's boot time is good for."""
    return (Sample(Series("system.uptime"), int(now - booted)),)


def linux(proc: str = "/proc") -> Callable[[], Tuple[Sample, ...]]:
    """Return a reader of the uptime below ``proc``."""
    path = proc + "/uptime"
    return lambda: from_proc_uptime(read_bytes(path))


def _elsewhere() -> Tuple[Sample, ...]:
    return from_boot_time(portable.boot_time(), time.time())  # psutil counts back from the same clock


PROBE = Probe("uptime", linux() if sys.platform == "linux" else _elsewhere)
