"""Measure what the physical disks do."""

from __future__ import annotations

import re
import sys
from typing import Callable, Dict, List, Optional, Tuple

from machxa_agent import portable
from machxa_agent.probes.probe import Probe, label, read_bytes
from machxa_wire.records import Sample, Series

_MOST = 8  # disks
_FIELDS = 14  # of a line, since Linux 2.6
_SECTOR = 512  # /proc/diskstats counts these, whatever the disk's own sector is
_WHOLE = re.compile(r"(sd|hd|vd|xvd)[a-z]+|nvme[0-9]+n[0-9]+|mmcblk[0-9]+")  # no partition, loop, RAM, mapped or CD


def from_diskstats(text: bytes) -> Tuple[Sample, ...]:
    """Return what each whole disk did since boot: bytes, operations, their time and its own. kernel's iostats.rst.

    The time of operations counts each one's wait: its rate is how many stand in the queue.
    """
    samples: List[Sample] = []
    disks = 0
    for line in text.decode("ascii", "replace").splitlines():
        fields = line.split()
        if len(fields) < _FIELDS or _WHOLE.fullmatch(fields[2]) is None:
            continue
        disks += 1
        if disks > _MOST:
            break
        reads, read_sectors, read_ms, writes, written_sectors, write_ms, busy_ms = (
            int(fields[i]) for i in (3, 5, 6, 7, 9, 10, 12)
        )
        samples += _disk(fields[2], (reads, writes), (read_sectors, written_sectors), (read_ms, write_ms), busy_ms)
    return tuple(samples)


def busy_ms(text: bytes) -> Dict[str, int]:
    """Return the milliseconds since boot in which each whole disk had work."""
    lines = (line.split() for line in text.decode("ascii", "replace").splitlines())
    found = {one[2]: int(one[12]) for one in lines if len(one) >= _FIELDS and _WHOLE.fullmatch(one[2])}
    return dict(list(found.items())[:_MOST])


def from_counters(disks: Tuple[portable.DiskCounters, ...]) -> Tuple[Sample, ...]:
    """Return bytes, operations and their time of each disk from psutil; Windows counts no busy time."""
    samples: List[Sample] = []
    for disk in disks[:_MOST]:
        sectors = (disk.read_bytes // _SECTOR, disk.write_bytes // _SECTOR)
        samples += _disk(disk.name, (disk.reads, disk.writes), sectors, (disk.read_ms, disk.write_ms), None)
    return tuple(samples)


def linux(proc: str = "/proc") -> Callable[[], Tuple[Sample, ...]]:
    """Return a reader of the disks below ``proc``."""
    path = proc + "/diskstats"
    return lambda: from_diskstats(read_bytes(path))


def _disk(
    name: str,
    operations: Tuple[int, int],
    sectors: Tuple[int, int],
    milliseconds: Tuple[int, int],
    busy_ms: Optional[int],
) -> Tuple[Sample, ...]:
    device = ("system.device", label(name))
    read, write = (("disk.io.direction", "read"), device), (("disk.io.direction", "write"), device)
    samples = (
        Sample(Series("system.disk.io", read, _SECTOR), sectors[0]),
        Sample(Series("system.disk.io", write, _SECTOR), sectors[1]),
        Sample(Series("system.disk.operations", read), operations[0]),
        Sample(Series("system.disk.operations", write), operations[1]),
        Sample(Series("system.disk.operation_time", read, 1, 1000), milliseconds[0]),
        Sample(Series("system.disk.operation_time", write, 1, 1000), milliseconds[1]),
    )
    if busy_ms is None:
        return samples
    return (*samples, Sample(Series("system.disk.io_time", (device,), 1, 1000), busy_ms))


PROBE = Probe("disk", linux() if sys.platform == "linux" else lambda: from_counters(portable.disk_counters()))
