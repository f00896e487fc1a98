"""Let in what cannot sign its records: a router's script, by its certificate or its broker alone.

Such an agent sends plain JSON without MAC or number: kept at most once, outside the ledger's promise, shown as such.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import Engine, insert

from machxa_collector.registry.audit import Entry
from machxa_collector.registry.enrolment import shard_of
from machxa_collector.store import audit, certificates
from machxa_collector.store.tables import agents, assets, places


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """Say what a device is that reports about itself without signing: its kind, its name, and the unit it stands in."""

    kind: str
    name: str
    unit: str | None


def new_agent() -> str:
    """Return an id that no agent has."""
    return str(uuid.uuid4())


def add(engine: Engine, agent: str, device: Device, certificate: bytes, key: bytes, entry: Entry) -> str:
    """Keep an unsigned agent on an asset of its own, with its certificate (PEM); return the asset's id.

    key is never used to check anything, but an agent has one; entry is written to the audit trail.
    """
    asset = str(uuid.uuid4())
    about = {"id": asset, "kind": device.kind, "name": device.name, "unit": device.unit, "created_at": entry.at}
    told = {"id": agent, "shard": shard_of(agent), "key": key, "asset_id": asset, "role": "gateway", "unsigned": True}
    with engine.begin() as connection:
        connection.execute(insert(assets).values(about))
        if device.unit is not None:
            connection.execute(insert(places).values(asset_id=asset, unit=device.unit, began_at=entry.at))
        made = connection.execute(insert(agents).values({**told, "enrolled_at": entry.at})).inserted_primary_key
        assert made is not None  # noqa: S101 - one row was inserted
        certificates.add(connection, int(made[0]), "unsigned", certificate, entry.at)
        audit.record(connection, entry)
    return asset
