"""Run a drill's world through the real pipeline and store, and let the judgement follow it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from prometheus_client import CollectorRegistry
from sqlalchemy import Engine, insert

from machxa_collector.drill.calendars import calendars_of, sessions_of
from machxa_collector.drill.fleet import communes, fleet_of
from machxa_collector.incidents.incident import Incident, Notice
from machxa_collector.incidents.words import Told
from machxa_collector.intake.admit import Arrival
from machxa_collector.intake.meters import Meters
from machxa_collector.intake.pipeline import Pipeline
from machxa_collector.judging.driver import TICK_MS, Judging
from machxa_collector.registry.people.territory import EVERYWHERE
from machxa_collector.store import incidents, tables
from machxa_collector.store.incidents import Wanted
from machxa_collector.store.intake import SqlIntakeStore
from machxa_collector.store.registry import LiveRegistry
from machxa_fleet.drill.reading import read_scenario
from machxa_fleet.drill.world import Heard, World
from machxa_wire.encode import encode, encode_presence
from machxa_wire.mac import sign
from machxa_wire.records import Presence
from machxa_wire.topics import Address

KEY = b"k" * 32
SCENARIO = {
    "name": "a line goes and comes back",
    "seed": 3,
    "start": "2026-03-10T08:00:00+07:00",
    "minutes": 45,
    "warm_up_minutes": 10,
    "province": "86",
    "units": {"default": {"count": 4, "provider": "VNPT", "pcs": 3, "counters": 1, "printers": 1}},
    "systems": ["dossier"],
    "events": [{"at": 15, "until": 35, "fault": "line_down", "unit": "29374"}],
}


class Centre:
    """Hold a world, the store that hears it, and the judgement that follows the store, on one simulated clock."""

    def __init__(self, store: Engine) -> None:
        said = {**SCENARIO, "units": {**SCENARIO["units"], "29374": {"provider": "VNPT", "pcs": 3}}}  # type: ignore[dict-item]
        self.scenario = read_scenario(said, communes())
        self.calendars = calendars_of(self.scenario.calendar, "86", tuple(self.scenario.units))
        self.world = World(self.scenario, sessions_of(self.calendars))
        self.store = store
        self.now = self.world.truth.begin
        self.fleet = fleet_of(self.scenario)
        self._enrol()
        self.pipeline = Pipeline(SqlIntakeStore(store), Meters(CollectorRegistry()), lambda: self.now)
        self.told: list[tuple[str, Told]] = []
        self.judging = self.begun()

    def begun(self) -> Judging:
        """Return a judgement as a start of the collector makes it."""
        systems, seconds = lambda: self.fleet.systems, lambda: self.now / 1000
        live = LiveRegistry(self.store, seconds)
        judging = Judging(self.store, live, lambda: self.now, systems, monotonic=seconds)
        judging.tell.append(self._tell)
        self.pipeline.committed = judging.committed
        return judging

    def heard(self) -> Iterator[Heard]:
        return (one for one in self.world.arrivals() if isinstance(one, Heard))

    def run(self, arrivals: Iterator[Heard], until: int) -> Heard | None:
        """Take what arrives in its order and judge in between; return the first that is later."""
        for one in arrivals:
            while self.now + TICK_MS < min(one.at, until):
                self._pass(self.now + TICK_MS)
            if one.at >= until:
                return one
            self.now = one.at
            self.take(one)
        while self.now < until:
            self._pass(min(self.now + TICK_MS, until))
        return None

    def take(self, one: Heard) -> None:
        address = Address(one.agent, "00")
        if isinstance(one.record, Presence):
            topic, payload = address.presence, encode_presence(one.record)
        else:
            topic, payload = address.up, encode(one.record)
        assert self.pipeline.process([Arrival(topic, payload, sign(KEY, topic, payload))]) is not None

    def incidents(self) -> list[Incident]:
        return incidents.page(self.store, EVERYWHERE, Wanted(), None, 100)

    def _pass(self, now: int) -> None:
        self.now = now
        self.judging.turn()

    def _tell(self, told: Sequence[tuple[Notice, Incident]]) -> None:
        self.told += [(incident.subject, notice.told) for notice, incident in told]

    def _enrol(self) -> None:
        lines = [
            {"id": f"line-{site.code}", "unit": site.code, "name": "1", "kind": "internet", "provider": provider}
            for site in self.fleet.sites
            for provider in site.providers.values()
        ]
        with self.store.begin() as connection:
            connection.execute(insert(tables.lines), lines)
            for asset in self.fleet.assets:
                kind = asset.role.value if asset.agent is None else "computer"
                row = {"id": asset.id, "kind": kind, "name": asset.id, "created_at": 0, "unit": asset.unit}
                connection.execute(insert(tables.assets).values(**row, code=asset.keys[0] if asset.keys else None))
                if asset.agent is not None:
                    who = {"id": asset.agent, "shard": "00", "key": KEY, "asset_id": asset.id}
                    connection.execute(
                        insert(tables.agents).values(**who, role=asset.role.value, unsigned=False, enrolled_at=0)
                    )
