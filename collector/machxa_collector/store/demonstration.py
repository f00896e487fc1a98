"""Say whether a store holds a demonstration, and put the agents of its simulated fleet into it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Engine, func, insert, select

from machxa_collector.registry.enrolment import shard_of
from machxa_collector.store.tables import agents, assets


def is_empty(engine: Engine) -> bool:
    """Return whether a store knows no asset and no agent yet, but for the collector's own."""
    with engine.connect() as connection:
        held = connection.execute(select(func.count()).select_from(assets)).scalar_one()
    return held == 0


def add_agents(engine: Engine, told: Iterable[Mapping[str, object]], now_ms: int) -> int:
    """Enrol agents under ids of their own; told: id, key, asset_id, role of each. Return how many."""
    rows = [{**one, "shard": shard_of(str(one["id"])), "unsigned": False, "enrolled_at": now_ms} for one in told]
    with engine.begin() as connection:
        connection.execute(insert(agents), rows)
    return len(rows)
