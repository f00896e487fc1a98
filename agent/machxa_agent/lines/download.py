"""Fetch some bytes of a file of the centre's own, to see how fast a line is: bounded in bytes and time."""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from dataclasses import dataclass
from typing import Optional
from urllib.parse import urlsplit

from machxa_agent.ping import ANY, Way, leave_by

_PART = 16 * 1024
_LEAST_BYTES = 100_000
_LEAST_SECONDS = 0.02


@dataclass(frozen=True)
class Fetched:
    """Hold what a test gave: bytes that came, and the rate, None where too little came to tell one."""

    got_bytes: int
    bytes_per_second: Optional[float]


def fetch(url: str, most_bytes: int, seconds: float, way: Way = ANY, trust: Optional[ssl.SSLContext] = None) -> Fetched:
    """Return how fast so many bytes of a URL come; what answers with another status than 200 is no test.

    Redirects are not followed, and no proxy is asked: the way is the one that is measured.
    """
    parts = urlsplit(url)
    is_tls = parts.scheme == "https"
    got, started = 0, time.monotonic()
    until = started + seconds
    host = parts.hostname or ""
    asking = http.client.HTTPConnection(host, parts.port or (443 if is_tls else 80))
    try:
        family, _, _, _, address = socket.getaddrinfo(host, asking.port, type=socket.SOCK_STREAM)[0]
        link = socket.socket(family, socket.SOCK_STREAM)
        asking.sock = link
        leave_by(link, way)
        link.settimeout(seconds)
        link.connect(address)
        if is_tls:
            asking.sock = (trust or ssl.create_default_context()).wrap_socket(link, server_hostname=host)
        asking.request("GET", parts.path or "/", headers={"Range": f"bytes=0-{most_bytes - 1}", "Connection": "close"})
        answer = asking.getresponse()
        if answer.status not in (200, 206):
            return Fetched(0, None)
        started = time.monotonic()
        while got < most_bytes and time.monotonic() < until:
            part = answer.read(min(_PART, most_bytes - got))
            if not part:
                break
            got += len(part)
    except (OSError, ValueError, http.client.HTTPException):
        pass  # what came until then still was a measurement, and cost its bytes
    finally:
        asking.close()
    took = time.monotonic() - started
    is_enough = got >= min(_LEAST_BYTES, most_bytes) and took >= _LEAST_SECONDS
    return Fetched(got, got / took if is_enough else None)
