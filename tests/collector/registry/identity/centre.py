"""Give histories a store: agents are enrolled, speak and are voted on by the code that the intake calls."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, insert, select

from machxa_collector.store import identity, tables
from machxa_collector.store.upsert import upsert

HOUR_MS = 3_600_000


@dataclass(slots=True)
class Centre:
    """Hold one history's records, and which true devices each record holds by now.

    wrong counts the times at which a record came to hold two devices.
    """

    connection: Connection
    now_ms: int = 0
    wrong: list[str] = field(default_factory=list)
    spoke_from: dict[int, set[str]] = field(default_factory=dict)
    told: dict[int, dict[str, object]] = field(default_factory=dict)
    enrolled: int = 0

    def enrol(self, name: str) -> int:
        """Enrol an agent with a fresh draft; return its key."""
        self.enrolled += 1
        asset, agent = f"asset-{self.enrolled:04d}", f"agent-{self.enrolled:04d}"
        row = {"id": asset, "kind": "computer", "name": name, "created_at": self.now_ms}
        self.connection.execute(insert(tables.assets).values(row))
        given = {"id": agent, "shard": "00", "key": b"k", "asset_id": asset, "role": "pc", "unsigned": False}
        made = self.connection.execute(insert(tables.agents).values({**given, "enrolled_at": self.now_ms}))
        assert made.inserted_primary_key is not None
        return int(made.inserted_primary_key[0])

    def hear(self, agent: int, *, is_on: bool = True) -> None:
        """Hear an agent say hello or, before it falls silent, good-bye."""
        if is_on:
            said = {"received_at": self.now_ms, "payload": b""}
            upsert(self.connection, tables.hellos, {"agent_pk": agent}, said)
        state = {"state": "on" if is_on else "off", "since": self.now_ms, "boot": "b"}
        upsert(self.connection, tables.presence, {"agent_pk": agent}, state)

    def facts(self, agent: int, device: str, body: dict[str, object]) -> None:
        """Take an agent's inventory; device is whose it truly is."""
        self.told[agent] = body
        asset = identity.observe(self.connection, agent, json.loads(json.dumps(body)), self.now_ms)
        if asset is not None:
            self.spoke_from.setdefault(agent, set()).add(device)
            self._check(asset)

    def settle(self) -> None:
        """Vote again where a finding is open, as the upkeep does."""
        columns = tables.identity_findings.c
        asked = select(columns.agent_pk).where(columns.is_open).distinct().order_by(columns.agent_pk)
        for agent in self.connection.execute(asked).scalars().all():
            identity.settle(self.connection, agent, self.told[agent], self.now_ms)
            here = select(tables.agents.c.asset_id).where(tables.agents.c.pk == agent)
            self._check(self.connection.execute(here).scalar_one())

    def devices(self, asset: str) -> set[str]:
        """Return the true devices whose inventories a record has taken."""
        query = select(tables.agents.c.pk).where(tables.agents.c.asset_id == asset)
        found: set[str] = set()
        return found.union(*(self.spoke_from.get(pk, set()) for pk in self.connection.execute(query).scalars()))

    def _check(self, asset: str) -> None:
        held = self.devices(asset)
        if len(held) > 1:
            self.wrong.append(f"{asset} holds {sorted(held)}")

    def records(self) -> dict[str, set[str]]:
        """Return the records that each true device has."""
        held: dict[str, set[str]] = {}
        rows = self.connection.execute(select(tables.agents.c.pk, tables.agents.c.asset_id))
        for pk, asset in rows:
            for device in self.spoke_from.get(pk, ()):
                held.setdefault(device, set()).add(asset)
        return held

    def asked_about(self) -> set[str]:
        """Return the records that open findings name."""
        table = tables.identity_findings
        query = select(table.c.asset_id, table.c.evidence).where(table.c.is_open)
        rows = self.connection.execute(query).all()
        return {one for row in rows for one in (row.asset_id, json.loads(row.evidence)["about"])}

    def open_findings(self) -> int:
        """Return how many findings wait for a person."""
        table = tables.identity_findings
        query = select(func.count()).select_from(table).where(table.c.is_open)
        return self.connection.execute(query).scalar_one()
