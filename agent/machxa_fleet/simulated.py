"""Run many agents in one process and one thread: the real wire, outbox and window, made-up readings."""

from __future__ import annotations

import heapq
import selectors
import time
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from paho.mqtt.client import MQTTMessage
from paho.mqtt.enums import MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from machxa_agent.outbox.memory import MemoryOutbox
from machxa_agent.window import Window
from machxa_fleet.dial import HandedClient
from machxa_fleet.values import Readings
from machxa_wire.downward import decode_ack, decode_centre
from machxa_wire.encode import encode
from machxa_wire.mac import PROPERTY, sign, verify
from machxa_wire.records import Hello, Stamp
from machxa_wire.refusal import Refused
from machxa_wire.topics import CENTRE_PRESENCE, Address

_KEEPALIVE_SECONDS = 900
_LOOK_SECONDS = 1.0
_REJOIN_SECONDS = 2.0
_NOBODY_LISTENS = 0x10  # "No matching subscribers"


@dataclass(frozen=True, slots=True)
class Credentials:
    """Hold what an agent was given at enrolment."""

    agent: str
    shard: str
    key: bytes


@dataclass(frozen=True, slots=True)
class Pace:
    """Say how often agents read and send, in seconds."""

    sample_seconds: float = 60.0
    batch_seconds: float = 300.0


class SimulatedAgent:
    """Be one agent: it keeps, sends, resends and forgets as the real one does."""

    def __init__(self, given: Credentials, seed: int) -> None:
        self._address = Address(given.agent, given.shard)
        self._key = given.key
        self._readings = Readings(seed)
        chance = Random(seed)
        self.stream = f"{chance.getrandbits(64):016x}"
        self.outbox = MemoryOutbox(self.stream, stamp=_stamp, age_ms=_monotonic_ms)
        self.window = Window(chance.random)
        self.client = HandedClient(given.agent)
        self.client.on_connect = self.greet
        self.client.on_message = self._heard
        self.client.on_publish = self._confirmed

    def read(self) -> None:
        """Take one reading."""
        self.outbox.add_tick(_stamp(), self._readings.next_samples())

    def send(self, now: float) -> None:
        """Publish what the window lets through."""
        room = self.window.room(self.outbox.depth().waiting_records, now)
        if room is None:
            return
        for waiting in self.outbox.peek(room.after_seq, room.records, room.bytes):
            self._publish(waiting.payload)
            self.window.sent(waiting.seq, len(waiting.payload), now)

    def greet(self, *_: object) -> None:
        """Subscribe and say hello, as at every new connection."""
        self.client.subscribe([(self._address.down, 0), (CENTRE_PRESENCE, 0)])
        depth = self.outbox.depth()
        hello = Hello(
            _stamp(), self.stream, depth.high, depth.waiting_records, depth.waiting_bytes, "pc", {"agent": "sim"}, None
        )
        self._publish(encode(hello))
        self.window.connected(time.monotonic())

    def _heard(self, _client: object, _userdata: object, message: MQTTMessage) -> None:
        payload = bytes(message.payload)
        now = time.monotonic()
        try:
            if message.topic == CENTRE_PRESENCE:
                centre = decode_centre(payload)
                if centre.up:
                    self.window.centre_is_up(centre.instance, centre.spread_seconds, now)
                return
            claimed = dict(vars(message.properties).get("UserProperty", ())) if message.properties else {}
            if message.topic != self._address.ack or not verify(
                self._key, message.topic, payload, claimed.get(PROPERTY, "")
            ):
                return
            ack = decode_ack(payload)
        except Refused:
            return
        if self.outbox.acknowledge(ack.stream, ack.upto):
            self.window.acknowledged(ack.upto, now)
        self.send(now)

    def _confirmed(self, _client: object, _userdata: object, _mid: int, code: ReasonCode, _properties: object) -> None:
        if code.value == _NOBODY_LISTENS:
            self.window.nobody_listens(time.monotonic())

    def _publish(self, payload: bytes) -> None:
        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call] # paho leaves it untyped
        properties.UserProperty = (PROPERTY, sign(self._key, self._address.up, payload))
        self.client.publish(self._address.up, payload, qos=1, properties=properties)


class Fleet:
    """Drive simulated agents against a broker."""

    def __init__(self, credentials: Sequence[Credentials], pace: Pace, seed: int = 1) -> None:
        self.agents = [SimulatedAgent(one, seed + index) for index, one in enumerate(credentials)]
        self._pace = pace
        self._selector = selectors.DefaultSelector()
        self._random = Random(seed)
        self._due: list[tuple[float, int, str]] = []

    def connect(self, host: str, port: int) -> None:
        """Connect every agent and begin its own rhythm, spread over one interval."""
        now = time.monotonic()
        for index, agent in enumerate(self.agents):
            agent.client.connect(host, port, keepalive=_KEEPALIVE_SECONDS)
            self._selector.register(agent.client.socket(), selectors.EVENT_READ, agent)  # type: ignore[arg-type] # connected
            start = now + self._random.random() * self._pace.sample_seconds
            heapq.heappush(self._due, (start, index, "read"))
            heapq.heappush(self._due, (start + self._pace.batch_seconds, index, "fold"))
            heapq.heappush(self._due, (start, index, "look"))
            self._turn(0.0)

    def run(self, seconds: float) -> None:
        """Let the fleet live for a while."""
        end = time.monotonic() + seconds
        while (now := time.monotonic()) < end:
            wait = min(end, self._due[0][0]) - now if self._due else end - now
            self._turn(max(0.0, wait))

    def drain(self, seconds: float) -> int:
        """Read no more, send all that waits; return how many records are still unacknowledged after that time."""
        for agent in self.agents:
            agent.outbox.fold()
        self._due = [one for one in self._due if one[2] in ("look", "join")]
        heapq.heapify(self._due)
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.waiting():
            self._turn(0.05)
        return self.waiting()

    def waiting(self) -> int:
        """Return how many records are unacknowledged."""
        return sum(agent.outbox.depth().waiting_records for agent in self.agents)

    def sent(self) -> int:
        """Return how many records were ever made."""
        return sum(agent.outbox.depth().high for agent in self.agents)

    def close(self) -> None:
        """Say good-bye."""
        for agent in self.agents:
            agent.client.disconnect()
        self._selector.close()

    def _turn(self, wait: float) -> None:
        for key, _ in self._selector.select(wait):
            agent: SimulatedAgent = key.data
            if agent.client.loop_read() != MQTTErrorCode.MQTT_ERR_SUCCESS:
                self._selector.unregister(key.fileobj)
                agent.window.disconnected()
                self._later(agent, "join")
        now = time.monotonic()
        while self._due and self._due[0][0] <= now:
            due, index, what = heapq.heappop(self._due)
            self._do(self.agents[index], what, now)
            if what == "join":
                continue
            every = {"read": self._pace.sample_seconds, "fold": self._pace.batch_seconds, "look": _LOOK_SECONDS}[what]
            heapq.heappush(self._due, (due + every, index, what))

    def _do(self, agent: SimulatedAgent, what: str, now: float) -> None:
        if what == "read":
            agent.read()
        elif what == "fold":
            agent.outbox.fold()
            agent.send(now)
        elif what == "join":
            self._join(agent)
        else:
            agent.client.loop_misc()
            if agent.client.want_write():
                agent.client.loop_write()
            agent.send(now)

    def _later(self, agent: SimulatedAgent, what: str) -> None:
        due = time.monotonic() + self._random.random() * _REJOIN_SECONDS
        heapq.heappush(self._due, (due, self.agents.index(agent), what))

    def _join(self, agent: SimulatedAgent) -> None:
        """Connect again; when nobody listens, try later."""
        try:
            agent.client.reconnect()
        except OSError:
            self._later(agent, "join")
            return
        self._selector.register(agent.client.socket(), selectors.EVENT_READ, agent)  # type: ignore[arg-type] # connected


def _monotonic_ms() -> int:
    return time.monotonic_ns() // 1_000_000


def _stamp() -> Stamp:
    return Stamp("sim.1", time.time_ns() // 1_000_000, _monotonic_ms())
