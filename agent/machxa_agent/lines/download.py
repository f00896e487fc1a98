"""Fetch some bytes of a file of the centre's own, to see how fast a line is: bounded in bytes and time.

Spoken over a plain socket: an HTTP client would stay in the memory of the agent for good.
"""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass
from typing import Optional
from urllib.parse import urlsplit

from machxa_agent.ping import ANY, Way, leave_by

_PART = 65536
_MOST_HEAD = 16 * 1024
_LEAST_BYTES = 100_000
_LEAST_SECONDS = 0.02
_STATUSES = (b"200", b"206")


@dataclass(frozen=True)
class Fetched:
    """Hold what a test gave: bytes that came, and the rate, None where too little came to tell one."""

    got_bytes: int
    bytes_per_second: Optional[float]


def fetch(url: str, most_bytes: int, seconds: float, way: Way = ANY) -> Fetched:
    """Return how fast so many bytes of a URL come; what answers with another status than 200 is no test.

    Redirects are not followed, and no proxy is asked: the way is the one that is measured.
    """
    until = time.monotonic() + seconds
    got, began = 0, until
    try:
        with _connected(url, seconds, way) as link:
            link.sendall(_request(url, most_bytes))
            first = _body_so_far(link, until)
            if first is None:
                return Fetched(0, None)
            got, began = len(first), time.monotonic()
            while got < most_bytes and time.monotonic() < until:
                link.settimeout(max(0.001, until - time.monotonic()))
                part = link.recv(min(_PART, most_bytes - got))
                if not part:
                    break
                got += len(part)
    except (OSError, ValueError):
        pass  # what came until then still was a measurement, and cost its bytes
    took = time.monotonic() - began
    is_enough = got >= min(_LEAST_BYTES, most_bytes) and took >= _LEAST_SECONDS
    return Fetched(got, got / took if is_enough else None)


def _connected(url: str, seconds: float, way: Way) -> socket.socket:
    parts = urlsplit(url)
    host, is_tls = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if is_tls else 80)
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    link = socket.socket(family, socket.SOCK_STREAM)
    try:
        leave_by(link, way)
        link.settimeout(seconds)
        link.connect(address)
        if is_tls:
            import ssl  # noqa: PLC0415 - only where a URL asks for it

            link = ssl.create_default_context().wrap_socket(link, server_hostname=host)
    except BaseException:
        link.close()
        raise
    return link


def _request(url: str, most_bytes: int) -> bytes:
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    host = parts.netloc
    return f"GET {path} HTTP/1.0\r\nHost: {host}\r\nRange: bytes=0-{most_bytes - 1}\r\n\r\n".encode("ascii")


def _body_so_far(link: socket.socket, until: float) -> Optional[bytes]:
    """Return what came of the body with the head, None where the status is no success."""
    got = b""
    while b"\r\n\r\n" not in got:
        link.settimeout(max(0.001, until - time.monotonic()))
        part = link.recv(4096)
        if not part or len(got) > _MOST_HEAD:
            return None
        got += part
    head, _, body = got.partition(b"\r\n\r\n")
    words = head.split(b" ", 2)
    return body if words[0].startswith(b"HTTP/1.") and words[1:2] and words[1] in _STATUSES else None
