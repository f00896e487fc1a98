"""Measure how the network is attached: half duplex, a cable that loses contact, a weak wireless signal."""

from __future__ import annotations

import struct
import sys
from typing import Callable, Dict, List, Optional, Tuple

from machxa_agent import portable
from machxa_agent.probes.network import from_net_dev, is_outer_windows
from machxa_agent.probes.probe import Probe, label, read_bytes
from machxa_wire.records import Sample, Series

_MOST = 8  # interfaces
_LEVEL = 3  # word of /proc/net/wireless
_BITS = 8
_RATE = 0x8B21  # SIOCGIWRATE, linux/wireless.h
_REQUEST = "16sixx2x8x"  # struct iwreq: the name, then iw_param's value in bit/s


def from_wireless(text: bytes) -> Dict[str, int]:
    """Return the signal of each wireless interface in dBm from /proc/net/wireless.

    A level that is not below 0 is a driver's own scale, and left out.
    """
    found: Dict[str, int] = {}
    for line in text.decode("ascii", "replace").splitlines()[2:]:
        name, _, rest = line.partition(":")
        words = rest.split()
        if len(words) > _LEVEL:
            level = int(float(words[_LEVEL - 1].rstrip(".")))
            if level < 0:
                found[name.strip()] = level
    return found


def attachment(
    name: str,
    *,
    is_full_duplex: Optional[bool],
    changes: Optional[int],
    signal: Optional[int],
    rate_bits: Optional[int],
) -> Tuple[Sample, ...]:
    """Return what is known of one interface's attachment; None has no sample.

    changes counts how often the carrier came or went since boot, signal is in dBm, rate_bits what the radio sends with.
    """
    hardware = (("hw.id", label(name)),)
    known = (
        (Series("machxa.network.full_duplex", hardware), None if is_full_duplex is None else int(is_full_duplex)),
        (Series("machxa.network.carrier.changes", hardware), changes),
        (Series("machxa.network.wireless.signal", hardware), signal),
        (Series("machxa.network.wireless.rate", hardware, 1, _BITS), rate_bits),
    )
    return tuple(Sample(series, value) for series, value in known if value is not None)


def from_interfaces(interfaces: Tuple[portable.Interface, ...]) -> Tuple[Sample, ...]:
    """Return the attachment of what psutil lists: it tells of duplex alone, and only while the link is up."""
    outer = [one for one in interfaces if is_outer_windows(one.name) and one.is_up]
    samples: List[Sample] = []
    for one in outer[:_MOST]:
        samples += attachment(one.name, is_full_duplex=one.is_full_duplex, changes=None, signal=None, rate_bits=None)
    return tuple(samples)


def linux(
    proc: str = "/proc", sys_root: str = "/sys", rate: Optional[Callable[[str], Optional[int]]] = None
) -> Callable[[], Tuple[Sample, ...]]:
    """Return a reader of the interfaces below ``proc`` and ``sys_root``; rate asks a radio for its bits a second."""

    def read() -> Tuple[Sample, ...]:
        signals = from_wireless(_said(proc + "/net/wireless"))
        samples: List[Sample] = []
        for name, _ in from_net_dev(read_bytes(proc + "/net/dev")):
            folder = f"{sys_root}/class/net/{name}/"
            changes = _said(folder + "carrier_changes").strip()
            samples += attachment(
                name,
                is_full_duplex=_DUPLEX.get(_said(folder + "duplex").strip()),
                changes=int(changes) if changes.isdigit() else None,
                signal=signals.get(name),
                rate_bits=(rate or _rate)(name) if name in signals else None,
            )
        return tuple(samples)

    return read


def _rate(name: str) -> Optional[int]:
    """Return what a radio sends with, None where the driver does not tell, or more than its 31 bits can say."""
    import fcntl  # noqa: PLC0415 - Linux only, and only with a radio
    import socket  # noqa: PLC0415

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        try:
            answer = fcntl.ioctl(any_socket, _RATE, struct.pack(_REQUEST, name.encode()[:15], 0))
        except OSError:
            return None
    bits = int(struct.unpack(_REQUEST, answer)[1])
    return bits if bits > 0 else None


def _said(path: str) -> bytes:
    """Return what a file says, nothing where it is absent or refuses, as duplex does while the link is down."""
    try:
        return read_bytes(path)
    except OSError:
        return b""


_DUPLEX = {b"full": True, b"half": False}  # "unknown" stays None

PROBE = Probe("link", linux() if sys.platform == "linux" else lambda: from_interfaces(portable.interfaces()), 10, 1)
