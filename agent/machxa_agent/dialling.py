"""Open a TCP connection by one way to the centre: from an address, an interface, or through an HTTP proxy."""

from __future__ import annotations

import socket
from typing import Callable, Optional, Tuple

from machxa_agent import threads
from machxa_agent.paths import Route

_MOST_HEAD = 4096
_LOOK_SECONDS = 5.0


def dial(route: Route, seconds: float) -> socket.socket:
    """Return a connection to the broker of a route; raises OSError."""
    host, port = _proxy(route.proxy) if route.proxy is not None else (route.host, route.port)
    failed: Optional[OSError] = None
    for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[:4]:
        link = socket.socket(family, kind, protocol)
        try:
            _leave_by(link, route)
            link.settimeout(seconds)
            link.connect(address)
            if route.proxy is not None:
                _through(link, route)
        except OSError as exc:
            link.close()
            failed = exc
        else:
            return link
    raise failed or OSError(f"{host} has no address")


def is_open(route: Route, seconds: float) -> bool:
    """Return whether a connection comes to stand; it is closed at once, nothing is said on it."""
    try:
        dial(route, seconds).close()
    except OSError:
        return False
    return True


class Looker:
    """Look whether a way is open, in a thread that ends: names may take long to be resolved."""

    def __init__(self, done: Callable[[], None], spawn: threads.Spawn = threads.start) -> None:
        """Prepare; done is called from the thread when ``take`` has something to give."""
        self._done, self._spawn = done, spawn
        self._found: Optional[bool] = None
        self.is_out = False

    def look(self, route: Route) -> None:
        """Begin a look, unless one is out."""
        if not self.is_out:
            self.is_out = True
            try:
                self._spawn(lambda: self._look(route), "way to the centre")
            except RuntimeError:  # no more threads just now: not seen to be open, looked at again in its time
                self._found, self.is_out = False, False
                self._done()

    def take(self) -> Optional[bool]:
        """Return what a look found, once; None while there is nothing."""
        found, self._found = self._found, None
        return found

    def _look(self, route: Route) -> None:
        try:
            self._found = is_open(route, _LOOK_SECONDS)
        finally:
            self.is_out = False
        self._done()


def _leave_by(link: socket.socket, route: Route) -> None:
    if route.source is not None or route.interface is not None:
        from machxa_agent.ping import Way, leave_by  # noqa: PLC0415 - few ways name either

        leave_by(link, Way(route.source, route.interface))


def _proxy(written: str) -> Tuple[str, int]:
    host, _, port = written.rpartition(":")
    return host, int(port)


def _through(link: socket.socket, route: Route) -> None:
    """Ask a proxy for the broker (RFC 9110, 9.3.6); raises OSError with what it answered."""
    target = f"{route.host}:{route.port}"
    link.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode("ascii"))
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        part = link.recv(1)  # byte by byte: what follows the head is the broker's
        if not part or len(head) > _MOST_HEAD:
            raise ConnectionError(f"proxy {route.proxy} ended the answer after {len(head)} bytes")
        head += part
    words = head.split(b"\r\n", 1)[0].split(b" ", 2)
    if len(words) < 2 or not words[0].startswith(b"HTTP/1.") or words[1] != b"200":  # noqa: PLR2004
        raise ConnectionError(f"proxy {route.proxy} answered {words[:2]!r}")
