"""Speak MQTT 5 to the broker: the agent's only paho import, made without what paho loads for websockets and proxies.

paho's own thread wakes every second and costs five times as much as all the rest; here the caller's select
drives it. A connection is a new client: what was under way on the last one is the window's business.
"""

# ruff: noqa: ANN401 - paho's own types, on its callbacks

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any, Callable, Optional

from machxa_agent.dialling import dial
from machxa_agent.identity import Encryption
from machxa_agent.light import without
from machxa_agent.paths import Route
from machxa_wire import mac

_UNUSED = ("urllib.request", "ssl", "hashlib", "base64", "uuid", "platform")

with without(*_UNUSED) as _made:
    if "platform" in _made:
        sys.modules["platform"].system = lambda: "Windows" if sys.platform == "win32" else sys.platform  # type: ignore[attr-defined]  # an empty module
    if "ssl" in _made:
        for _name in ("SSLWantReadError", "SSLWantWriteError"):  # paho 2 names them in every read
            setattr(sys.modules["ssl"], _name, type(_name, (OSError,), {}))
    from paho.mqtt.client import Client, MQTTMessage
    from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
    from paho.mqtt.packettypes import PacketTypes
    from paho.mqtt.properties import Properties

TAKEN_OVER = 0x8E  # "Session taken over": another client came with our id
NOBODY_LISTENS = 0x10  # "No matching subscribers"
_CONNECT_SECONDS = 10.0


@dataclass(frozen=True)
class Will:
    """Hold what the broker says when we vanish, and how long it waits for us to come back first."""

    topic: str
    payload: bytes
    delay_seconds: int


@dataclass(frozen=True)
class Received:
    """Hold one message; mac is empty when it has none."""

    topic: str
    payload: bytes
    mac: str


class BrokerClient:
    """Hold one connection. Callbacks come from ``read`` alone."""

    def __init__(
        self,
        agent: str,
        key: bytes,
        will: Will,
        *,
        encryption: Optional[Encryption] = None,
        connected: Callable[[], None],
        received: Callable[[Received], None],
        confirmed: Callable[[int, int], None],
    ) -> None:
        """Prepare a connection; confirmed takes a message id and the broker's reason code. Raises OSError for TLS."""
        self._key = key
        self._connected = connected
        self._received = received
        self._confirmed = confirmed
        self._aliases = False
        self._aliased = ""
        self.ended: Optional[int] = None  # the broker's reason once it ended the connection
        self.closed = False  # the broker closed the connection, so the line works and the broker went
        self.refused = ""
        client = Client(CallbackAPIVersion.VERSION2, client_id=agent, protocol=MQTTProtocolVersion.MQTTv5)
        client.username_pw_set(agent)
        client.connect_timeout = _CONNECT_SECONDS
        client.max_inflight_messages_set(0)
        client.on_connect = self._on_connect
        client.on_message = self._on_message
        client.on_publish = self._on_publish
        client.on_disconnect = self._on_disconnect
        properties = self._signed(will.topic, will.payload, PacketTypes.WILLMESSAGE)
        properties.WillDelayInterval = will.delay_seconds
        client.will_set(will.topic, will.payload, qos=1, retain=True, properties=properties)
        self._encrypted = encryption is not None
        self.trouble = ""  # what TLS said of a connection that broke
        if encryption is not None:
            _encrypt(client, encryption)
            client.on_log = self._on_log
        self._client = client
        self._session_seconds = will.delay_seconds

    def connect(self, route: Route, keepalive_seconds: int) -> None:
        """Open the connection; blocks while names are resolved and the broker is reached. Raises OSError.

        The session outlives the connection by the will's delay: a session that ends takes its will along at once.
        """
        client: Any = self._client
        client._create_socket_connection = lambda: dial(route, _CONNECT_SECONDS)  # noqa: SLF001 - paho knows one way
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho's has no types
        properties.SessionExpiryInterval = self._session_seconds
        self._client.connect(route.host, route.port, keepalive_seconds, clean_start=False, properties=properties)

    def socket(self) -> Optional[Any]:
        """Return the socket to select on, None when the connection is down."""
        return self._client.socket()

    def wants_to_write(self) -> bool:
        """Return whether something waits for the socket."""
        return bool(self._client.want_write())

    def read(self) -> None:
        """Take in what came; of what TLS has decrypted already, select knows nothing."""
        self._client.loop_read()
        while self._encrypted and self._has_decrypted():
            self._client.loop_read()
        self.closed = self._client.socket() is None

    def write(self) -> None:
        """Send what waits."""
        self._client.loop_write()

    def keep_alive(self) -> bool:
        """Ping when it is time and return whether it was; close when a ping was not answered."""
        before = self._client._ping_t  # noqa: SLF001 - paho tells nobody
        self._client.loop_misc()
        return self._client._ping_t != before  # noqa: SLF001

    def subscribe(self, *filters: str) -> None:
        """Subscribe with QoS 1."""
        self._client.subscribe([(one, 1) for one in filters])

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> int:
        """Send a message with its MAC; return its id."""
        properties = self._signed(topic, payload, PacketTypes.PUBLISH)
        sent_as = topic
        if self._aliases and not retain:
            properties.TopicAlias = 1
            sent_as = "" if self._aliased == topic else topic
            self._aliased = topic
        return int(self._client.publish(sent_as, payload, qos=1, retain=retain, properties=properties).mid)

    def disconnect(self) -> None:
        """End the connection in good order: no will is sent."""
        self._client.disconnect()

    def abandon(self) -> None:
        """Drop the connection without a word: the broker sends the will."""
        handle = self._client.socket()
        if handle is not None:
            handle.close()

    def _signed(self, topic: str, payload: bytes, packet: int) -> Properties:
        properties = Properties(packet)  # type: ignore[no-untyped-call]  # paho's has no types
        properties.UserProperty = (mac.PROPERTY, mac.sign(self._key, topic, payload))
        return properties

    def _has_decrypted(self) -> bool:
        handle: Any = self._client.socket()
        return handle is not None and bool(handle.pending())

    def _on_log(self, _client: object, _userdata: object, _level: int, text: str) -> None:
        if "SSL" in text:
            self.trouble = text[:200]

    def _on_connect(self, _client: object, _userdata: object, _flags: object, code: Any, properties: Any) -> None:
        if code.is_failure:
            self.refused = str(code)
            return
        self._aliases = getattr(properties, "TopicAliasMaximum", 0) >= 1
        self._connected()

    def _on_message(self, _client: object, _userdata: object, message: MQTTMessage) -> None:
        pairs = getattr(message.properties, "UserProperty", [])
        claimed = [value for name, value in pairs if name == mac.PROPERTY]
        try:
            topic = message.topic
        except UnicodeDecodeError:
            return
        self._received(Received(topic, bytes(message.payload), claimed[0] if len(claimed) == 1 else ""))

    def _on_publish(self, _client: object, _userdata: object, mid: int, code: Any, _properties: object) -> None:
        self._confirmed(mid, int(code.value))

    def _on_disconnect(self, _client: object, _userdata: object, flags: Any, code: Any, _properties: object) -> None:
        if flags.is_disconnect_packet_from_server:
            self.ended = int(code.value)


def _encrypt(client: Client, encryption: Encryption) -> None:
    """Give paho what it was made without: TLS is loaded when a broker wants it, and never else."""
    import ssl  # noqa: PLC0415 - 3 MB

    import paho.mqtt.client as module  # noqa: PLC0415

    from machxa_agent import pinned  # noqa: PLC0415

    vars(module)["ssl"] = ssl
    client.tls_set_context(pinned.context(encryption.ca, encryption.own))
