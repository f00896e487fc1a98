"""Measure how the processors spend their time."""

from __future__ import annotations

import os
import sys
from typing import Callable, Dict, Tuple

from machxa_agent import portable
from machxa_agent.probes.probe import Probe, read_bytes
from machxa_wire.records import Sample, Series

_MILLISECONDS = 1000


def from_proc_stat(text: bytes, ticks_per_second: int) -> Tuple[Sample, ...]:
    """Return CPU seconds by mode from /proc/stat's first line, in the kernel's ticks.

    user and nice hold guests' time too; interrupt is hard and soft interrupts together. A mode an old
    kernel does not count has no sample. proc_stat(5).
    """
    words = text[: text.index(b"\n")].split()
    if words[:1] != [b"cpu"]:
        raise ValueError(f"/proc/stat begins with {text[:20]!r}, expected 'cpu'")
    ticks = dict(zip(_FIELDS, map(int, words[1:])))
    if "softirq" in ticks:
        ticks["interrupt"] = ticks.pop("irq") + ticks.pop("softirq")
    return _samples({mode: ticks[mode] for mode in _MODES if mode in ticks}, ticks_per_second)


def from_times(times: portable.CpuTimes) -> Tuple[Sample, ...]:
    """Return CPU seconds by mode from psutil, in milliseconds; Windows counts interrupts within system."""
    seconds = {"user": times.user, "system": times.system, "idle": times.idle}
    return _samples({mode: round(value * _MILLISECONDS) for mode, value in seconds.items()}, _MILLISECONDS)


def linux(proc: str = "/proc") -> Callable[[], Tuple[Sample, ...]]:
    """Return a reader of the processors' times below ``proc``."""
    path = proc + "/stat"
    ticks_per_second = os.sysconf("SC_CLK_TCK")
    return lambda: from_proc_stat(read_bytes(path), ticks_per_second)


def _samples(values: Dict[str, int], divisor: int) -> Tuple[Sample, ...]:
    return tuple(
        Sample(Series("system.cpu.time", (("cpu.mode", mode),), 1, divisor), value) for mode, value in values.items()
    )


_FIELDS = ("user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal")  # guest, guest_nice are in the first
_MODES = ("user", "nice", "system", "idle", "iowait", "interrupt", "steal")

PROBE = Probe("cpu", linux() if sys.platform == "linux" else lambda: from_times(portable.cpu_times()))
