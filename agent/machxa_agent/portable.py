"""Ask psutil, on the systems whose kernel has no readable /proc: the only module that imports it.

On Linux the probes read /proc and /sys themselves, so the agent there never loads psutil (3.9 MB).
Every function returns plain values and raises OSError where psutil does.
"""

# ruff: noqa: PLC0415 - imported at the first call, so that Linux never pays for it

from __future__ import annotations

import socket
import sys
from typing import NamedTuple, Optional, Tuple

_FULL_DUPLEX = 2


class CpuTimes(NamedTuple):
    """Hold seconds since boot over all processors; on Windows system includes interrupts."""

    user: float
    system: float
    idle: float


class Memory(NamedTuple):
    """Hold bytes of physical memory."""

    total: int
    available: int


class Swap(NamedTuple):
    """Hold bytes of the page file."""

    used: int
    free: int


class Volume(NamedTuple):
    """Hold a mounted local file system."""

    device: str
    mountpoint: str
    filesystem: str


class Usage(NamedTuple):
    """Hold bytes of one file system."""

    used: int
    free: int


class DiskCounters(NamedTuple):
    """Hold what one physical disk did since boot."""

    name: str
    reads: int
    writes: int
    read_bytes: int
    write_bytes: int
    read_ms: int
    write_ms: int


class Interface(NamedTuple):
    """Hold one network interface: counters since boot, link state, speed (0 when not known), duplex (None likewise)."""

    name: str
    received_bytes: int
    sent_bytes: int
    receive_errors: int
    send_errors: int
    receive_drops: int
    send_drops: int
    is_up: Optional[bool]
    megabits: int
    is_full_duplex: Optional[bool] = None


class Battery(NamedTuple):
    """Hold the battery: percent, seconds left (negative when not known), whether the mains feed it."""

    percent: float
    seconds_left: int
    plugged: Optional[bool]


class Self(NamedTuple):
    """Hold what this process has used: CPU seconds, resident bytes."""

    user: float
    system: float
    resident_bytes: int


def cpu_times() -> CpuTimes:
    """Return the processors' times."""
    import psutil

    read = psutil.cpu_times()
    return CpuTimes(read.user, read.system, read.idle)


def memory() -> Memory:
    """Return physical memory."""
    import psutil

    read = psutil.virtual_memory()
    return Memory(read.total, read.available)


def swap() -> Swap:
    """Return the page file."""
    import psutil

    read = psutil.swap_memory()
    return Swap(read.used, read.free)


def volumes() -> Tuple[Volume, ...]:
    """Return the fixed local file systems: no network drive, no CD, no stick that comes and goes."""
    import psutil

    fixed = (part for part in psutil.disk_partitions(all=False) if _is_fixed(part.opts))
    return tuple(Volume(part.device, part.mountpoint, part.fstype) for part in fixed)


def usage(mountpoint: str) -> Usage:
    """Return how full a file system is."""
    import psutil

    read = psutil.disk_usage(mountpoint)
    return Usage(read.used, read.free)


def disk_counters() -> Tuple[DiskCounters, ...]:
    """Return the physical disks' counters; empty where Windows does not count them (diskperf -n)."""
    import psutil

    read = psutil.disk_io_counters(perdisk=True) or {}
    return tuple(
        DiskCounters(
            name,
            disk.read_count,
            disk.write_count,
            disk.read_bytes,
            disk.write_bytes,
            int(disk.read_time),
            int(disk.write_time),
        )
        for name, disk in sorted(read.items())
    )


def interfaces() -> Tuple[Interface, ...]:
    """Return the network interfaces."""
    import psutil

    states = psutil.net_if_stats()
    found = []
    for name, io in sorted((psutil.net_io_counters(pernic=True) or {}).items()):
        state = states.get(name)
        counters = (io.bytes_recv, io.bytes_sent, io.errin, io.errout, io.dropin, io.dropout)
        duplex = int(state.duplex) if state else 0  # psutil: 2 full, 1 half, 0 not known
        found.append(
            Interface(
                name,
                *counters,
                state.isup if state else None,
                state.speed if state else 0,
                None if duplex == 0 else duplex == _FULL_DUPLEX,
            )
        )
    return tuple(found)


def addresses() -> Tuple[Tuple[str, str], ...]:
    """Return each interface's name and hardware address."""
    import psutil

    family = int(psutil.AF_LINK)
    return tuple(
        (name, address.address.replace("-", ":").lower())
        for name, every in sorted(psutil.net_if_addrs().items())
        for address in every
        if address.family == family
    )


def networks() -> Tuple[Tuple[str, str], ...]:
    """Return the IPv4 address and mask of each interface that has one."""
    import psutil

    return tuple(
        (address.address, address.netmask)
        for every in psutil.net_if_addrs().values()
        for address in every
        if address.family == socket.AF_INET and address.netmask
    )


def boot_time() -> float:
    """Return when the system started, seconds since 1970."""
    import psutil

    return psutil.boot_time()


def battery() -> Optional[Battery]:
    """Return the battery, None when there is none."""
    import psutil

    read = psutil.sensors_battery() if hasattr(psutil, "sensors_battery") else None
    return Battery(read.percent, int(read.secsleft), read.power_plugged) if read else None


def physical_cores() -> Optional[int]:
    """Return how many processor cores there are, None when not known."""
    import psutil

    return psutil.cpu_count(logical=False)


def this_process() -> Self:
    """Return what this process has used."""
    import psutil

    process = psutil.Process()
    times = process.cpu_times()
    return Self(times.user, times.system, process.memory_info().rss)


def _is_fixed(options: str) -> bool:
    """Tell whether psutil's mount options name a fixed disk; only Windows says."""
    kinds = options.split(",")
    return not {"cdrom", "removable", "remote"}.intersection(kinds)


def started(pid: int) -> Optional[float]:
    """Return when a process was started, in seconds since 1970, None where there is none or it cannot be told."""
    import psutil

    try:
        return float(psutil.Process(pid).create_time())
    except psutil.Error:
        return None


def named(program: str) -> Tuple[Tuple[int, float], ...]:
    """Return id and start of each process of a name, whatever its letters' case: a walk of all processes."""
    import psutil

    rows = [one.info for one in psutil.process_iter(["pid", "name", "create_time"])]
    return tuple(
        (row["pid"], row["create_time"])
        for row in rows
        if row["create_time"] is not None and (row["name"] or "").lower() == program.lower()
    )


def service(name: str) -> Optional[Tuple[bool, Optional[int]]]:
    """Return whether a Windows service runs and its process, None where there is none or it cannot be told."""
    import psutil

    if sys.platform != "win32":
        return None
    try:
        found = psutil.win_service_get(name)
        return found.status() == "running", found.pid()
    except psutil.Error:
        return None
