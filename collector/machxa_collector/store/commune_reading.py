"""Read what is shown of one unit: the states of its devices, who watches for it, and its papers; few queries in all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine, case, func, select

from machxa_collector.registry.records import KINDS, Value
from machxa_collector.store.records_read import Filter, every
from machxa_collector.store.samples import Reading, newest
from machxa_collector.store.tables import agents, assets, devices, presence, unit_roles

_MOST_RECORDS = 60  # of one kind in one unit; a commune has a line or two and a handful of counters


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedState:
    """Hold what a gateway told last of a device: state None before it told any, at and observed_at in ms."""

    asset: str
    key: str
    state: str | None
    reasons: tuple[str, ...]
    at: int | None
    observed_at: int


def watched_states(store: Engine, unit: str) -> Mapping[str, WatchedState]:
    """Return the devices of a unit that gateways watch, by asset; of two gateways the one that told last."""
    columns = devices.c
    query = (
        select(columns.asset_id, columns.key, columns.state, columns.reasons, columns.state_at, columns.observed_at)
        .join(assets, assets.c.id == columns.asset_id)
        .where(assets.c.unit == unit)
        .order_by(columns.observed_at, columns.pk)
    )
    with store.connect() as connection:
        return {
            row.asset_id: WatchedState(
                asset=row.asset_id,
                key=row.key,
                state=row.state,
                reasons=tuple(one for one in (row.reasons or "").split(",") if one),
                at=row.state_at,
                observed_at=row.observed_at,
            )
            for row in connection.execute(query)
        }


def gateway_of(store: Engine, unit: str) -> tuple[int, bool] | None:
    """Return the agent that watches for a unit and whether it is connected; None: none was ever elected or named."""
    role = func.coalesce(unit_roles.c.role, agents.c.role)
    query = (
        select(agents.c.pk, presence.c.state)
        .select_from(
            agents.join(assets, assets.c.id == agents.c.asset_id)
            .outerjoin(unit_roles, unit_roles.c.agent_pk == agents.c.pk)
            .outerjoin(presence, presence.c.agent_pk == agents.c.pk)
        )
        .where(assets.c.unit == unit, agents.c.revoked_at.is_(None), role.in_(("gateway", "standby")))
        .order_by(case((presence.c.state == "on", 0), else_=1), role, agents.c.pk.desc())
        .limit(1)
    )
    with store.connect() as connection:
        row = connection.execute(query).first()
    return None if row is None else (row.pk, row.state == "on")


def readings_of(store: Engine, agent_pk: int) -> tuple[Reading, ...]:
    """Return the newest readings of the agent that watches for a unit, those of the devices it asks among them."""
    return newest(store, agent_pk)


def papers_of(store: Engine, kind: str, unit: str) -> list[Mapping[str, Value]]:
    """Return the registry's records of a kind in a unit, a bounded number."""
    found: list[Mapping[str, Value]] = []
    for stored in every(store, KINDS[kind], Filter(places=frozenset({unit}))):
        found.append({**stored.record, "id": stored.id})
        if len(found) == _MOST_RECORDS:
            break
    return found
