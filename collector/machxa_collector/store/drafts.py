"""Read the drafts that agents and gateways made, and the entries of the books that no agent speaks for yet."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Engine, and_, exists, func, select, tuple_

from machxa_collector.registry.people.territory import EVERYWHERE, Territory
from machxa_collector.registry.records import KINDS
from machxa_collector.registry.records.asset_kind import GONE
from machxa_collector.store.record_rows import Stored, parts, record_of, values_of
from machxa_collector.store.tables import agents, assets, devices
from machxa_collector.store.territory import within

DRAFT = "draft"
_KIND = KINDS["assets"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Hold a draft; first_at: when it was first seen, in ms; by_gateway: a gateway watches it, else its own agent."""

    stored: Stored
    first_at: int
    by_gateway: bool


def drafts(
    engine: Engine, after: tuple[str, str], most: int, territory: Territory = EVERYWHERE, unit: str | None = None
) -> tuple[Draft, ...]:
    """Return drafts behind a key (unit or "", id), in the order of their units and ids."""
    columns, place = assets.c, func.coalesce(assets.c.unit, "")
    watched = exists().where(devices.c.asset_id == columns.id).label("by_gateway")
    query = select(assets, watched).where(
        columns.status == DRAFT,
        columns.merged_into.is_(None),
        within(territory, columns.unit),
        tuple_(place, columns.id) > tuple_(*after),
    )
    if unit is not None:
        query = query.where(columns.unit == unit)
    with engine.connect() as connection:
        rows = connection.execute(query.order_by(place, columns.id).limit(most)).mappings().all()
    return tuple(
        Draft(
            stored=Stored(row["id"], record_of(_KIND, values_of(_KIND, row))),
            first_at=row["created_at"],
            by_gateway=row["by_gateway"],
        )
        for row in rows
    )


def count_drafts(engine: Engine, territory: Territory = EVERYWHERE) -> int:
    """Return how many drafts wait."""
    columns = assets.c
    query = select(func.count()).where(
        columns.status == DRAFT, columns.merged_into.is_(None), within(territory, columns.unit)
    )
    with engine.connect() as connection:
        return connection.execute(query).scalar_one()


def unspoken(engine: Engine, units: Collection[str]) -> dict[str, list[Stored]]:
    """Return by unit the entries that people told, that no agent and no gateway speaks for, and that are not gone."""
    columns = assets.c
    speaks = exists().where(agents.c.asset_id == columns.id) | exists().where(devices.c.asset_id == columns.id)
    alone = and_(
        columns.status.not_in((DRAFT, *GONE)), columns.merged_into.is_(None), columns.origin != "agent", ~speaks
    )
    found: dict[str, list[Stored]] = {}
    with engine.connect() as connection:
        for part in parts(sorted(units)):
            query = select(assets).where(columns.unit.in_(part), alone).order_by(columns.id)
            for row in connection.execute(query).mappings():
                stored = Stored(row["id"], record_of(_KIND, values_of(_KIND, row)))
                found.setdefault(row["unit"], []).append(stored)
    return found
