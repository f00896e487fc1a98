"""Say what the collector itself publishes between batches: settings for agents, and a canary.

The canary is a hello of the collector's own agent, published to the broker like any other and
watched until its commit is acknowledged: readiness means that this went end to end a moment ago.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence

from machxa_collector.intake.meters import Meters
from machxa_collector.intake.pipeline import Outgoing
from machxa_collector.intake.retained import QUEUED_MOST, Retained
from machxa_collector.intake.rows import CANARY_ROLE, KnownAgent
from machxa_collector.intake.sparing import Sparing
from machxa_wire.encode import encode, encode_settings
from machxa_wire.mac import sign
from machxa_wire.records import Hello, Settings, Stamp
from machxa_wire.roles import RoleOrder, encode_role
from machxa_wire.topics import Address

logger = logging.getLogger(__name__)

CANARY_SECONDS = 20.0
FRESH_SECONDS = 60.0
_AGAIN_SECONDS = 15.0


class Turn:
    """Gather what is to be published; safe to feed from other threads.

    Of what is to be retained at most so many messages wait. What finds no room is counted, and asked of its publishers
    again as soon as nothing waits.
    """

    def __init__(
        self,
        canary: KnownAgent,
        meters: Meters,
        now_ms: Callable[[], int],
        monotonic: Callable[[], float] = time.monotonic,
        queued_most: int = QUEUED_MOST,
    ) -> None:
        self._address = Address(canary.id, canary.shard)
        self._key = canary.key
        self._meters = meters
        self._now_ms, self._monotonic = now_ms, monotonic
        self._retained = Retained(queued_most)
        self._sparing = Sparing(monotonic)
        self._sent_at = float("-inf")
        self._seen_at: float | None = None
        self.connected = False
        self.on_connect: Sequence[Callable[[], object]] = ()  # what a broker that was started anew has forgotten
        self._owed: list[Callable[[], object]] = []
        self._owed_at = 0.0

    def due(self, *, connected: bool, most: int = QUEUED_MOST) -> list[Outgoing]:
        """Return what to publish now, at most so many messages of those that wait, and the canary."""
        now = self._monotonic()
        if connected != self.connected:
            self.connected = connected
            self._sent_at = float("-inf")
            self._owed, self._owed_at = list(self.on_connect), now
            self._retained.forget()
        elif connected and self.on_connect and self._retained.lacks and not self._owed and not self._retained:
            self._owed = list(self.on_connect)
            self._retained.begin_again()
        if connected and self._owed and now >= self._owed_at:
            self._publish_owed(now)
        age = self.canary_age_seconds()
        self._meters.connected.set(connected)
        self._meters.canary.set(-1 if age is None else age)
        if not connected:
            return []
        outgoing = [
            Outgoing(topic, payload, sign(key, topic, payload), qos=1, retain=True)
            for key, topic, payload in self._retained.take(most)
        ]
        if now - self._sent_at >= CANARY_SECONDS:
            self._sent_at = now
            outgoing.append(self._canary())
        return outgoing

    def owe(self, *publish: Callable[[], object]) -> None:
        """Publish this at every connection from now on, and now; without any, nothing."""
        self.on_connect = publish
        self._retained.forget()
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
        self._retained.begin_anew()

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
        if self._retained.put(agent.key, topic, payload):
            return
        self._meters.without_room.inc()
        held = self._sparing.due("room")
        if held is not None:
            logger.warning(
                "a message for agent %s finds no room behind %d others (%d more since last told); "
                "it is published again when those have left",
                agent.id,
                len(self._retained),
                held,
            )

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
