"""Ping one host once, by a way of choice: ICMP without privileges, or a TCP connection instead of it."""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import sys
import time
from dataclasses import dataclass
from typing import Callable, Optional, Tuple

_ECHO, _ECHO_REPLY = 8, 0  # RFC 792
_ECHO6, _ECHO6_REPLY = 128, 129  # RFC 4443
_BIND_TO_DEVICE = 25  # SO_BINDTODEVICE of Linux, which Python does not name everywhere
_LEAST = 8  # bytes of an ICMP header


@dataclass(frozen=True)
class Way:
    """Say which way packets leave: the address they come from and, on Linux, the interface; None for any."""

    source: Optional[str] = None
    interface: Optional[str] = None


ANY = Way()
Ping = Callable[[str, float, Way], Optional[float]]


def may_ping() -> bool:
    """Return whether this process may open an ICMP datagram socket (net.ipv4.ping_group_range of Linux)."""
    if sys.platform != "linux":
        return False
    try:
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP).close()
    except OSError:
        return False
    return True


def icmp(host: str, seconds: float, way: Way = ANY) -> Optional[float]:
    """Return the round trip of one echo in seconds, None without an answer within ``seconds``."""
    try:
        family, address = _address(host, 0, socket.SOCK_DGRAM)
        is_6 = family == socket.AF_INET6
        protocol = socket.IPPROTO_ICMPV6 if is_6 else socket.IPPROTO_ICMP
        with socket.socket(family, socket.SOCK_DGRAM, protocol) as link:
            leave_by(link, way)
            link.connect(address)
            return _echoed(link, seconds, is_6=is_6)
    except OSError:  # unreachable, no such name, the interface is gone
        return None


def tcp(host: str, port: int, seconds: float, way: Way = ANY) -> Optional[float]:
    """Return the time until a connection was taken or refused, either shows that the host is there; else None."""
    try:
        family, address = _address(host, port, socket.SOCK_STREAM)
        with socket.socket(family, socket.SOCK_STREAM) as link:
            leave_by(link, way)
            link.settimeout(seconds)
            started = time.monotonic()
            with contextlib.suppress(ConnectionRefusedError):
                link.connect(address)
            return time.monotonic() - started
    except OSError:
        return None


def leave_by(link: socket.socket, way: Way) -> None:
    """Make a socket send from an address or an interface; raises OSError where it cannot."""
    if way.interface is not None and sys.platform == "linux":
        link.setsockopt(socket.SOL_SOCKET, _BIND_TO_DEVICE, way.interface.encode() + b"\0")
    if way.source is not None:
        link.bind((way.source, 0))


def echo(sequence: int, token: bytes, *, is_6: bool = False) -> bytes:
    """Return an echo request; the kernel fills in identifier and checksum of an ICMP datagram socket."""
    return struct.pack("!BBHHH", _ECHO6 if is_6 else _ECHO, 0, 0, 0, sequence) + token


def is_reply(packet: bytes, sequence: int, token: bytes, *, is_6: bool = False) -> bool:
    """Return whether a packet answers the request with this number and token."""
    kind = _ECHO6_REPLY if is_6 else _ECHO_REPLY
    return len(packet) >= _LEAST and packet[0] == kind and packet[6:] == struct.pack("!H", sequence) + token


def _echoed(link: socket.socket, seconds: float, *, is_6: bool) -> Optional[float]:
    token = os.urandom(8)
    started = time.monotonic()
    link.send(echo(1, token, is_6=is_6))
    while True:
        left = seconds - (time.monotonic() - started)
        if left <= 0:
            return None
        link.settimeout(left)
        if is_reply(link.recv(256), 1, token, is_6=is_6):
            return time.monotonic() - started


def _address(host: str, port: int, kind: int) -> Tuple[int, Tuple[object, ...]]:
    family, _, _, _, address = socket.getaddrinfo(host, port, type=kind)[0]
    return family, address
