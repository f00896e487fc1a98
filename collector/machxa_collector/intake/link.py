"""Join the intake to a broker: the collector's only paho import.

One thread reads, commits and acknowledges. A message is acknowledged to the broker only after its
commit, so what is unread waits in the broker's receive window and memory stays bounded. The broker
queues nothing for us: the session is clean and the agents resend what nobody acknowledged.
"""

from __future__ import annotations

import logging
import select
import time
from collections.abc import Callable, Sequence

from paho.mqtt.client import MQTTMessage
from paho.mqtt.enums import MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from machxa_collector import crash
from machxa_collector.intake.address import USER, BrokerAddress, encryption, password_of
from machxa_collector.intake.admit import Arrival
from machxa_collector.intake.pipeline import Outgoing, Pipeline
from machxa_collector.intake.rows import StoreUnavailableError
from machxa_collector.intake.shares import Share
from machxa_collector.intake.socketbuffer import BufferedClient, SignedPublish
from machxa_collector.intake.sparing import Sparing
from machxa_collector.intake.turn import Turn
from machxa_wire import mac
from machxa_wire.encode import encode_centre
from machxa_wire.records import CentrePresence
from machxa_wire.topics import CENTRE_PRESENCE

logger = logging.getLogger(__name__)

RECEIVE_MAXIMUM = 2000
BATCH_MOST = 1000
FLUSH_SECONDS = 0.1
_KEEPALIVE_SECONDS = 30
_STORE_RETRY_SECONDS = 1.0
_RECONNECT_SECONDS = 1.0
_TELL_SECONDS = 60.0  # between looks whether the fleet has grown
_UNDER_WAY_MOST = 1000  # of what we publish ourselves; the rest waits in a tenth of the memory
_READS_PER_TURN = 200


class IntakeLink:
    """Run the intake until ``stop`` is called; reconnects for ever."""

    def __init__(
        self,
        broker: BrokerAddress,
        pipeline: Pipeline,
        *,
        share: Share,
        spread_seconds: Callable[[], int],
        turn: Turn,
    ) -> None:
        """Prepare a link; share says what we take, turn what else to publish.

        spread_seconds says, in the link's thread, over how long as many agents as there are now shall come back.
        """
        self._broker = broker
        self._pipeline = pipeline
        self._share = share
        self._spread_seconds = spread_seconds
        self._told_seconds = 0
        self._tell_at = 0.0
        self._turn = turn
        self._waiting: list[Arrival] = []
        self._mids: list[int] = []
        self._since = 0.0
        self._stopping = False
        self._sparing = Sparing()
        self._client = self._make_client()

    def run(self) -> None:
        """Serve until stopped."""
        while not self._stopping:
            try:
                if self._broker.password:
                    self._client.username_pw_set(USER, password_of(self._broker))
                self._client.connect(
                    self._broker.host,
                    self._broker.port,
                    keepalive=_KEEPALIVE_SECONDS,
                    clean_start=True,
                    properties=_connect_properties(),
                )
                self._serve()
            except OSError as exc:
                if self._sparing.due("broker") is not None:
                    logger.warning("broker %s:%d cannot be reached: %s", self._broker.host, self._broker.port, exc)
            except Exception:
                if self._sparing.due("link") is not None:
                    logger.exception("the intake's link failed; it starts again")
            self._waiting.clear()
            self._mids.clear()
            self._turn.due(connected=False)
            if not self._stopping:
                time.sleep(_RECONNECT_SECONDS)

    def stop(self) -> None:
        """End ``run``; what is not committed by then is not acknowledged, so its agents send it again."""
        self._stopping = True

    def _make_client(self) -> BufferedClient:
        broker = self._broker
        client = BufferedClient(self._signed, (lambda: encryption(broker)) if broker.ca else None)
        client.on_connect = self._connected
        client.on_message = self._received
        if self._share.is_alone:  # others stay when one of several goes
            client.will_set(CENTRE_PRESENCE, self._away(), qos=1, retain=True)
        return client

    def _away(self) -> bytes:
        return encode_centre(CentrePresence(up=False, instance=self._share.instance, spread_seconds=0))

    def _connected(
        self, _client: object, _userdata: object, _flags: object, code: ReasonCode, _properties: object
    ) -> None:
        if code.is_failure:
            if self._sparing.due("refused") is not None:
                logger.error("broker refused the collector: %s", code)
            return
        self._sparing.over("broker")
        self._subscribe(self._share.filters())
        self._announce(self._spread_seconds())
        logger.info("intake connected to %s:%d", self._broker.host, self._broker.port)

    def _subscribe(self, filters: Sequence[tuple[str, bool]]) -> None:
        # records with their retain flag as it was published: none may have it (MQTT 5, 3.8.3.1)
        asked = [(name, SubscribeOptions(qos=1, retainAsPublished=are_records)) for name, are_records in filters]
        if asked:
            self._client.subscribe(asked)

    def _follow(self) -> None:
        """Take what became ours, and no more what became another one's: who sent that, sends it again."""
        moved = self._share.moved()
        if moved is None:
            return
        if moved.gone:
            self._client.unsubscribe(list(moved.gone))
        self._subscribe(moved.come)
        self._waiting, arrivals = [], self._waiting
        self._mids, mids = [], self._mids
        for arrival, mid in zip(arrivals, mids, strict=True):
            self._take(arrival, mid)
        if self._client.is_connected():
            self._announce(self._spread_seconds())  # who waits because nobody heard waits no longer

    def _announce(self, spread_seconds: int) -> None:
        """Publish our presence: what agents find retained when they come is what holds for them when they lose us."""
        self._told_seconds = spread_seconds
        centre = CentrePresence(up=True, instance=self._share.instance, spread_seconds=spread_seconds)
        self._client.publish(CENTRE_PRESENCE, encode_centre(centre), qos=1, retain=True)

    def _signed(self, publish: SignedPublish) -> None:
        self._take(Arrival(publish.topic, publish.payload, publish.mac, publish.retain), publish.mid)

    def _received(self, _client: object, _userdata: object, message: MQTTMessage) -> None:
        arrival = Arrival(_topic(message), bytes(message.payload), _mac(message.properties), message.retain)
        self._take(arrival, message.mid if message.qos else 0)

    def _take(self, arrival: Arrival, mid: int) -> None:
        if not self._share.takes(arrival.topic):
            if mid:
                self._client.ack(mid, 1)
            return
        if not self._waiting:
            self._since = time.monotonic()
        self._waiting.append(arrival)
        self._mids.append(mid)

    def _serve(self) -> None:
        client = self._client
        next_turn = 0.0
        while not self._stopping:
            self._follow()
            handle = client.socket()
            if handle is None:
                return
            if not client.has_buffered() and not select.select([handle], [], [], FLUSH_SECONDS / 4)[0]:
                pass
            elif not self._read():
                return
            now = time.monotonic()
            if self._waiting and (len(self._waiting) >= BATCH_MOST or now - self._since >= FLUSH_SECONDS):
                self._flush()
            if now >= next_turn:
                next_turn = now + FLUSH_SECONDS
                if client.loop_misc() != MQTTErrorCode.MQTT_ERR_SUCCESS:
                    return
                room = max(0, _UNDER_WAY_MOST - client.under_way())
                self._publish(self._turn.due(connected=client.is_connected(), most=room))
                if now >= self._tell_at and client.is_connected():
                    self._tell_at = now + _TELL_SECONDS
                    if (spread_seconds := self._spread_seconds()) != self._told_seconds:
                        self._announce(spread_seconds)
            client.flush()
        self._leave()

    def _read(self) -> bool:
        """Read what has come, a bounded amount; return whether the connection still stands."""
        client = self._client
        for _ in range(_READS_PER_TURN):
            if client.loop_read() != MQTTErrorCode.MQTT_ERR_SUCCESS:
                return False
            if not client.has_buffered() or len(self._waiting) >= BATCH_MOST:
                return True
        return True

    def _flush(self) -> None:
        """Commit what waits, then acknowledge: to the agents, then to the broker.

        While the store cannot commit, the batch is kept and nothing more is read: the broker's
        receive window holds the rest, agents keep what nobody acknowledged.
        """
        while not self._stopping:
            arrivals, mids = self._waiting, self._mids
            try:
                outgoing = self._pipeline.process(arrivals)
                break
            except StoreUnavailableError as exc:
                if self._sparing.due("store") is not None:
                    logger.warning("store cannot commit, %d records wait: %s", len(arrivals), exc)
                self._share.doubt()
                self._client.loop_misc()
                self._client.flush()
                time.sleep(_STORE_RETRY_SECONDS)
                self._follow()
        else:
            return
        self._waiting, self._mids = [], []
        self._sparing.over("store")
        self._turn.acknowledged(outgoing)
        self._publish(outgoing)
        self._client.flush()
        crash.reached("after_ack_before_puback", at_stake=not all(map(self._turn.is_canary, outgoing)))
        for mid in mids:
            if mid:
                self._client.ack(mid, 1)

    def _publish(self, outgoing: list[Outgoing]) -> None:
        for message in outgoing:
            properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call] # paho leaves it untyped
            properties.UserProperty = (mac.PROPERTY, message.mac)
            self._client.publish(
                message.topic, message.payload, qos=message.qos, retain=message.retain, properties=properties
            )

    def _leave(self) -> None:
        if self._share.is_last():
            self._client.publish(CENTRE_PRESENCE, self._away(), qos=1, retain=True)
        self._client.flush()
        self._client.disconnect()
        self._client.flush()


def _connect_properties() -> Properties:
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call] # paho leaves it untyped
    properties.ReceiveMaximum = RECEIVE_MAXIMUM
    properties.SessionExpiryInterval = 0
    return properties


def _topic(message: MQTTMessage) -> str:
    try:
        return message.topic
    except UnicodeDecodeError:
        return "\ufffd"


def _mac(properties: Properties | None) -> str | None:
    pairs = getattr(properties, "UserProperty", None) or ()
    return next((value for name, value in pairs if name == mac.PROPERTY), None)
