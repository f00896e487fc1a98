"""Read the asset that a page is of once, whatever parts of the page ask for it."""

from __future__ import annotations

from fastapi import Request

from machxa_collector.api.access import request_territory
from machxa_collector.api.deps import Deps
from machxa_collector.store.asset_list import AssetRow, one_asset


def seen_asset(request: Request, asset_id: str) -> AssetRow | None:
    """Return an asset, or what it was merged into, as a request that changes nothing first found it.

    None when the territory of who asks holds none of this id.
    """
    deps: Deps = request.app.state.deps
    state = request.state
    if not hasattr(state, "seen_assets"):
        state.seen_assets = {}
    kept: dict[str, AssetRow | None] = state.seen_assets
    if asset_id not in kept:
        kept[asset_id] = row = one_asset(deps.store, asset_id, request_territory(request))
        if row is not None:
            kept.setdefault(row.id, row)
    return kept[asset_id]
