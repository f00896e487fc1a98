"""Keep what assets are, as their agents' facts say."""

from __future__ import annotations

import json

from sqlalchemy import Connection, update

from machxa_collector.registry.facts import firmware_day, identity
from machxa_collector.store.identity import observe
from machxa_collector.store.merging import tell
from machxa_collector.store.tables import assets


def apply_facts(connection: Connection, agent_pk: int, body: str, now_ms: int) -> None:
    """Find the asset that an inventory body (JSON text) tells of; give it name, vendor, model, serial, firmware's day.

    What the body does not say stays as it was: not found this time is not gone. What a person has set stays too, and
    where another computer speaks with the agent's id nothing is written (machxa_collector.registry.identity).
    """
    told = json.loads(body)
    asset = observe(connection, agent_pk, told, now_ms)
    if asset is not None:
        tell(connection, asset, identity(told))
        day = firmware_day(told)
        if day is not None:
            columns = assets.c
            changed = columns.bios_on.is_distinct_from(day)
            connection.execute(update(assets).where(columns.id == asset, changed).values(bios_on=day))
