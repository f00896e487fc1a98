"""End agents' connections by coming under their ids: a broker has one session for one client id (MQTT 5, 3.1.4).

A certificate that is revoked is refused from the next connection on, but mosquitto never looks again at a
connection that stands. It works only where the collector may choose its client id, as on its own listener.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion

from machxa_collector.intake.address import USER, BrokerAddress, password_of

_ANSWER_SECONDS = 5.0


def disconnect(broker: BrokerAddress, agents: Sequence[str]) -> None:
    """End the connections and sessions of these agents, whose wills are sent; raises OSError."""
    for agent in agents:
        _come_as(broker, agent)


def _come_as(broker: BrokerAddress, agent: str) -> None:
    client = Client(CallbackAPIVersion.VERSION2, client_id=agent, protocol=MQTTProtocolVersion.MQTTv5)
    client.username_pw_set(USER, password_of(broker))
    client.connect(broker.host, broker.port, clean_start=True)
    deadline = time.monotonic() + _ANSWER_SECONDS
    while not client.is_connected():
        if client.loop(0.1) != MQTTErrorCode.MQTT_ERR_SUCCESS or time.monotonic() > deadline:
            raise ConnectionError(f"broker {broker.host}:{broker.port} does not let the collector come as {agent!r}")
    client.disconnect()
