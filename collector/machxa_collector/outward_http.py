"""Connect by HTTP to what people typed, and to nothing inside that the operator did not allow.

A name is judged by the addresses it has at the moment of the connection; the address judged is the one connected to.
"""

from __future__ import annotations

import socket
import ssl
from http.client import HTTPConnection, HTTPSConnection

from machxa_collector.outward import INSIDE, Allowed


class InnerAddressError(OSError):
    """Say that an address lies inside and is not allowed."""


def http(host: str, port: int | None, seconds: float, allowed: Allowed) -> HTTPConnection:
    """Return a connection in the clear that reaches what is allowed; it is made when it is first used."""
    return _Plain(host, port, seconds, allowed)


def https(host: str, port: int | None, seconds: float, allowed: Allowed, context: ssl.SSLContext) -> HTTPConnection:
    """Return an encrypted connection that reaches what is allowed; certificate and name are checked by the context."""
    return _Encrypted(host, port, seconds, allowed, context)


def reached(host: str, port: int, seconds: float, allowed: Allowed) -> socket.socket:
    """Return a connection to a host; raises InnerAddressError where none of its addresses is allowed, else OSError."""
    fault: OSError | None = None
    found = [str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    for address in dict.fromkeys(one for one in found if allowed.reaches(host, one, port)):
        try:
            return socket.create_connection((address, port), seconds)
        except OSError as exc:
            fault = exc
    raise fault or InnerAddressError(INSIDE)


class _Plain(HTTPConnection):
    def __init__(self, host: str, port: int | None, seconds: float, allowed: Allowed) -> None:
        super().__init__(host, port, timeout=seconds)
        self._seconds, self._allowed = seconds, allowed

    def connect(self) -> None:
        self.sock = reached(self.host, self.port, self._seconds, self._allowed)


class _Encrypted(HTTPSConnection):
    def __init__(self, host: str, port: int | None, seconds: float, allowed: Allowed, context: ssl.SSLContext) -> None:
        super().__init__(host, port, timeout=seconds, context=context)
        self._seconds, self._allowed, self._tls = seconds, allowed, context

    def connect(self) -> None:
        plain = reached(self.host, self.port, self._seconds, self._allowed)
        try:
            self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise
