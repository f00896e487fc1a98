"""Play a unit whose agents are elected: enrolled by the real path, heard and told over the real store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry
from sqlalchemy import Engine

from machxa_collector.elections import Elections
from machxa_collector.intake.admit import Arrival
from machxa_collector.intake.meters import Meters
from machxa_collector.intake.rows import KnownAgent
from machxa_collector.intake.turn import Turn
from machxa_collector.registry.audit import Entry
from machxa_collector.store.moves import move_asset
from machxa_collector.store.registry import LiveRegistry
from machxa_wire import mac
from machxa_wire.encode import encode_presence
from machxa_wire.records import Facts, Hello, Place, Presence, Stamp
from machxa_wire.roles import RoleOrder, decode_role
from machxa_wire.topics import Address
from tests.collector.builders import MIDNIGHT, STREAM, Known, enrol, pipeline, take

UNIT, OTHER = "29410", "29413"
WORKING = MIDNIGHT + 3 * 3_600_000  # Friday 2024-10-04, 10:00 in Việt Nam
WIRED = {"networks": [{"type": "ethernet", "status": "up"}]}
RADIO = {"networks": [{"type": "wifi", "status": "up"}], "batteries": [{"name": "BAT0"}]}


@dataclass
class Commune:
    """Hold a unit's agents, what they were told, and the clock."""

    store: Engine
    now_ms: int = WORKING
    agents: dict[str, Known] = field(default_factory=dict)

    def __post_init__(self) -> None:
        canary = KnownAgent(0, "00000000-0000-4000-8000-000000000000", "00", b"c" * 32, unsigned=False)
        self.turn = Turn(canary, Meters(CollectorRegistry()), lambda: self.now_ms)
        self.live = LiveRegistry(self.store)
        self.elections = self.collector()

    def collector(self) -> Elections:
        return Elections(self.store, self.turn, lambda: self.live.current().calendars, lambda: self.now_ms)

    def add(self, name: str, facts: Mapping[str, object], lan: str | None = None, unit: str = UNIT) -> None:
        known = self.agents[name] = enrol(self.store, name, self.now_ms)
        stamp = Stamp("0badcafe.1", self.now_ms, 1)
        versions = {"agent": "0.1.0", "role": "0", "snmp": "installed"}
        hello = Hello(stamp, STREAM, 1, 1, 9, "pc", versions, None, lan=lan)
        take(self.store, known, hello, Facts(Place(STREAM, 1), stamp, facts), now_ms=self.now_ms)
        self.move(name, unit)
        self.presence(name, "on")

    def move(self, name: str, unit: str | None) -> None:
        act = Entry(at=self.now_ms, actor="lan", action="asset.move")
        move_asset(self.store, act, self.agents[name].asset, unit, self.now_ms, None)

    def presence(self, name: str, state: str, role: str | None = None) -> None:
        agent = self.agents[name]
        topic, payload = Address(agent.id, agent.shard).presence, encode_presence(Presence(state, "0badcafe.1", role))
        pipeline(self.store, self.now_ms).process([Arrival(topic, payload, mac.sign(agent.key, topic, payload))])

    def hear(self) -> dict[str, RoleOrder]:
        """Return what agents were told since the last time, by their MAC keys."""
        names = {one.id: name for name, one in self.agents.items()}
        told: dict[str, RoleOrder] = {}
        for one in self.turn.due(connected=True):
            agent = one.topic.split("/")[3]
            if agent in names:
                assert one.retain
                assert mac.verify(self.agents[names[agent]].key, one.topic, one.payload, one.mac or "")
                told[names[agent]] = decode_role(one.payload)
        return told

    def roles(self) -> dict[str, tuple[str, bool]]:
        """Return role and duty of everybody that was told something, after a look."""
        self.elections.look_at_duties()
        self.elections.look_at_roles()
        return {name: (one.role, one.on_duty) for name, one in self.hear().items()}


def pair(commune: Commune) -> tuple[str, str]:
    """Return gateway and standby once they are elected."""
    told = commune.roles()
    named = {role: name for name, (role, _) in told.items()}
    return named["gateway"], named["standby"]
