"""Measure how long work waited for memory and for disks: the kernel's own word for a PC that is too slow."""

from __future__ import annotations

import os
import sys
from typing import Callable, List, Tuple

from machxa_agent.probes.probe import Probe, read_bytes
from machxa_wire.records import Sample, Series

_MICROSECONDS = 1_000_000
_RESOURCES = ("memory", "io")


def from_pressure(resource: str, text: bytes) -> Tuple[Sample, ...]:
    """Return seconds since boot in which some, or all, work stalled for a resource, in microseconds.

    kernel's accounting/psi.rst: "some avg10=0.00 avg60=0.00 avg300=0.00 total=0".
    """
    samples: List[Sample] = []
    for line in text.decode("ascii", "replace").splitlines():
        kind, _, rest = line.partition(" ")
        total = rest.rpartition("total=")[2]
        if kind in ("some", "full") and total.isdigit():
            labels = (("machxa.stall", kind), ("resource", resource))
            samples.append(Sample(Series("machxa.pressure.stall_time", labels, 1, _MICROSECONDS), int(total)))
    return tuple(samples)


def linux(proc: str = "/proc") -> Callable[[], Tuple[Sample, ...]]:
    """Return a reader of what stalls below ``proc``; nothing before Linux 4.20 or where psi=0."""
    folder = proc + "/pressure/"

    def read() -> Tuple[Sample, ...]:
        if not os.path.isdir(folder):  # noqa: PTH112 - a Path costs more than the call
            return ()
        samples: List[Sample] = []
        try:
            for one in _RESOURCES:
                samples += from_pressure(one, read_bytes(folder + one))
        except OSError:  # the folder stays when psi is off, its files refuse
            return ()
        return tuple(samples)

    return read


# Windows has no such count; paging and the disks' queue speak there.
PROBE = Probe("pressure", linux() if sys.platform == "linux" else tuple)
