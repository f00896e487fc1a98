"""Stand between agent and broker and treat the line badly: cut, delay, throttle, half-open, corrupt."""

from __future__ import annotations

import random
import selectors
import socket
import struct
import threading
import time
from collections import deque
from dataclasses import dataclass, field

_PIECE_BYTES = 4096
_TICK_SECONDS = 0.01


@dataclass
class Line:
    """Say how the line behaves; change it at any time.

    delay_seconds and bytes_per_second are each way; 0 is without limit. hold is "up", "down" or "both":
    bytes are swallowed while the connection stays open. limit_bytes resets a connection after so many
    bytes. corrupt is the chance that one byte of a piece is flipped.
    """

    delay_seconds: float = 0.0
    bytes_per_second: float = 0.0
    hold: str = ""
    limit_bytes: int = 0
    corrupt: float = 0.0
    refuse: bool = False


@dataclass
class _Way:
    source: socket.socket
    target: socket.socket
    name: str
    pieces: deque[tuple[float, bytes]] = field(default_factory=deque)
    free_at: float = 0.0
    carried: int = 0


class Proxy:
    """Carry TCP from a free loopback port to a target, in one thread."""

    def __init__(self, target: int, seed: int = 0) -> None:
        self.line = Line()
        self.connections = 0
        self._target = target
        self._random = random.Random(seed)
        self._selector = selectors.DefaultSelector()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0)
        self.port: int = self._listener.getsockname()[1]
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._ways: list[_Way] = []
        self._cut = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def cut(self) -> None:
        """Reset every connection at once."""
        self._cut.set()

    def stop(self) -> None:
        """End the proxy."""
        self._stopped.set()
        self._thread.join(5)

    def _run(self) -> None:
        while not self._stopped.is_set():
            for key, _ in self._selector.select(_TICK_SECONDS):
                if key.fileobj is self._listener:
                    self._accept()
                elif isinstance(key.data, _Way) and key.data in self._ways:
                    self._read(key.data)
            if self._cut.is_set():
                self._cut.clear()
                self._reset_all()
            for way in list(self._ways):
                self._write(way)
        self._reset_all()
        self._listener.close()

    def _accept(self) -> None:
        client, _ = self._listener.accept()
        self.connections += 1
        if self.line.refuse:
            _reset(client)
            return
        try:
            server = socket.create_connection(("127.0.0.1", self._target), 2)
        except OSError:
            _reset(client)
            return
        for source, target, name in ((client, server, "up"), (server, client, "down")):
            source.settimeout(0)
            way = _Way(source, target, name)
            self._ways.append(way)
            self._selector.register(source, selectors.EVENT_READ, way)

    def _read(self, way: _Way) -> None:
        try:
            piece = way.source.recv(_PIECE_BYTES)
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        if not piece:
            self._close(way)
            return
        if self.line.hold in (way.name, "both"):
            return
        if self._random.random() < self.line.corrupt:
            place = self._random.randrange(len(piece))
            piece = piece[:place] + bytes((piece[place] ^ 0x55,)) + piece[place + 1 :]
        due = time.monotonic() + self.line.delay_seconds
        if self.line.bytes_per_second:
            way.free_at = max(way.free_at, due) + len(piece) / self.line.bytes_per_second
            due = way.free_at
        way.pieces.append((due, piece))

    def _write(self, way: _Way) -> None:
        while way.pieces and way.pieces[0][0] <= time.monotonic():
            due, piece = way.pieces.popleft()
            try:
                sent = way.target.send(piece)
            except BlockingIOError:
                sent = 0
            except OSError:
                self._close(way)
                return
            way.carried += sent
            if sent < len(piece):
                way.pieces.appendleft((due, piece[sent:]))
                return
            if self.line.limit_bytes and way.carried > self.line.limit_bytes:
                self._close(way)
                return

    def _close(self, way: _Way) -> None:
        for one in [one for one in self._ways if one.source in (way.source, way.target)]:
            self._ways.remove(one)
            self._selector.unregister(one.source)
            _reset(one.source)

    def _reset_all(self) -> None:
        while self._ways:
            self._close(self._ways[0])


def _reset(connection: socket.socket) -> None:
    """Close with a TCP reset: SO_LINGER of 0 seconds."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
