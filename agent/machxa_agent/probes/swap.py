"""Measure swap space and how much moves through it: a PC that pages is short of memory."""

from __future__ import annotations

import sys
from typing import Callable, Optional, Tuple

from machxa_agent import portable
from machxa_agent.probes.memory import meminfo
from machxa_agent.probes.probe import Probe, read_bytes
from machxa_wire.records import Sample, Series

_KIB = 1024


def from_proc(meminfo_text: bytes, vmstat_text: bytes) -> Tuple[Sample, ...]:
    """Return swap in use, and pages moved since boot; without swap both states are a measured 0."""
    kib = meminfo(meminfo_text, (b"SwapTotal", b"SwapFree"))
    moved = tuple(
        Sample(_operations(direction), count)
        for direction, count in (("in", _counter(vmstat_text, b"pswpin")), ("out", _counter(vmstat_text, b"pswpout")))
        if count is not None  # a kernel built without swap
    )
    return _usage(kib[b"SwapTotal"] - kib[b"SwapFree"], kib[b"SwapFree"]) + moved


def from_swap(swap: portable.Swap) -> Tuple[Sample, ...]:
    """Return the page file in use from psutil, which counts no pages moved on Windows."""
    return _usage(swap.used // _KIB, swap.free // _KIB)


def pages_moved(vmstat_text: bytes) -> Optional[int]:
    """Return the pages moved in and out since boot, None where the kernel was built without swap."""
    counts = [_counter(vmstat_text, name) for name in (b"pswpin", b"pswpout")]
    known = [one for one in counts if one is not None]
    return sum(known) if known else None


def linux(proc: str = "/proc") -> Callable[[], Tuple[Sample, ...]]:
    """Return a reader of swap below ``proc``."""
    return lambda: from_proc(read_bytes(proc + "/meminfo"), read_bytes(proc + "/vmstat"))


def _counter(vmstat: bytes, name: bytes) -> Optional[int]:
    """Return one counter of /proc/vmstat; found by searching, since the file has 180 lines."""
    start = vmstat.find(b"\n" + name + b" ")
    if start < 0:
        return None
    start += len(name) + 2
    return int(vmstat[start : vmstat.index(b"\n", start)])


def _usage(used: int, free: int) -> Tuple[Sample, ...]:
    return tuple(
        Sample(Series("system.paging.usage", (("system.paging.state", state),), _KIB), value)
        for state, value in (("used", used), ("free", free))
    )


def _operations(direction: str) -> Series:
    return Series(
        "system.paging.operations", (("system.paging.direction", direction), ("system.paging.fault.type", "major"))
    )


PROBE = Probe("swap", linux() if sys.platform == "linux" else lambda: from_swap(portable.swap()))
