"""Count by unit how many agents are on, off and lost, and when anything last came from it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Engine, case, func, select

from machxa_collector.intake.rows import CANARY_ROLE
from machxa_collector.store.record_rows import parts
from machxa_collector.store.tables import agents, assets, presence, streams


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Count the agents of a unit by what their presence says; last: when a record last came (ms), None: never.

    off: said good-bye; lost: fell silent without one. Agents of no presence yet are in none of the three.
    """

    agents: int = 0
    on: int = 0
    off: int = 0
    lost: int = 0
    last: int | None = None


NOBODY = Heard()


def heard_from(store: Engine, units: Collection[str]) -> Mapping[str, Heard]:
    """Return what is heard of units, those without an agent left out; two queries for 500 units."""
    counted = (
        select(
            assets.c.unit,
            func.count().label("agents"),
            *(func.sum(case((presence.c.state == word, 1), else_=0)).label(word) for word in ("on", "off", "lost")),
        )
        .select_from(_ITS.outerjoin(presence, presence.c.agent_pk == agents.c.pk))
        .where(agents.c.revoked_at.is_(None), agents.c.role != CANARY_ROLE)
        .group_by(assets.c.unit)
    )
    newest = (
        select(assets.c.unit, func.max(streams.c.last_at).label("last"))
        .select_from(_ITS.join(streams, streams.c.agent_pk == agents.c.pk))
        .where(agents.c.revoked_at.is_(None), agents.c.role != CANARY_ROLE)
        .group_by(assets.c.unit)
    )
    found: dict[str, Heard] = {}
    with store.connect() as connection:
        for some in parts(sorted(units)):
            inside = assets.c.unit.in_(some)
            last = {row.unit: row.last for row in connection.execute(newest.where(inside))}
            for row in connection.execute(counted.where(inside)):
                found[row.unit] = Heard(
                    agents=row.agents, on=int(row.on), off=int(row.off), lost=int(row.lost), last=last.get(row.unit)
                )
    return found


def units_with_agents(store: Engine) -> frozenset[str]:
    """Return the units in which an agent stands that is not revoked."""
    query = select(assets.c.unit).select_from(_ITS).where(assets.c.unit.is_not(None), agents.c.revoked_at.is_(None))
    with store.connect() as connection:
        return frozenset(connection.execute(query.distinct()).scalars())


_ITS = assets.join(agents, agents.c.asset_id == assets.c.id)
