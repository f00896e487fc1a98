"""Ask several hosts at once, so that a round waits for the slowest of them and not for their sum."""

from __future__ import annotations

import contextlib
import errno
import os
import select
import socket
import time
from typing import Dict, List, Optional, Sequence, Tuple

from machxa_agent.lines.line import Target
from machxa_agent.ping import Way, echo, is_reply, leave_by

_REFUSED = getattr(errno, "WSAECONNREFUSED", errno.ECONNREFUSED)  # Windows has numbers of its own


def pings(targets: Sequence[Target], way: Way, seconds: float, *, by_icmp: bool) -> List[Optional[float]]:
    """Return the round trip to each target in seconds, None without an answer within ``seconds``.

    Without ICMP a TCP connection that is taken or refused is the answer. Hosts are IPv4 addresses; one that is named
    twice is asked twice.
    """
    found: List[Optional[float]] = [None] * len(targets)
    with contextlib.ExitStack() as stack:
        begun = time.monotonic()
        waiting: Dict[socket.socket, Tuple[int, bytes, float]] = {}
        for place, target in enumerate(targets):
            with contextlib.suppress(OSError):  # unreachable, or the interface is gone
                link, token = _icmp(target, way) if by_icmp else _tcp(target, way)
                stack.enter_context(link)
                waiting[link] = (place, token, time.monotonic())
        while waiting:
            left = seconds - (time.monotonic() - begun)
            reading, writing = (list(waiting), []) if by_icmp else ([], list(waiting))
            readable, writable, broken = select.select(reading, writing, list(waiting), max(0.0, left))
            for link in {*readable, *writable, *broken}:
                place, token, sent = waiting[link]
                answered = _echoed(link, token) if by_icmp else _taken(link)
                if answered is not None:
                    del waiting[link]
                    found[place] = time.monotonic() - sent if answered else None
            if left <= 0:
                break
    return found


def _icmp(target: Target, way: Way) -> Tuple[socket.socket, bytes]:
    """Return a socket on which an echo was sent, and what its reply holds; raises OSError."""
    token = os.urandom(8)
    link = _opened(socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP), way, (target.host, 0))
    link.send(echo(1, token))
    return link, token


def _tcp(target: Target, way: Way) -> Tuple[socket.socket, bytes]:
    """Return a socket that connects, and no token; raises OSError."""
    return _opened(socket.socket(socket.AF_INET, socket.SOCK_STREAM), way, (target.host, target.port)), b""


def _opened(link: socket.socket, way: Way, address: Tuple[str, int]) -> socket.socket:
    """Return the socket on its way to an address; closes it and raises OSError where there is none."""
    try:
        leave_by(link, way)
        link.settimeout(0.0)
        with contextlib.suppress(BlockingIOError, ConnectionRefusedError):
            link.connect(address)
    except OSError:
        link.close()
        raise
    return link


def _echoed(link: socket.socket, token: bytes) -> Optional[bool]:
    """Return whether the reply came, None where it was somebody else's."""
    try:
        return True if is_reply(link.recv(256), 1, token) else None
    except BlockingIOError:
        return None
    except OSError:  # an ICMP error: unreachable
        return False


def _taken(link: socket.socket) -> bool:
    """Return whether the host took or refused the connection."""
    return link.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) in (0, errno.ECONNREFUSED, _REFUSED)
