"""Read what people entered of repairs, by the asset that each is of today."""

from __future__ import annotations

from sqlalchemy import Engine, func, select

from machxa_collector.planning.mending import Repair
from machxa_collector.registry.people.territory import Territory
from machxa_collector.store.tables import assets, repairs
from machxa_collector.store.territory import within

MOST = 200_000  # the newest; a province enters some thousands a year
MOST_SHOWN = 20


def mending(engine: Engine, territory: Territory) -> dict[str, tuple[Repair, ...]]:
    """Return the repairs of each asset, the newest last; of a device that was merged they are the other record's."""
    columns = repairs.c
    owner = func.coalesce(assets.c.merged_into, assets.c.id)
    query = (
        select(owner, columns.done_on, columns.state, columns.what, columns.cost_vnd)
        .join(assets, assets.c.id == columns.assets)
        .where(within(territory, assets.c.unit))
        .order_by(columns.done_on.desc(), columns.id)
        .limit(MOST)
    )
    found: dict[str, list[Repair]] = {}
    with engine.connect() as connection:
        for asset, on, state, what, vnd in connection.execute(query):
            found.setdefault(asset, []).append(Repair(on=on, state=state, what=what, vnd=vnd))
    return {asset: tuple(reversed(each)) for asset, each in found.items()}


def of_asset(engine: Engine, asset_id: str) -> tuple[Repair, ...]:
    """Return the repairs of an asset and of what was merged into it, the newest first, 20 at most."""
    columns = repairs.c
    query = (
        select(columns.done_on, columns.state, columns.what, columns.cost_vnd)
        .join(assets, assets.c.id == columns.assets)
        .where(func.coalesce(assets.c.merged_into, assets.c.id) == asset_id)
        .order_by(columns.done_on.desc(), columns.id)
        .limit(MOST_SHOWN)
    )
    with engine.connect() as connection:
        return tuple(
            Repair(on=on, state=state, what=what, vnd=vnd) for on, state, what, vnd in connection.execute(query)
        )
