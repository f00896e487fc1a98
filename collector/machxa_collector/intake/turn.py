"""Say what the collector itself publishes between batches: settings for agents, and a canary.

The canary is a hello of the collector's own agent, published to the broker like any other and
watched until its commit is acknowledged: readiness means that this went end to end a moment ago.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Sequence

from machxa_collector.intake.meters import Meters
from machxa_collector.intake.pipeline import Outgoing
from machxa_collector.intake.rows import CANARY_ROLE, KnownAgent
from machxa_wire.encode import encode, encode_settings
from machxa_wire.mac import sign
from machxa_wire.records import Hello, Settings, Stamp
from machxa_wire.roles import RoleOrder, encode_role
from machxa_wire.topics import Address

logger = logging.getLogger(__name__)

CANARY_SECONDS = 20.0
FRESH_SECONDS = 60.0
_AGAIN_SECONDS = 15.0
_QUEUED_MOST = 250_000  # three messages for each agent of the country


class Turn:
    """Gather what is to be published; safe to feed from other threads."""

    def __init__(
        self,
        canary: KnownAgent,
        meters: Meters,
        now_ms: Callable[[], int],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._address = Address(canary.id, canary.shard)
        self._key = canary.key
        self._meters = meters
        self._now_ms, self._monotonic = now_ms, monotonic
        self._queue: deque[tuple[bytes, str, bytes]] = deque(maxlen=_QUEUED_MOST)  # key, topic, payload
        self._sent_at = float("-inf")
        self._seen_at: float | None = None
        self.connected = False
        self.on_connect: Sequence[Callable[[], object]] = ()  # what a broker that was started anew has forgotten
        self._owed: list[Callable[[], object]] = []
        self._owed_at = 0.0

    def due(self, *, connected: bool, most: int = _QUEUED_MOST) -> list[Outgoing]:
        """Return what to publish now, at most so many messages of those that wait, and the canary."""
        now = self._monotonic()
        if connected != self.connected:
            self.connected = connected
            self._sent_at = float("-inf")
            self._owed, self._owed_at = list(self.on_connect), now
        if connected and self._owed and now >= self._owed_at:
            self._publish_owed(now)
        age = self.canary_age_seconds()
        self._meters.connected.set(connected)
        self._meters.canary.set(-1 if age is None else age)
        if not connected:
            return []
        waiting = (self._queue.popleft() for _ in range(min(most, len(self._queue))))
        outgoing = [
            Outgoing(topic, payload, sign(key, topic, payload), qos=1, retain=True) for key, topic, payload in waiting
        ]
        if now - self._sent_at >= CANARY_SECONDS:
            self._sent_at = now
            outgoing.append(self._canary())
        return outgoing

    def owe(self, *publish: Callable[[], object]) -> None:
        """Publish this at every connection from now on, and now; without any, nothing."""
        self.on_connect = publish
        if self.connected:
            self._owed = list(publish)

    def _publish_owed(self, now: float) -> None:
        """Publish what was retained before; what fails now is tried again and keeps the intake from nothing."""
        while self._owed:
            publish = self._owed.pop(0)
            try:
                publish()
            except Exception:
                logger.exception("what the broker has forgotten could not be published; it is tried again")
                self._owed.append(publish)  # behind the others; each may wait long for a locked store
                self._owed_at = now + _AGAIN_SECONDS
                return

    def acknowledged(self, outgoing: Sequence[Outgoing]) -> None:
        """Notice the canary among what a commit acknowledged."""
        if any(map(self.is_canary, outgoing)):
            self._seen_at = self._monotonic()

    def is_canary(self, outgoing: Outgoing) -> bool:
        """Return whether this acknowledges the canary."""
        return outgoing.topic == self._address.ack

    def canary_age_seconds(self) -> float | None:
        """Return how long ago a canary was committed, None before the first."""
        return None if self._seen_at is None else self._monotonic() - self._seen_at

    def send_settings(self, agents: Sequence[KnownAgent], settings: Settings) -> None:
        """Publish settings, retained, to each of these agents."""
        payload = encode_settings(settings)
        for agent in agents:
            self.retain(agent, Address(agent.id, agent.shard).config, payload)

    def send_policy(self, agents: Sequence[KnownAgent], payload: bytes) -> None:
        """Publish a policy, signed offline, retained, to each of these agents."""
        for agent in agents:
            self.retain(agent, Address(agent.id, agent.shard).policy, payload)

    def send_role(self, agent: KnownAgent, order: RoleOrder) -> None:
        """Publish an agent's role, retained."""
        self.retain(agent, Address(agent.id, agent.shard).role, encode_role(order))

    def retain(self, agent: KnownAgent, topic: str, payload: bytes) -> None:
        """Publish a payload, retained, to one agent under its MAC."""
        self._queue.append((agent.key, topic, payload))

    def _canary(self) -> Outgoing:
        now = self._now_ms()
        hello = Hello(
            stamp=Stamp(boot="canary", time=now, mono=time.monotonic_ns() // 1_000_000),
            stream="0" * 16,
            high=0,
            waiting_records=0,
            waiting_bytes=0,
            role=CANARY_ROLE,
            versions={},
            newest=None,
        )
        payload = encode(hello)
        return Outgoing(self._address.up, payload, sign(self._key, self._address.up, payload), qos=1)
