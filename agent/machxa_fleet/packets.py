"""Write MQTT packets ahead of time, with paho's own encoder, so that a load test pays only for sending."""

from __future__ import annotations

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from machxa_wire.mac import PROPERTY


class _Tape:
    """Take what a client would send, and never answer."""

    def __init__(self) -> None:
        self.written = bytearray()

    def send(self, piece: bytes) -> int:
        self.written += piece
        return len(piece)

    def recv(self, _size: int) -> bytes:
        raise BlockingIOError

    def setblocking(self, _flag: bool) -> None:  # noqa: FBT001 - the socket interface
        return

    def fileno(self) -> int:
        return -1

    def close(self) -> None:
        return


class _Recorder(Client):
    """Speak onto a tape."""

    def __init__(self, client_id: str) -> None:
        super().__init__(CallbackAPIVersion.VERSION2, client_id=client_id, protocol=MQTTProtocolVersion.MQTTv5)
        self.tape = _Tape()
        self.max_inflight_messages = 65535

    def _create_socket(self) -> _Tape:  # type: ignore[override] # a socket as far as paho uses one
        return self.tape


class PacketWriter:
    """Encode CONNECT and PUBLISH packets of one client."""

    def __init__(self, client_id: str) -> None:
        self._client = _Recorder(client_id)
        self._client.connect("127.0.0.1", keepalive=3600)
        self.connect_packet = self._take()
        self._client.on_connect = None
        self._mid = 0

    def publish_packet(self, topic: str, payload: bytes, mac: str) -> bytes:
        """Return a QoS 1 PUBLISH with its MAC as user property."""
        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call] # paho leaves it untyped
        properties.UserProperty = (PROPERTY, mac)
        self._mid = self._mid % 65535 + 1
        encode = self._client._send_publish  # noqa: SLF001 - the encoder itself, without the client's own queue
        encode(self._mid, topic.encode(), payload, qos=1, properties=properties)
        return self._take()

    def subscribe_packet(self, topics: list[str]) -> bytes:
        """Return a SUBSCRIBE at QoS 0."""
        self._client.subscribe([(topic, 0) for topic in topics])
        return self._take()

    def _take(self) -> bytes:
        written = bytes(self._client.tape.written)
        self._client.tape.written.clear()
        return written
