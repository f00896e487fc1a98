"""Decide what one arrival is: who sent it, whether it may be heard, what record it holds. Pure but for its caches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from machxa_collector.intake.fast import Batch, FastReader
from machxa_collector.intake.rows import KnownAgent
from machxa_wire import decode, downward, mac
from machxa_wire.limits import WIRE_VERSION
from machxa_wire.records import Place, Presence, Record, Samples
from machxa_wire.refusal import Reason, Refused
from machxa_wire.text import inflate, to_body
from machxa_wire.topics import Address, parse_upward


@dataclass(frozen=True, slots=True)
class Arrival:
    """Hold one MQTT message: mac is its user property, None when it has none."""

    topic: str
    payload: bytes
    mac: str | None
    retain: bool = False


@dataclass(frozen=True, slots=True)
class Admitted:
    """Pair what arrived with whom it came from."""

    agent: KnownAgent
    record: Batch | Record | Presence


class Admission:
    """Know the enrolled agents by their topics."""

    def __init__(self, agents: tuple[KnownAgent, ...] = ()) -> None:
        self._fast = FastReader()
        self._up: dict[str, KnownAgent] = {}
        self._presence: dict[str, KnownAgent] = {}
        self._shards: dict[str, str] = {}  # of each agent that is heard, by its id
        self.hear(agents)

    def hear(self, agents: Iterable[KnownAgent]) -> None:
        """Hear these agents from now on as well, each as it is now; one thread's at a time."""
        for agent in agents:
            address = Address(agent.id, agent.shard)
            if self._shards.get(agent.id, agent.shard) != agent.shard:
                self._forget(agent.id)
            self._up[address.up] = self._presence[address.presence] = agent
            self._shards[agent.id] = agent.shard

    def forget(self, ids: Iterable[str]) -> None:
        """Hear these agents (their ids) no more; one thread's at a time."""
        for id_ in ids:
            self._forget(id_)

    def _forget(self, id_: str) -> None:
        shard = self._shards.pop(id_, None)
        if shard is not None:
            address = Address(id_, shard)
            self._up.pop(address.up, None)
            self._presence.pop(address.presence, None)

    def count(self) -> int:
        """Return how many agents are heard."""
        return len(self._up)

    def knows(self, topic: str) -> bool:
        """Return whether a topic belongs to an enrolled agent."""
        return topic in self._up or topic in self._presence

    def admit(self, arrival: Arrival) -> Admitted:
        """Return what an arrival holds; raises Refused with the reason."""
        agent = self._up.get(arrival.topic)
        if agent is None:
            return self._presence_of(arrival)
        if arrival.retain:
            raise Refused(Reason.RETAINED, "a record with the retain flag")
        _check_mac(agent, arrival)
        text = inflate(arrival.payload)
        batch = self._fast.read(text)
        if batch is not None:
            return Admitted(agent, batch)
        record = decode.record_of(to_body(text))
        if isinstance(record, Samples) and record.place is None and not agent.unsigned:
            raise Refused(Reason.UNSEQUENCED, "samples without stream and seq")
        return Admitted(agent, record)

    def place_of(self, arrival: Arrival) -> tuple[KnownAgent, Place] | None:
        """Return whose number a refused record has, None when nobody vouches for it or nobody can read it.

        A record of a newer wire version has none: it waits with its agent until this collector is newer too.
        """
        agent = self._up.get(arrival.topic)
        if agent is None or arrival.retain:
            return None
        try:
            _check_mac(agent, arrival)
            body = to_body(inflate(arrival.payload))
            return None if body.get("v") != WIRE_VERSION else (agent, decode.place_of(body))
        except Refused:
            return None

    def _presence_of(self, arrival: Arrival) -> Admitted:
        agent = self._presence.get(arrival.topic)
        if agent is None:
            if parse_upward(arrival.topic) is None:
                raise Refused(Reason.TOPIC, "no topic an agent writes")
            raise Refused(Reason.AGENT, "no such agent, or not under this shard")
        _check_mac(agent, arrival)
        return Admitted(agent, downward.decode_presence(arrival.payload))


def _check_mac(agent: KnownAgent, arrival: Arrival) -> None:
    if arrival.mac is None:
        if agent.unsigned:
            return
        raise Refused(Reason.MAC, "no mac property")
    if not mac.verify(agent.key, arrival.topic, arrival.payload, arrival.mac):
        raise Refused(Reason.MAC, "mac does not fit topic and payload")
