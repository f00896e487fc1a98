"""Keep what assets are, as their agents' facts say."""

from __future__ import annotations

import json

from sqlalchemy import Connection, select, update

from machxa_collector.registry.facts import identity
from machxa_collector.store.tables import agents, assets


def apply_facts(connection: Connection, agent_pk: int, body: str) -> None:
    """Give an agent's asset the name, vendor, model and serial of an inventory body (JSON text).

    What the body does not say stays as it was: not found this time is not gone.
    """
    told = identity(json.loads(body))
    if told:
        owner = select(agents.c.asset_id).where(agents.c.pk == agent_pk).scalar_subquery()
        connection.execute(update(assets).where(assets.c.id == owner).values(told))
