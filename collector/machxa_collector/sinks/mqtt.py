"""Publish lines on a topic of a broker, as Telegraf's mqtt_consumer reads them; the only module here that knows paho.

A write is over when the broker has acknowledged each message (QoS 1) and had somebody to give it to: by MQTT 5 it says
when nobody subscribes. So what is published reaches the session of a subscriber at least once; what that subscriber
does with it the broker does not tell.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterator, Sequence

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.reasoncodes import ReasonCode

from machxa_collector.intake.address import BrokerAddress, encryption
from machxa_collector.sinks.config import Mqtt
from machxa_collector.sinks.influx import SinkError

_KEEPALIVE_SECONDS = 60
_CONNECT_SECONDS = 10.0
_WAIT_SECONDS = 20.0
_MOST_BYTES = 64 * 1024  # of one message; a broker of ours takes 256 KiB
_NOBODY = 0x10  # MQTT 5, 3.4.2.1: no matching subscribers


class MqttServer:
    """Write to one topic. A connection is made when it is first used, and anew after any failure."""

    def __init__(self, sink: Mqtt) -> None:
        """Prepare; nothing is asked yet."""
        self._sink = sink
        self._client: Client | None = None
        self._connection = 0
        self._changed = threading.Condition()
        self._waiting: set[int] = set()
        self._early: dict[int, str] = {}
        self._fault = ""

    def write(self, lines: Sequence[str]) -> None:
        """Publish lines and wait until a subscriber's session has them; raises SinkError."""
        try:
            client = self._connected()
            with self._changed:
                self._waiting, self._early, self._fault = set(), {}, ""
            for text in _messages(lines):
                self._publish(client, text)
            self._wait()
        except (OSError, ValueError) as exc:
            self.close()
            raise SinkError(f"{type(exc).__name__}: {exc}", is_refused=False) from exc
        except SinkError:
            self.close()
            raise

    def started_at(self) -> float | None:
        """Return a number that changes with each connection: what a broker had for others is gone when it is killed."""
        return float(self._connection) if self._connection else None

    def close(self) -> None:
        """Leave the broker; the next write connects anew."""
        client, self._client = self._client, None
        if client is not None:
            client.disconnect()
            client.loop_stop()

    def _connected(self) -> Client:
        if self._client is not None and self._client.is_connected():
            return self._client
        self.close()
        client = self._made()
        self._client = client
        self._fault = ""
        client.connect(self._sink.host, self._sink.port, _KEEPALIVE_SECONDS, clean_start=True)
        client.loop_start()
        with self._changed:
            self._changed.wait_for(lambda: client.is_connected() or bool(self._fault), _CONNECT_SECONDS)
        if not client.is_connected():
            raise SinkError(self._fault or "the broker did not answer", is_refused=False)
        return client

    def _publish(self, client: Client, text: str) -> None:
        told = client.publish(self._sink.topic, text.encode(), qos=1)
        if told.rc != MQTTErrorCode.MQTT_ERR_SUCCESS:
            raise SinkError(f"it was not published: {told.rc.name}", is_refused=False)
        with self._changed:
            self._waiting.add(told.mid)
            self._settle()

    def _made(self) -> Client:
        sink = self._sink
        name = f"machxa-{sink.name}-{secrets.token_hex(4)}"
        client = Client(CallbackAPIVersion.VERSION2, name, protocol=MQTTProtocolVersion.MQTTv5)
        client.connect_timeout = _CONNECT_SECONDS
        client.on_connect = self._came
        client.on_disconnect = self._went
        client.on_publish = self._taken
        if sink.user:
            client.username_pw_set(sink.user, sink.password or None)
        if sink.encrypted:
            client.tls_set_context(encryption(BrokerAddress(sink.host, sink.port, sink.ca, sink.certificate, sink.key)))
        return client

    def _came(self, _client: object, _data: object, _flags: object, code: ReasonCode, _properties: object) -> None:
        with self._changed:
            if code.is_failure:
                self._fault = f"the broker refuses us: {code}"
            else:
                self._connection += 1
            self._changed.notify_all()

    def _went(self, _client: object, _data: object, _flags: object, code: ReasonCode, _properties: object) -> None:
        with self._changed:
            self._fault = self._fault or f"the connection ended: {code}"
            self._changed.notify_all()

    def _taken(self, _client: object, _data: object, mid: int, code: ReasonCode, _properties: object) -> None:
        fault = ""
        if code.value == _NOBODY:
            fault = f"nobody subscribes to {self._sink.topic}"
        elif code.is_failure:
            fault = f"the broker does not take it: {code}"
        with self._changed:
            self._early[mid] = fault
            self._settle()
            self._changed.notify_all()

    def _settle(self) -> None:
        """Take the acknowledgements of what we know to have sent: they may come before publish has returned."""
        for mid in self._waiting & self._early.keys():
            self._waiting.discard(mid)
            self._fault = self._fault or self._early.pop(mid)

    def _wait(self) -> None:
        end = time.monotonic() + _WAIT_SECONDS
        with self._changed:
            while self._waiting and not self._fault and time.monotonic() < end:
                self._changed.wait(end - time.monotonic())
            if self._fault or self._waiting:
                raise SinkError(self._fault or "the broker did not acknowledge in time", is_refused=False)


def _messages(lines: Sequence[str]) -> Iterator[str]:
    """Yield lines together, as many as one message holds."""
    some: list[str] = []
    size = 0
    for line in lines:
        length = len(line.encode()) + 1
        if some and size + length > _MOST_BYTES:
            yield "\n".join(some)
            some, size = [], 0
        some.append(line)
        size += length
    if some:
        yield "\n".join(some)
