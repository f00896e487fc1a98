"""Tell which agents enrolled last, and whether their first words came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, func, select

from machxa_collector.registry.people.territory import Territory
from machxa_collector.store.enrolment import CANARY_ROLE
from machxa_collector.store.tables import agents, assets, hellos
from machxa_collector.store.territory import within


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Hold an agent that enrolled; heard_at: its newest hello, None before the first. Times in ms since 1970 UTC."""

    agent: str
    asset: str | None
    name: str
    unit: str | None
    enrolled_at: int
    heard_at: int | None


def newest(engine: Engine, territory: Territory, most: int) -> Sequence[Arrival]:
    """Return the agents in force of a territory that enrolled last, the newest first."""
    query = (
        select(agents.c.id, agents.c.asset_id, assets.c.name, assets.c.unit, agents.c.enrolled_at, hellos.c.received_at)
        .select_from(agents.join(assets, assets.c.id == agents.c.asset_id))
        .outerjoin(hellos, hellos.c.agent_pk == agents.c.pk)
        .where(agents.c.revoked_at.is_(None), agents.c.role != CANARY_ROLE, within(territory, assets.c.unit))
        .order_by(agents.c.enrolled_at.desc(), agents.c.pk.desc())
        .limit(most)
    )
    with engine.connect() as connection:
        return [
            Arrival(agent=id_, asset=asset, name=name, unit=unit, enrolled_at=enrolled, heard_at=heard)
            for id_, asset, name, unit, enrolled, heard in connection.execute(query)
        ]


def count(engine: Engine) -> int:
    """Return how many agents are in force, the centre's own apart."""
    query = select(func.count()).where(agents.c.revoked_at.is_(None), agents.c.role != CANARY_ROLE)
    with engine.connect() as connection:
        return int(connection.execute(query.select_from(agents)).scalar_one())
