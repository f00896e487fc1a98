"""Put assets and agents into provinces, straight into the tables: enough of them to look for leaks."""

from __future__ import annotations

import random
import uuid

from sqlalchemy import Engine, insert, select

from machxa_collector.store import tables
from tests.collector.builders import MIDNIGHT

VINH_LONG = "29506"  # a commune of province 86
HA_NOI = "00004"  # a commune of province 01


def put_assets(store: Engine, unit: str | None, count: int, seed: int) -> list[tuple[str, str]]:
    """Return the ids of new assets in a unit, each with its agent's."""
    chance = random.Random(seed)
    ids = [
        (str(uuid.UUID(int=chance.getrandbits(128), version=4)), str(uuid.UUID(int=chance.getrandbits(128))))
        for _ in range(count)
    ]
    assets = [
        {"id": asset, "kind": "computer", "name": f"SECRET-{asset[:4]}", "created_at": MIDNIGHT, "unit": unit}
        for asset, _ in ids
    ]
    agents = [
        {
            "id": agent,
            "shard": "00",
            "key": b"k" * 32,
            "asset_id": asset,
            "role": "pc",
            "unsigned": False,
            "enrolled_at": MIDNIGHT,
        }
        for asset, agent in ids
    ]
    with store.begin() as connection:
        connection.execute(insert(tables.assets), assets)
        connection.execute(insert(tables.agents), agents)
    return ids


def put_troubles(store: Engine, agents: list[str]) -> None:
    """Put one payload set aside for each agent, and one event for each that is enrolled."""
    with store.begin() as connection:
        for number, agent in enumerate(agents):
            aside = {
                "at": MIDNIGHT,
                "topic": "t",
                "agent": agent,
                "reason": "r",
                "detail": "",
                "size": 1,
                "payload": b"x",
            }
            connection.execute(insert(tables.quarantine), [aside])
            pk = connection.execute(select(tables.agents.c.pk).where(tables.agents.c.id == agent)).scalar()
            if pk is None:
                continue
            stream = dict.fromkeys(
                ("contiguous", "highest", "received", "declared", "duplicates", "first_at", "last_at"), 0
            )
            connection.execute(
                insert(tables.streams), [{"pk": number + 1, "agent_pk": pk, "stream": f"{number:016x}", **stream}]
            )
            happened = {
                "received_at": MIDNIGHT,
                "at": MIDNIGHT,
                "mark": 0,
                "kind": "event",
                "name": "n",
                "attributes": "{}",
            }
            connection.execute(insert(tables.events), [{"stream_pk": number + 1, "seq": 1, "agent_pk": pk, **happened}])
