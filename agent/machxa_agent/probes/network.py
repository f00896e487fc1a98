"""Measure what the network interfaces carry, lose and are linked at."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from typing import Callable, List, Optional, Tuple

from machxa_agent import portable
from machxa_agent.probes.probe import Probe, label, read_bytes
from machxa_wire.records import Sample, Series

_MOST = 8  # interfaces
_BYTES_PER_MEGABIT = 125000
_COUNTERS = 16  # columns of /proc/net/dev
# What only passes on what another interface has counted already, or leads to a machine within this one.
_INNER = re.compile(
    r"lo[0-9]*|(veth|docker|br|virbr|vnet|ifb|tun|tap|wg|dummy|sit|gre|erspan|tunl|ip6|vmnet|cni|flannel|cali|lx[cd]|bond|team)"
    r".*|.*[.@:].*"
)
_INNER_WINDOWS = re.compile(r"(?i).*(loopback|isatap|teredo|6to4|vethernet|virtualbox|vmware|bluetooth|hyper-v|\*).*")


@dataclass(frozen=True)
class Link:
    """Say how an interface is linked; None where the driver does not tell, as wireless ones do for the speed."""

    is_up: Optional[bool]
    megabits: Optional[int]


def from_net_dev(text: bytes) -> Tuple[Tuple[str, Tuple[int, ...]], ...]:
    """Return the interfaces of /proc/net/dev: name, and bytes, errors, drops, received and then sent."""
    found = []
    for line in text.decode("utf-8", "replace").splitlines()[2:]:
        name, _, rest = line.rpartition(":")
        counters = rest.split()
        if is_outer(name.strip()) and len(counters) >= _COUNTERS:
            found.append((name.strip(), tuple(int(counters[i]) for i in (0, 8, 2, 10, 3, 11))))
    return tuple(sorted(found)[:_MOST])


def is_outer(name: str) -> bool:
    """Tell whether a Linux interface leads out of this machine and is counted nowhere else."""
    return _INNER.fullmatch(name) is None


def interface(name: str, counters: Tuple[int, ...], link: Link) -> Tuple[Sample, ...]:
    """Return one interface's samples; counters are bytes, errors, drops, each received and then sent."""
    named = ("network.interface.name", label(name))
    ways = tuple((named, ("network.io.direction", direction)) for direction in ("receive", "transmit"))
    series = tuple(Series(metric, way) for metric in _COUNTED for way in ways)
    hardware = (("hw.id", label(name)),)
    return (
        *(Sample(one, count) for one, count in zip(series, counters)),
        Sample(Series("hw.network.up", hardware), None if link.is_up is None else int(link.is_up)),
        Sample(Series("hw.network.bandwidth.limit", hardware, _BYTES_PER_MEGABIT), link.megabits),
    )


def link_of(operstate: bytes, speed: bytes) -> Link:
    """Return the link from what /sys/class/net says of it; -1 or nothing is no speed."""
    megabits = int(speed) if speed.strip() else -1
    return Link(_STATES.get(operstate.strip()), megabits if megabits > 0 else None)


def from_interfaces(interfaces: Tuple[portable.Interface, ...]) -> Tuple[Sample, ...]:
    """Return the samples of what psutil lists; Windows says 0 where it knows no speed."""
    outer = [one for one in interfaces if is_outer_windows(one.name)]
    samples: List[Sample] = []
    for one in outer[:_MOST]:
        # received_bytes to send_drops
        samples += interface(one.name, one[1:7], Link(one.is_up, one.megabits or None))
    return tuple(samples)


def is_outer_windows(name: str) -> bool:
    """Tell whether a Windows interface, by its English name, leads out of this machine."""
    return _INNER_WINDOWS.fullmatch(name) is None


def linux(proc: str = "/proc", sys_root: str = "/sys") -> Callable[[], Tuple[Sample, ...]]:
    """Return a reader of the interfaces below ``proc``, with their links below ``sys_root``."""

    def read() -> Tuple[Sample, ...]:
        samples: List[Sample] = []
        for name, counters in from_net_dev(read_bytes(proc + "/net/dev")):
            folder = f"{sys_root}/class/net/{name}/"
            samples += interface(name, counters, link_of(_said(folder + "operstate"), _said(folder + "speed")))
        return tuple(samples)

    return read


def _said(path: str) -> bytes:
    """Return what a file of an interface says, nothing where the driver refuses (a link that is down has no speed)."""
    try:
        return read_bytes(path)
    except OSError:
        return b""


_COUNTED = ("system.network.io", "system.network.errors", "system.network.packet.dropped")
_STATES = {b"up": True, b"down": False, b"lowerlayerdown": False, b"dormant": False}  # RFC 2863; unknown stays None

PROBE = Probe("network", linux() if sys.platform == "linux" else lambda: from_interfaces(portable.interfaces()))
