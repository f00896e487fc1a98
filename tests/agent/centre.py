"""Stand in for the collector over a real broker: hear, acknowledge, tell settings."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from machxa_agent.identity import Identity
from machxa_wire import mac
from machxa_wire.decode import decode
from machxa_wire.downward import decode_presence
from machxa_wire.encode import encode_ack, encode_centre
from machxa_wire.records import Ack, CentrePresence, Hello, Record, Sequenced
from machxa_wire.topics import CENTRE_PRESENCE, Address

KEY = bytes(range(32))
ADDRESS = Address("0b9c3c4e-5b1f-4b57-9d0e-0f6f3f5f7a11", "a7")
DEADLINE_SECONDS = 20.0


def identity(port: int, role: str = "pc") -> Identity:
    return Identity(ADDRESS, KEY, "127.0.0.1", port, role)


def until(what: str, is_so: Callable[[], object]) -> None:
    """Wait until something is so; fail with what was waited for."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, f"waited {DEADLINE_SECONDS:.0f} s until {what}"
        time.sleep(0.02)


class Centre:
    """Hear one agent; acknowledge while ``acknowledging``."""

    def __init__(self, port: int, *, acknowledging: bool = True) -> None:
        self.acknowledging = acknowledging
        self.records: list[Sequenced] = []
        self.hellos: list[Hello] = []
        self.presences: list[str] = []
        self.bad_macs = 0
        self._subscribed = threading.Event()
        self._client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
        self._client.on_message = self._heard
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        self._client.subscribe([(ADDRESS.up, 1), (ADDRESS.presence, 1)])
        assert self._subscribed.wait(DEADLINE_SECONDS)

    @property
    def seqs(self) -> list[int]:
        return [record.place.seq for record in self.records if record.place is not None]

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def acknowledge(self, stream: str, upto: int, need: int | None = None) -> None:
        self.say(ADDRESS.ack, encode_ack(Ack(stream, upto, need)))

    def say(self, topic: str, payload: bytes, *, key: bytes = KEY, retain: bool = False) -> None:
        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]  # paho's has no types
        properties.UserProperty = (mac.PROPERTY, mac.sign(key, topic, payload))
        self._client.publish(topic, payload, qos=1, retain=retain, properties=properties)

    def announce(self, instance: str, *, up: bool = True, spread_seconds: int = 0) -> None:
        payload = encode_centre(CentrePresence(up, instance, spread_seconds))
        self._client.publish(CENTRE_PRESENCE, payload, qos=1, retain=True)

    def _heard(self, _client: object, _userdata: object, message: MQTTMessage) -> None:
        payload = bytes(message.payload)
        claimed = dict(getattr(message.properties, "UserProperty", ())).get(mac.PROPERTY, "")
        if not mac.verify(KEY, message.topic, payload, claimed):
            self.bad_macs += 1
        elif message.topic == ADDRESS.presence:
            self.presences.append(decode_presence(payload).state)
        else:
            self._record(decode(payload))

    def _record(self, record: Record) -> None:
        if isinstance(record, Hello):
            self.hellos.append(record)
            return
        self.records.append(record)
        if self.acknowledging and record.place is not None:
            self.acknowledge(record.place.stream, record.place.seq)
