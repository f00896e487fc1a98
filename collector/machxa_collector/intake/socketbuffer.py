"""Give paho a socket that reads and writes in large pieces.

paho reads a packet in four system calls and writes each acknowledgement in one of its own: at a
province's peak that is most of the intake's time. ``_create_socket`` is paho's own seam for another
transport (its websocket wrapper goes through it).
"""

from __future__ import annotations

import socket

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

_PIECE_BYTES = 256 * 1024


class BufferedSocket:
    """Read ahead, and hold writes until ``flush``."""

    def __init__(self, plain: socket.socket) -> None:
        self._plain = plain
        self._read = b""
        self._pos = 0
        self._out = bytearray()

    def recv(self, size: int) -> bytes:
        """Return up to size bytes, from what was read ahead if there is any."""
        pos = self._pos
        if pos == len(self._read):
            self._read = self._plain.recv(_PIECE_BYTES)
            pos = 0
        piece = self._read[pos : pos + size]
        self._pos = pos + len(piece)
        return piece

    def send(self, piece: bytes) -> int:
        """Take the whole piece; it leaves at ``flush`` or when much has gathered."""
        self._out += piece
        if len(self._out) >= _PIECE_BYTES:
            self.flush()
        return len(piece)

    def flush(self) -> None:
        """Send what is held, as far as the kernel takes it; raises OSError on a broken connection."""
        while self._out:
            try:
                sent = self._plain.send(self._out)
            except BlockingIOError:
                return
            del self._out[:sent]

    @property
    def has_buffered(self) -> bool:
        """Return whether bytes were read ahead."""
        return self._pos < len(self._read)

    def fileno(self) -> int:
        """Return the descriptor for select."""
        return self._plain.fileno()

    def setblocking(self, flag: bool) -> None:  # noqa: FBT001 - the socket interface
        """Pass on to the socket."""
        self._plain.setblocking(flag)

    def pending(self) -> int:
        """Return the bytes read ahead, as an SSL socket does."""
        return len(self._read) - self._pos

    def close(self) -> None:
        """Close the socket."""
        self._plain.close()


class BufferedClient(Client):
    """Speak MQTT 5 with manual acknowledgement over a buffered socket."""

    def __init__(self) -> None:
        super().__init__(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5, manual_ack=True)
        self._buffered: BufferedSocket | None = None

    def _create_socket(self) -> BufferedSocket:
        self._buffered = BufferedSocket(self._create_socket_connection())
        return self._buffered

    def has_buffered(self) -> bool:
        """Return whether a packet may be waiting in memory."""
        return self._buffered is not None and self._buffered.has_buffered

    def flush(self) -> None:
        """Send what is held."""
        if self._buffered is not None:
            self._buffered.flush()
