"""Put assets and agents into provinces, straight into the tables: enough of them to look for leaks."""

from __future__ import annotations

import random
import uuid

from sqlalchemy import Engine, insert

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
