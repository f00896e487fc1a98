"""Let thousands of simulated agents come back to a broker at once, as agents do: back-off, TLS, hello, records."""

from __future__ import annotations

import heapq
import selectors
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from ssl import SSLContext
from typing import Any

from paho.mqtt.enums import MQTTErrorCode
from paho.mqtt.reasoncodes import ReasonCode

from machxa_agent.schedule import BackOff
from machxa_fleet.dial import Dialling
from machxa_fleet.simulated import Credentials, SimulatedAgent

_KEEPALIVE_SECONDS = 900
_LOOK_SECONDS = 0.5
_TURN_SECONDS = 0.05


@dataclass
class Counts:
    """Hold what became of the attempts to connect: away while nobody listens, refused by a broker that does."""

    tried: int = 0
    away: int = 0
    refused: int = 0
    reasons: dict[str, int] = field(default_factory=dict)


@dataclass(eq=False)
class Member:
    """Hold one agent of the herd."""

    agent: SimulatedAgent
    context: SSLContext
    back_off: BackOff
    dialling: Dialling | None = None
    is_in: bool = False  # the broker said yes to this connection
    connected_at: float | None = None


class Herd:
    """Drive agents, connected or not; is_away says whether the broker is known not to listen."""

    def __init__(
        self,
        credentials: Sequence[Credentials],
        context_of: Callable[[str], SSLContext],
        address: tuple[str, int],
        is_away: Callable[[], bool],
    ) -> None:
        """Prepare; nobody connects before the first ``call``."""
        chance = Random(1)
        self.counts = Counts()
        self._address = address
        self._is_away = is_away
        self._random = chance
        self._selector = selectors.DefaultSelector()
        self._due: list[tuple[float, int]] = []
        self.members = [self._member(one, index, context_of) for index, one in enumerate(credentials)]
        self._look_at = 0.0

    def call(self, within_seconds: float) -> None:
        """Let everybody who is not connected come, each at a time of its own."""
        now = time.monotonic()
        for index, one in enumerate(self.members):
            if one.connected_at is None and one.dialling is None:
                heapq.heappush(self._due, (now + self._random.random() * within_seconds, index))

    def read(self) -> None:
        """Let each take a reading and make a record of it."""
        for one in self.members:
            one.agent.read()
            one.agent.outbox.fold()

    def connected(self) -> int:
        """Return how many the broker has said yes to and not left since."""
        return sum(one.is_in for one in self.members)

    def waiting(self) -> int:
        """Return how many records nobody has acknowledged."""
        return sum(one.agent.outbox.depth().waiting_records for one in self.members)

    def turn(self) -> None:
        """Do what is due and what is ready."""
        now = time.monotonic()
        while self._due and self._due[0][0] <= now:
            self._begin(self.members[heapq.heappop(self._due)[1]])
        for key, _ in self._selector.select(_TURN_SECONDS):
            member: Member = key.data
            if member.dialling is not None:
                self._step(member, key.fileobj)
            else:
                self._serve(member, key.fileobj)
        if now >= self._look_at:
            self._look_at = now + _LOOK_SECONDS
            for one in self.members:
                if one.is_in:
                    one.agent.send(now)

    def close(self) -> None:
        """Say good-bye."""
        for one in self.members:
            if one.is_in:
                one.agent.client.disconnect()
            if one.dialling is not None:
                one.dialling.close()
        self._selector.close()

    def _member(self, given: Credentials, index: int, context_of: Callable[[str], SSLContext]) -> Member:
        agent = SimulatedAgent(given, index)
        member = Member(agent, context_of(given.agent), BackOff(self._random.random))

        def connected(
            _client: object, _userdata: object, _flags: object, code: ReasonCode, _properties: object
        ) -> None:
            if code.is_failure:
                self._count(str(code))
                return
            member.is_in, member.connected_at = True, time.monotonic()
            agent.greet()

        agent.client.on_connect = connected
        agent.client.keepalive = _KEEPALIVE_SECONDS
        agent.client._host = self._address[0]  # noqa: SLF001 - what connect() sets, without its connecting
        return member

    def _begin(self, member: Member) -> None:
        self.counts.tried += 1
        try:
            member.dialling = Dialling(self._address, member.context)
        except OSError as exc:
            self._failed(member, exc)
            return
        self._selector.register(member.dialling.handle, selectors.EVENT_WRITE, member)

    def _step(self, member: Member, watched: Any) -> None:  # noqa: ANN401 - what the selector watches
        dialling = member.dialling
        if dialling is None:
            return
        self._selector.unregister(watched)
        try:
            event = dialling.step()
            if event is not None:
                self._selector.register(dialling.handle, event, member)
                return
            member.dialling, member.agent.client.handed = None, dialling.handle
            member.agent.client.reconnect()
        except OSError as exc:
            dialling.close()
            self._failed(member, exc)
            return
        self._selector.register(dialling.handle, selectors.EVENT_READ, member)

    def _serve(self, member: Member, watched: Any) -> None:  # noqa: ANN401 - as above
        client = member.agent.client
        while True:
            if client.loop_read() != MQTTErrorCode.MQTT_ERR_SUCCESS or client.socket() is None:
                self._selector.unregister(watched)
                self._left(member)
                return
            if not client.has_pending():
                break
        if client.want_write():
            client.loop_write()

    def _left(self, member: Member) -> None:
        member.agent.window.disconnected()
        if member.is_in:
            member.is_in, member.connected_at = False, None
            self._later(member, member.agent.window.spread())
        else:
            self._failed(member, OSError("closed before it was connected"))

    def _failed(self, member: Member, exc: OSError) -> None:
        member.dialling = None
        if self._is_away():
            self.counts.away += 1
        else:
            self._count(type(exc).__name__ + ": " + str(exc))
        self._later(member)

    def _count(self, reason: str) -> None:
        self.counts.refused += 1
        self.counts.reasons[reason] = self.counts.reasons.get(reason, 0) + 1

    def _later(self, member: Member, spread_seconds: float = 0.0) -> None:
        due = time.monotonic() + max(spread_seconds, member.back_off.next(0.0))
        heapq.heappush(self._due, (due, self.members.index(member)))


def listens(address: tuple[str, int]) -> bool:
    """Return whether somebody listens there."""
    try:
        socket.create_connection(address, 1).close()
    except OSError:
        return False
    return True
