"""Make the inventory of an asset as GLPI takes it, from what its agent, its gateway or people told last."""

from __future__ import annotations

import json

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


def _pages(store: Engine, stored: Stored) -> int | None:
    for one in newest_of_device(store, stored.id):
        counted = real(one.series, one.value) if one.series.name == _PAGES else None
        if counted is not None:
            return int(counted)
    return _told_pages(stored)


def _told_pages(stored: Stored) -> int | None:
    pages = stored.record["pages"]
    return pages if isinstance(pages, int) else None
