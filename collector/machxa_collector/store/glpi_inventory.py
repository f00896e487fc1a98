"""Make the inventory of an asset as GLPI takes it, from what its agent, its gateway or people told last."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import Engine

from machxa_collector.registry.inventory import glpi
from machxa_collector.registry.people.territory import EVERYWHERE, Territory
from machxa_collector.store import asset_list, devices, queries
from machxa_collector.store.asset_samples import newest_of_device
from machxa_collector.store.record_rows import Stored
from machxa_collector.store.resolution import real

_PAGES = "machxa.printer.pages"


def inventory_of(store: Engine, stored: Stored, territory: Territory = EVERYWHERE) -> glpi.Json | None:
    """Return an asset's inventory, None for a kind that GLPI takes by none; no agent outside a territory is asked."""
    if glpi.itemtype(str(stored.record["kind"])) is None:
        return None
    row = asset_list.one_asset(store, stored.id, territory)
    told = None if row is None or row.agent_pk is None else queries.newest_facts(store, row.agent_pk)
    if told is not None:
        return glpi.inventory(stored.id, stored.record, told[1], None)
    watched = devices.watching(store, stored.id)
    body = json.loads(watched[0].body) if watched else None
    return glpi.inventory(stored.id, stored.record, body, _pages(store, stored) if watched else _told_pages(stored))


def inventories_of(store: Engine, records: Sequence[Stored]) -> dict[str, glpi.Json | None]:
    """Return what ``inventory_of`` does of many assets by their ids, those with an agent by two questions for all.

    Those that were merged into others are left out.
    """
    agents = asset_list.speaking(store, [one.id for one in records])
    told = queries.newest_facts_of(store, sorted(pk for pk in agents.values() if pk is not None))
    made: dict[str, glpi.Json | None] = {}
    for one in records:
        if one.id not in agents:
            continue
        agent_pk = agents[one.id]
        body = None if agent_pk is None else told.get(agent_pk)
        is_taken = glpi.itemtype(str(one.record["kind"])) is not None
        whole = body is not None and is_taken
        made[one.id] = glpi.inventory(one.id, one.record, body, None) if whole else inventory_of(store, one)
    return made


def _pages(store: Engine, stored: Stored) -> int | None:
    for one in newest_of_device(store, stored.id):
        counted = real(one.series, one.value) if one.series.name == _PAGES else None
        if counted is not None:
            return int(counted)
    return _told_pages(stored)


def _told_pages(stored: Stored) -> int | None:
    pages = stored.record["pages"]
    return pages if isinstance(pages, int) else None
