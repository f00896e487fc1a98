"""Count the minutes in which this computer kept its user waiting: it paged heavily, or a disk was busy throughout."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from typing import Callable, Dict, Mapping, Optional, Tuple

from machxa_agent import portable
from machxa_agent.clock import uptime_ms
from machxa_agent.probes.disk import busy_ms
from machxa_agent.probes.probe import Probe, read_bytes
from machxa_agent.probes.swap import pages_moved
from machxa_wire.records import Sample, Series

SETTLED_SECONDS = 1800.0  # after a boot everything is slow, and known to be
_BUSY_RATIO = 0.8
_QUEUE = 2.0  # operations waiting in the mean; Windows counts no busy time
_PAGES_PER_SECOND = 200.0  # 0.8 MB/s in and out, a third of what an old hard disk can page
_SHORTEST_SECONDS, _LONGEST_SECONDS = 30.0, 600.0


@dataclass(frozen=True)
class Load:
    """Hold counters since boot; None where this system has none. at and up are seconds on a clock nobody sets.

    disk_ms is the busy time of each disk; with is_queue, as on Windows, that of all its operations.
    """

    at: float
    up: float
    disk_ms: Mapping[str, int]
    pages: Optional[int]
    is_queue: bool = False


def causes(before: Load, now: Load) -> Optional[Tuple[str, ...]]:
    """Return why the time between two readings was slow, () when it was not, None when it cannot be judged.

    That is the first half hour after a boot, a counter that fell, and a span that is no minute: the computer slept.
    Neither who used it nor with what is asked, nor whether anybody did.
    """
    seconds = now.at - before.at
    if before.up < SETTLED_SECONDS or not _SHORTEST_SECONDS <= seconds <= _LONGEST_SECONDS:
        return None
    found = []
    shares = [now.disk_ms[name] - before.disk_ms[name] for name in now.disk_ms if name in before.disk_ms]
    if min(shares, default=0) < 0:
        return None
    if max(shares, default=0) / 1000 > seconds * (_QUEUE if now.is_queue else _BUSY_RATIO):
        found.append("disk")
    if now.pages is not None and before.pages is not None:
        if now.pages < before.pages:
            return None
        if (now.pages - before.pages) / seconds > _PAGES_PER_SECOND:
            found.append("paging")
    return tuple(found)


class SlowTime:
    """Add up the slow time since the agent started, by cause, and the time judged at all."""

    def __init__(self, load: Callable[[], Load]) -> None:
        self._load = load
        self._before: Optional[Load] = None
        self._seconds: Dict[str, float] = {"judged": 0.0, "disk": 0.0, "paging": 0.0}

    def read(self) -> Tuple[Sample, ...]:
        """Return whole seconds of slow time, and of time judged at all: that is 0 until half an hour after boot."""
        before, now = self._before, self._load()
        self._before = now
        found = None if before is None else causes(before, now)
        if before is not None and found is not None:
            for name in ("judged", *found):
                self._seconds[name] += now.at - before.at
        return tuple(
            Sample(Series("machxa.slow.time", (("machxa.slow.cause", name),)), round(seconds))
            for name, seconds in self._seconds.items()
        )


def linux(proc: str = "/proc", clock: Callable[[], float] = time.monotonic) -> Callable[[], Load]:
    """Return a reader of the load below ``proc``."""

    def read() -> Load:
        disks = busy_ms(read_bytes(proc + "/diskstats"))
        return Load(clock(), uptime_ms() / 1000, disks, pages_moved(read_bytes(proc + "/vmstat")))

    return read


def from_counters(disks: Tuple[portable.DiskCounters, ...], at: float, up: float) -> Load:
    """Return the load from psutil, which counts no pages moved on Windows."""
    return Load(at, up, {one.name: one.read_ms + one.write_ms for one in disks}, None, is_queue=True)


def _elsewhere() -> Load:
    return from_counters(portable.disk_counters(), time.monotonic(), uptime_ms() / 1000)


PROBE = Probe("slow", SlowTime(linux() if sys.platform == "linux" else _elsewhere).read)
