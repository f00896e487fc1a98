"""Measure the way to the gateway and to the province: loss, round trip and jitter, with three small packets."""

from __future__ import annotations

import os
import socket
import struct
import sys
import time
from dataclasses import dataclass
from typing import Callable, Iterable, List, Optional, Sequence, Set, Tuple

from machxa_agent import ping
from machxa_agent.probes.probe import Probe, label, read_bytes
from machxa_wire.records import Sample, Series

_TRIES = 3  # with 56 bytes of IP each way: 4 KB an hour for each anchor at one reading in five minutes
_PAUSE_SECONDS = 0.2
_TIMEOUT_SECONDS = 1.0
_MICROSECONDS = 1_000_000
_GATEWAY_PORT, _PORT = 53, 443
_UP_AND_GATEWAY = 0x3  # RTF_UP, RTF_GATEWAY
_MOST = 4  # anchors
_ROW_NUMBERS, _NEXT_HOP = 14, 3  # ipmib.h: MIB_IPFORWARDROW, dwForwardNextHop


@dataclass(frozen=True)
class Anchor:
    """Name one host to reach; port is asked by TCP where ICMP is not allowed to this user."""

    name: str
    host: str
    port: int = _PORT


Reach = Callable[[Anchor], Optional[float]]


def anchor_of(text: str) -> Anchor:
    """Return the anchor of NAME=HOST or NAME=HOST:PORT; raises ValueError."""
    name, equals, address = text.partition("=")
    host, colon, port = address.partition(":")
    if not equals or not name.strip() or not host or (colon and not (port.isdigit() and 0 < int(port) < 65536)):  # noqa: PLR2004
        raise ValueError(f"anchor {text!r} is not NAME=HOST or NAME=HOST:PORT")
    return Anchor(name.strip(), host, int(port) if colon else _PORT)


def from_route(text: bytes) -> Optional[str]:
    """Return the default gateway of /proc/net/route with the least metric, None without one."""
    found: List[Tuple[int, str]] = []
    for line in text.decode("ascii", "replace").splitlines()[1:]:
        words = line.split()
        if len(words) > 7 and words[1] == "00000000" and int(words[3], 16) & _UP_AND_GATEWAY == _UP_AND_GATEWAY:  # noqa: PLR2004
            found.append((int(words[6]), socket.inet_ntoa(struct.pack("<I", int(words[2], 16)))))
    return min(found)[1] if found else None


def from_round_trips(name: str, trips: Sequence[Optional[float]]) -> Tuple[Sample, ...]:
    """Return loss, the middle round trip, and jitter: the mean change from one answer to the next (RFC 3550 A.8).

    trips holds seconds, None for what was not answered. Without an answer there is no time; without two no jitter.
    """
    labels = (("machxa.anchor", label(name)),)
    answered = [one for one in trips if one is not None]
    middle = sorted(answered)[len(answered) // 2] if answered else None
    changes = [abs(after - before) for before, after in zip(answered, answered[1:])]
    jitter = sum(changes) / len(changes) if changes else None
    return (
        Sample(Series("machxa.anchor.loss", labels, 1, max(1, len(trips))), len(trips) - len(answered)),
        Sample(Series("machxa.anchor.rtt", labels, 1, _MICROSECONDS), _micro(middle)),
        Sample(Series("machxa.anchor.jitter", labels, 1, _MICROSECONDS), _micro(jitter)),
    )


def reader(
    anchors: Callable[[], Iterable[Anchor]], pause_seconds: float = _PAUSE_SECONDS, by_icmp: Optional[Reach] = None
) -> Callable[[], Tuple[Sample, ...]]:
    """Return a reader of anchors; where ICMP is refused by this system, a TCP connection that is answered will do.

    An anchor that never answered TCP may drop what comes to its port: it has no sample instead of a loss.
    """
    answered: Set[str] = set()

    def read() -> Tuple[Sample, ...]:
        echoed = by_icmp or (_by_icmp if ping.may_ping() else None)
        samples: List[Sample] = []
        for one in list(anchors())[:_MOST]:
            trips = _round_trips(echoed or _by_tcp, one, pause_seconds)
            if any(trip is not None for trip in trips):
                answered.add(one.name)
            if echoed is not None or one.name in answered:
                samples += from_round_trips(one.name, trips)
        return tuple(samples)

    return read


def from_route_row(row: Sequence[int]) -> Optional[str]:
    """Return the next hop of MIB_IPFORWARDROW's 14 numbers, None for a network that is attached itself."""
    next_hop = row[_NEXT_HOP]
    return socket.inet_ntoa(struct.pack("<I", next_hop)) if next_hop else None


def gateway(proc: str = "/proc") -> Tuple[Anchor, ...]:
    """Return this computer's gateway, none where there is no default route."""
    if sys.platform == "win32":
        found = _windows_gateway()
        return () if found is None else (Anchor("gateway", found, _GATEWAY_PORT),)
    path = proc + "/net/route"
    host = from_route(read_bytes(path)) if os.path.exists(path) else None  # noqa: PTH110 - a Path costs more
    return () if host is None else (Anchor("gateway", host, _GATEWAY_PORT),)


def anchor_probe(more: Tuple[Anchor, ...]) -> Probe:
    """Return the probe of the gateway and of more anchors, from the configuration file."""
    return Probe("anchor", reader(lambda: (*gateway(), *more)), every=5, after=1, is_slow=True)


def _windows_gateway() -> Optional[str]:
    """Return what GetBestRoute names for 0.0.0.0."""
    if sys.platform != "win32":
        return None
    import ctypes  # noqa: PLC0415 - Windows only

    row = (ctypes.c_uint32 * _ROW_NUMBERS)()
    return from_route_row(tuple(row)) if ctypes.WinDLL("iphlpapi").GetBestRoute(0, 0, row) == 0 else None


def _round_trips(reach: Reach, anchor: Anchor, pause_seconds: float) -> List[Optional[float]]:
    trips = []
    for number in range(_TRIES):
        if number:
            time.sleep(pause_seconds)
        trips.append(reach(anchor))
    return trips


def _by_icmp(anchor: Anchor) -> Optional[float]:
    return ping.icmp(anchor.host, _TIMEOUT_SECONDS)


def _by_tcp(anchor: Anchor) -> Optional[float]:
    return ping.tcp(anchor.host, anchor.port, _TIMEOUT_SECONDS)


def _micro(seconds: Optional[float]) -> Optional[int]:
    return None if seconds is None else round(seconds * _MICROSECONDS)


PROBE = anchor_probe(())
