"""Hold one hostile or honest connection: send any bytes, hear what comes, tell how it ended."""

from __future__ import annotations

import socket
import ssl
import time
from contextlib import suppress
from typing import Self

from tests.broker.packets import CONNACK, PING, PINGRESP, PUBLISH, Packet, taken_apart

PATIENCE_SECONDS = 10.0
_PIECE_BYTES = 65536


class Line:
    """Be connected to a port, over TLS with a context; raises OSError when nobody lets us in."""

    def __init__(self, port: int, context: ssl.SSLContext | None = None, session: ssl.SSLSession | None = None) -> None:
        plain = socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS)
        try:
            self._socket = (
                plain if context is None else context.wrap_socket(plain, server_hostname="localhost", session=session)
            )
        except OSError:
            plain.close()
            raise
        self._socket.settimeout(PATIENCE_SECONDS)
        self._heard = bytearray()
        self.closed = False
        self.packets: list[Packet] = []

    @property
    def session(self) -> ssl.SSLSession | None:
        """Return the TLS session to resume later, None without one."""
        return self._socket.session if isinstance(self._socket, ssl.SSLSocket) else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(self, content: bytes) -> Self:
        """Send bytes; a broker that has closed in the middle is noticed at the next hearing."""
        with suppress(OSError):
            self._socket.sendall(content)
        return self

    def until(self, kind: int) -> Packet | None:
        """Return the first new packet of a kind, None when the broker closes first; both are kept."""
        start, deadline = len(self.packets), time.monotonic() + PATIENCE_SECONDS
        while True:
            for one in self.packets[start:]:
                if one.kind == kind:
                    return one
            if self.closed:
                return None
            assert time.monotonic() < deadline, f"neither packet {kind} nor an end, but {self.packets[start:]}"
            self._hear(deadline)

    def until_published(self, topic: str, seconds: float = PATIENCE_SECONDS) -> Packet:
        """Return the next message on a topic; fails when it does not come in time."""
        deadline = time.monotonic() + seconds
        while True:
            found = [one for one in self.packets if one.kind == PUBLISH and one.topic == topic]
            if found:
                self.packets.remove(found[0])
                return found[0]
            assert not self.closed, "the broker closed the connection"
            assert time.monotonic() < deadline, f"nothing came on {topic} within {seconds} s"
            self._hear(deadline)

    def settle(self) -> bool:
        """Wait until the broker has worked through what was sent; return whether the connection still stands."""
        return self.send(PING).until(PINGRESP) is not None

    def connected(self) -> bool:
        """Return whether the broker answers our CONNECT with success."""
        answer = self.until(CONNACK)
        return answer is not None and answer.reason == 0

    def published(self) -> list[Packet]:
        """Return the messages heard so far."""
        return [one for one in self.packets if one.kind == PUBLISH]

    def close(self) -> None:
        """End without a word, so that the broker sends the will."""
        with suppress(OSError):
            self._socket.close()
        self.closed = True

    def _hear(self, deadline: float) -> None:
        self._socket.settimeout(max(0.01, deadline - time.monotonic()))
        try:
            piece = self._socket.recv(_PIECE_BYTES)
        except TimeoutError:
            return
        except OSError:
            piece = b""
        if not piece:
            self.closed = True
        self._heard += piece
        self.packets += taken_apart(self._heard)
