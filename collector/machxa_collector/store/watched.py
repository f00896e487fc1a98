"""Read what is watched: assets with the agents on them, and under which keys gateways speak of devices."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import Connection, Engine, func, select

from machxa_collector.store.tables import agents, assets, changes, devices, lines, merges, unit_roles


class Standing(NamedTuple):
    """Hold an asset, where it stands, the agent on it (None: none) and the keys under which gateways know it.

    role is the one that the agent was elected to, else the one it was enrolled with.
    """

    id: str
    kind: str
    unit: str | None
    code: str | None
    agent: str | None
    role: str | None
    keys: tuple[str, ...]


def standing(store: Engine) -> list[Standing]:
    """Return every asset that is not merged into another; of two agents on one asset, a row each, the newer last."""
    role = func.coalesce(unit_roles.c.role, agents.c.role).label("role")
    query = (
        select(assets.c.id, assets.c.kind, assets.c.unit, assets.c.code, agents.c.id.label("agent"), role)
        .outerjoin(agents, (agents.c.asset_id == assets.c.id) & agents.c.revoked_at.is_(None))
        .outerjoin(unit_roles, unit_roles.c.agent_pk == agents.c.pk)
        .where(assets.c.merged_into.is_(None))
        .order_by(assets.c.id, agents.c.enrolled_at)
    )
    with store.connect() as connection:
        told = _device_keys(connection)
        rows = connection.execute(query).all()
    found = []
    for row in rows:
        keys, unit = told.get(row.id, ((), None))
        found.append(Standing(row.id, row.kind, row.unit or unit, row.code, row.agent, row.role, keys))
    return found


def names(store: Engine) -> dict[int, str]:
    """Return the ids of all agents by their keys in the store."""
    with store.connect() as connection:
        return {row.pk: row.id for row in connection.execute(select(agents.c.pk, agents.c.id))}


def carriers(store: Engine) -> frozenset[str]:
    """Return who carries any unit's line."""
    with store.connect() as connection:
        return frozenset(connection.execute(select(lines.c.provider).distinct()).scalars())


def assets_by_agent(store: Engine, ids: Collection[str]) -> dict[str, str]:
    """Return on which asset each of some agents is; names that are no agent's are left out."""
    query = select(agents.c.id, agents.c.asset_id).where(agents.c.id.in_(sorted(set(ids))))
    with store.connect() as connection:
        return {row.id: row.asset_id for row in connection.execute(query)}


def signature(store: Engine) -> object:
    """Return what changes whenever what is watched may have changed; cheap beside reading it.

    Each is counted in an index or a small table: of roles, how many there are of each and since when they are held
    (whose sum grows with every one that is given), of records that were made one, the newest and how many were undone.
    """
    columns = unit_roles.c
    held = select(columns.role, func.count(), func.max(columns.since), func.sum(columns.since)).group_by(columns.role)
    asked = (
        select(func.max(changes.c.pk)),
        select(func.count()).select_from(agents),
        select(func.count()).select_from(agents).where(agents.c.revoked_at.is_not(None)),
        select(func.count()).select_from(assets),
        select(func.count()).select_from(assets).where(assets.c.unit.is_not(None)),
        select(func.count()).select_from(devices),
        select(func.max(merges.c.pk), func.count(merges.c.undone_at)),
        held.order_by(columns.role),
    )
    with store.connect() as connection:
        return tuple(tuple(map(tuple, connection.execute(one).all())) for one in asked)


def _device_keys(connection: Connection) -> dict[str, tuple[tuple[str, ...], str | None]]:
    """Return under which keys gateways speak of an asset, and the unit of who speaks last."""
    gateways = assets.alias()
    query = (
        select(devices.c.asset_id, devices.c.key, gateways.c.unit)
        .join(agents, agents.c.pk == devices.c.agent_pk)
        .outerjoin(gateways, gateways.c.id == agents.c.asset_id)
        .order_by(devices.c.observed_at)
    )
    found: dict[str, tuple[tuple[str, ...], str | None]] = {}
    for row in connection.execute(query):
        keys, unit = found.get(row.asset_id, ((), None))
        found[row.asset_id] = ((*keys, row.key) if row.key not in keys else keys, row.unit or unit)
    return found
