"""Ask the router of a local network for its byte counters over UPnP: a search, a description, two small questions."""

from __future__ import annotations

import socket
import time
from typing import Optional, Tuple

from machxa_agent.lines import igd
from machxa_agent.ping import ANY, Way, leave_by

_GROUP = ("239.255.255.250", 1900)
_MOST_REPLIES = 8
_SECONDS = 4.0
_ACTIONS = (("GetTotalBytesReceived", "NewTotalBytesReceived"), ("GetTotalBytesSent", "NewTotalBytesSent"))


def find(
    seconds: float = 3.0, way: Way = ANY, group: Tuple[str, int] = _GROUP, *, may_loop: bool = False
) -> Optional[igd.Control]:
    """Return where the router's counters are asked for, None where no router of the local network offers them."""
    for where in _searched(seconds, way, group, may_loop=may_loop):
        try:
            found = igd.control(_asked(where, b"", "", way), where)
        except (OSError, igd.NotPlain):
            continue
        if found is not None:
            return found
    return None


def counters(at: igd.Control, way: Way = ANY) -> Tuple[Optional[int], Optional[int]]:
    """Return bytes received and sent, 32-bit counters that wrap; None for what the router does not say."""
    received, sent = (_counter(at, action, element, way) for action, element in _ACTIONS)
    return received, sent


def _counter(at: igd.Control, action: str, element: str, way: Way) -> Optional[int]:
    try:
        return igd.counter(_asked(at, igd.question(action), f"{igd.SERVICE}#{action}", way), element)
    except (OSError, igd.NotPlain):
        return None


def _searched(seconds: float, way: Way, group: Tuple[str, int], *, may_loop: bool) -> Tuple[igd.Control, ...]:
    found = []
    until = time.monotonic() + seconds
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
            leave_by(link, way)
            link.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 1)
            link.sendto(igd.SEARCH, group)
            for _ in range(_MOST_REPLIES):
                link.settimeout(max(0.001, until - time.monotonic()))
                reply, source = link.recvfrom(4096)
                where = igd.location(reply, source[0], may_loop=may_loop)
                if where is not None and where not in found:
                    found.append(where)
    except OSError:  # no more replies, or no network
        pass
    return tuple(found)


def _asked(at: igd.Control, body: bytes, action: str, way: Way) -> bytes:
    """Return what an HTTP question to the router gives; raises OSError for anything but status 200."""
    head = f"{'POST' if body else 'GET'} {at.path} HTTP/1.0\r\nHost: {at.host}:{at.port}\r\n"
    if body:
        head += f'Content-Type: text/xml; charset="utf-8"\r\nSOAPAction: "{action}"\r\nContent-Length: {len(body)}\r\n'
    until = time.monotonic() + _SECONDS
    got = bytearray()
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as link:
        leave_by(link, way)
        link.settimeout(_SECONDS)
        link.connect((at.host, at.port))
        link.sendall(head.encode("ascii") + b"\r\n" + body)
        while len(got) <= igd.MOST_BYTES:
            link.settimeout(max(0.001, until - time.monotonic()))
            part = link.recv(16384)
            if not part:
                break
            got += part
    head_bytes, gap, content = bytes(got).partition(b"\r\n\r\n")
    words = head_bytes.split(b" ", 2)
    if not gap or words[0][:7] != b"HTTP/1." or words[1:2] != [b"200"]:
        raise OSError(f"the router answers {head_bytes[:40]!r}")
    return content
