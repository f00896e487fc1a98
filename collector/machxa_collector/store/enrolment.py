"""Enrol agents: a good token gives an id, a shard and a key, and drafts the asset the agent runs on."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, insert, select

from machxa_collector.registry.tokens import Purpose
from machxa_collector.store.access import spend
from machxa_collector.store.tables import agents, assets

KEY_BYTES = 32
CANARY_ROLE = "canary"


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Hold what an agent is given: its id, shard (two hex digits) and MAC key."""

    agent: str
    shard: str
    key: bytes


def enrol(engine: Engine, token: str, hostname: str, role: str, now_ms: int, key: bytes) -> Enrolled | None:
    """Enrol an agent with a fresh random key; None when the token opens nothing, whatever the reason."""
    with engine.begin() as connection:
        if not spend(connection, token, Purpose.ENROL, now_ms):
            return None
        asset = {
            "id": str(uuid.uuid4()),
            "kind": "computer",
            "name": hostname,
            "created_at": now_ms,
        }
        connection.execute(insert(assets).values(asset))
        return _add_agent(connection, asset["id"], role, now_ms, key)


def canary(engine: Engine, now_ms: int, key: bytes) -> str:
    """Return the id of the collector's own agent, made at the first start."""
    with engine.begin() as connection:
        known = connection.execute(select(agents.c.id).where(agents.c.role == CANARY_ROLE)).scalar()
        return known or _add_agent(connection, None, CANARY_ROLE, now_ms, key).agent


def _add_agent(connection: Connection, asset_id: object, role: str, now_ms: int, key: bytes) -> Enrolled:
    agent = str(uuid.uuid4())
    shard = hashlib.sha256(agent.encode()).hexdigest()[:2]
    row = {
        "id": agent,
        "shard": shard,
        "key": key,
        "asset_id": asset_id,
        "role": role,
        "unsigned": False,
        "enrolled_at": now_ms,
    }
    connection.execute(insert(agents).values(row))
    return Enrolled(agent, shard, key)
