"""Give paho a socket that reads and writes in large pieces.

paho reads a packet in four system calls and writes each acknowledgement in one of its own: at a
province's peak that is most of the intake's time. ``_create_socket`` is paho's own seam for another
transport (its websocket wrapper goes through it). paho's property parser costs 30 us a message, a
third of the intake; ``signed_publish`` reads the one shape our agents send and leaves all else to paho.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion

from machxa_wire.mac import MAC_CHARACTERS

_QOS_BITS, _QOS_1 = 0x06, 0x02
_PIECE_BYTES = 256 * 1024
_RECORD_BYTES = 16 * 1024  # the most that one read of a TLS connection gives, RFC 8446 5.1
_SIGNED = bytes((8 + MAC_CHARACTERS, 0x26, 0, 3)) + b"mac" + bytes((0, MAC_CHARACTERS))  # MQTT 5, 2.2.2.2 and 3.3.2.3.7
_MAC_START = len(_SIGNED)


class SignedPublish(NamedTuple):
    """Hold a QoS 1 PUBLISH whose only property is a MAC."""

    topic: str
    payload: bytes
    mac: str
    retain: bool
    mid: int


def signed_publish(command: int, packet: bytes | bytearray) -> SignedPublish | None:
    """Return a PUBLISH of the shape agents send, None for any other, which paho then reads. MQTT 5, 3.3."""
    if command & _QOS_BITS != _QOS_1:
        return None
    name_end = 2 + (packet[0] << 8 | packet[1])
    mac_start = name_end + 2 + _MAC_START
    payload_start = mac_start + MAC_CHARACTERS
    if packet[name_end + 2 : mac_start] != _SIGNED or payload_start > len(packet):
        return None
    try:
        topic, mac = packet[2:name_end].decode(), packet[mac_start:payload_start].decode()
    except UnicodeDecodeError:
        return None
    mid = packet[name_end] << 8 | packet[name_end + 1]
    return SignedPublish(topic, bytes(packet[payload_start:]), mac, bool(command & 1), mid)


class BufferedSocket:
    """Read ahead, and hold writes until ``flush``."""

    def __init__(self, plain: socket.socket) -> None:
        self._plain = plain
        self._encrypted = plain if isinstance(plain, ssl.SSLSocket) else None
        self._piece_bytes = _RECORD_BYTES if self._encrypted else _PIECE_BYTES
        self._read = b""
        self._pos = 0
        self._out = bytearray()

    def recv(self, size: int) -> bytes:
        """Return up to size bytes, from what was read ahead if there is any."""
        pos = self._pos
        if pos == len(self._read):
            self._read = self._plain.recv(self._piece_bytes)
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
            except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                return
            del self._out[:sent]

    @property
    def has_buffered(self) -> bool:
        """Return whether bytes were read ahead, by us or within TLS: select does not tell of them."""
        return self._pos < len(self._read) or (self._encrypted is not None and self._encrypted.pending() > 0)

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
        """Send what is held if the other side still takes it, and close: paho closes right after its DISCONNECT."""
        with suppress(OSError):
            self.flush()
        self._out.clear()
        self._plain.close()


class BufferedClient(Client):
    """Speak MQTT 5 with manual acknowledgement over a buffered socket."""

    def __init__(
        self, on_signed: Callable[[SignedPublish], None], encryption: Callable[[], ssl.SSLContext] | None = None
    ) -> None:
        """Hand signed publishes to on_signed, every other message to paho's on_message.

        encryption is asked at every connection, so that a renewed certificate is taken up; None: plain MQTT.
        """
        super().__init__(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5, manual_ack=True)
        self._buffered: BufferedSocket | None = None
        self._on_signed = on_signed
        self._encryption = encryption

    def _handle_publish(self) -> MQTTErrorCode:
        signed = signed_publish(self._in_packet["command"], self._in_packet["packet"])
        if signed is None:
            return super()._handle_publish()
        self._on_signed(signed)
        return MQTTErrorCode.MQTT_ERR_SUCCESS

    def _create_socket(self) -> BufferedSocket:  # type: ignore[override] # SocketLike exists only while type checking
        made = self._create_socket_connection()
        if self._encryption is not None:
            try:
                made = self._encryption().wrap_socket(made, server_hostname=self._host)
            except (OSError, ValueError):
                made.close()
                raise
        self._buffered = BufferedSocket(made)
        return self._buffered

    def has_buffered(self) -> bool:
        """Return whether a packet may be waiting in memory."""
        return self._buffered is not None and self._buffered.has_buffered

    def under_way(self) -> int:
        """Return how many messages of ours the broker has not acknowledged: paho holds 2 KB for each."""
        return len(self._out_messages)

    def flush(self) -> None:
        """Send what is held."""
        if self._buffered is not None:
            self._buffered.flush()
