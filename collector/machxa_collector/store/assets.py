"""Keep what assets are, as their agents' facts say."""

from __future__ import annotations

import json

from sqlalchemy import Connection

from machxa_collector.registry.facts import identity
from machxa_collector.store.identity import observe
from machxa_collector.store.merging import tell


def apply_facts(connection: Connection, agent_pk: int, body: str, now_ms: int) -> None:
    """Find the asset that an inventory body (JSON text) tells of, and give it name, vendor, model and serial.

    What the body does not say stays as it was: not found this time is not gone. What a person has set stays too, and
    where another computer speaks with the agent's id nothing is written (machxa_collector.registry.identity).
    """
    told = json.loads(body)
    asset = observe(connection, agent_pk, told, now_ms)
    if asset is not None:
        tell(connection, asset, identity(told))
