"""Measure physical memory."""

from __future__ import annotations

import sys
from typing import Callable, Dict, Optional, Tuple

from machxa_agent import portable
from machxa_agent.probes.probe import Probe, read_bytes
from machxa_wire.records import Sample, Series

_KIB = 1024  # /proc/meminfo's "kB"; Windows counts in pages of four of them


def from_meminfo(text: bytes) -> Tuple[Sample, ...]:
    """Return memory by state from /proc/meminfo, in KiB.

    cached includes what the slab allocator can give back, as free(1) counts; used is the rest, None when the
    kernel's figures, which are not taken at one instant, leave less than nothing. proc_meminfo(5).
    """
    kib = meminfo(text, _KEYS)
    total, free, buffers = kib[b"MemTotal"], kib[b"MemFree"], kib.get(b"Buffers", 0)
    cached = kib[b"Cached"] + kib.get(b"SReclaimable", 0)
    used = total - free - buffers - cached
    states = {"used": used if used >= 0 else None, "free": free, "cached": cached, "buffers": buffers}
    samples = _usage(states)
    if b"MemAvailable" in kib:  # since Linux 3.14
        samples += (Sample(Series("system.linux.memory.available", (), _KIB), kib[b"MemAvailable"]),)
    return (*samples, Sample(Series("system.memory.limit", (), _KIB), total))


def from_memory(memory: portable.Memory) -> Tuple[Sample, ...]:
    """Return memory by state from psutil; free is what programs can have at once."""
    used = memory.total - memory.available
    samples = _usage({"used": used // _KIB, "free": memory.available // _KIB})
    return (*samples, Sample(Series("system.memory.limit", (), _KIB), memory.total // _KIB))


def meminfo(text: bytes, keys: Tuple[bytes, ...]) -> Dict[bytes, int]:
    """Return the named lines of /proc/meminfo in KiB, those the kernel has."""
    found = {}
    for line in text.splitlines():
        key, _, rest = line.partition(b":")
        if key in keys:
            found[key] = int(rest.split()[0])
    return found


def linux(proc: str = "/proc") -> Callable[[], Tuple[Sample, ...]]:
    """Return a reader of memory below ``proc``."""
    path = proc + "/meminfo"
    return lambda: from_meminfo(read_bytes(path))


def _usage(states: Dict[str, Optional[int]]) -> Tuple[Sample, ...]:
    return tuple(
        Sample(Series("system.memory.usage", (("system.memory.state", state),), _KIB), value)
        for state, value in states.items()
    )


_KEYS = (b"MemTotal", b"MemFree", b"MemAvailable", b"Buffers", b"Cached", b"SReclaimable")

PROBE = Probe("memory", linux() if sys.platform == "linux" else lambda: from_memory(portable.memory()))
