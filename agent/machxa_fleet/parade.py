"""Publish what many agents say through one connection, and send again what nobody acknowledged."""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Condition

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from machxa_wire.mac import PROPERTY

_ACKS = "mx/1/+/+/down/ack"
_MOST_UNDER_WAY = 2000
_AGAIN_SECONDS = 15.0
_AGENT_LEVEL = 3  # of a topic


@dataclass(frozen=True)
class Message:
    """Hold one message to publish; stream and seq are those of a record that the collector acknowledges, else None."""

    agent: str
    topic: str
    payload: bytes
    mac: str
    retain: bool = False
    stream: str | None = None
    seq: int = 0


@dataclass
class _Sent:
    message: Message
    at: float


@dataclass
class Counts:
    """Hold how many messages were sent, acknowledged by the collector, and sent again."""

    sent: int = 0
    acknowledged: int = 0
    again: int = 0


class Parade:
    """Keep the connection; ``send`` waits while too much is under way."""

    def __init__(
        self,
        host: str,
        port: int,
        password: tuple[str, Path] | None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Connect; password: a user and the file that holds theirs, None where the broker asks for none."""
        self.counts = Counts()
        self._monotonic = monotonic
        self._changed = Condition()
        self._under_way: dict[str, deque[_Sent]] = {}
        self._held = 0
        self._client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
        self._client.max_inflight_messages_set(_MOST_UNDER_WAY)
        self._client.max_queued_messages_set(0)
        if password is not None:
            self._client.username_pw_set(password[0], password[1].read_text(encoding="utf-8").strip())
        self._client.on_connect = self._connected
        self._client.on_message = self._heard
        self._client.connect(host, port, keepalive=60)
        self._client.loop_start()

    def send(self, message: Message) -> None:
        """Publish one message, and what has waited too long for its acknowledgement."""
        with self._changed:
            while self._held >= _MOST_UNDER_WAY:
                self._changed.wait(1.0)
                self._again()
            if message.stream is not None:
                self._under_way.setdefault(message.agent, deque()).append(_Sent(message, self._monotonic()))
                self._held += 1
        self.counts.sent += 1
        self._publish(message)

    def drain(self, within_seconds: float) -> bool:
        """Wait until all was acknowledged; return whether it was in time."""
        with self._changed:
            return self._changed.wait_for(lambda: self._held == 0, within_seconds)

    def close(self) -> None:
        """Say good-bye."""
        self._client.disconnect()
        self._client.loop_stop()

    def _publish(self, message: Message) -> None:
        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call] # paho leaves it untyped
        properties.UserProperty = (PROPERTY, message.mac)
        self._client.publish(message.topic, message.payload, qos=1, retain=message.retain, properties=properties)

    def _again(self) -> None:
        now = self._monotonic()
        for waiting in self._under_way.values():
            if waiting and now - waiting[0].at > _AGAIN_SECONDS:
                for one in waiting:
                    one.at = now
                    self.counts.again += 1
                    self._publish(one.message)

    def _connected(self, *_: object) -> None:
        self._client.subscribe(_ACKS, 0)

    def _heard(self, _client: Client, _userdata: object, message: MQTTMessage) -> None:
        agent = message.topic.split("/")[_AGENT_LEVEL]
        waiting = self._under_way.get(agent)
        if not waiting:
            return
        told = json.loads(message.payload)
        with self._changed:
            while waiting and waiting[0].message.stream == told["stream"] and waiting[0].message.seq <= told["upto"]:
                waiting.popleft()
                self._held -= 1
                self.counts.acknowledged += 1
            self._changed.notify_all()
