"""Count by unit how many agents are on, off and lost, and when anything last came from it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, Row, and_, case, func, literal, select

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
    counted = select(*_COUNTED).select_from(_ITS.outerjoin(presence, presence.c.agent_pk == agents.c.pk))
    counted = counted.where(*_IN_FORCE).group_by(assets.c.unit)
    newest = select(*_NEWEST).select_from(_ITS.join(streams, streams.c.agent_pk == agents.c.pk))
    newest = newest.where(*_IN_FORCE).group_by(assets.c.unit)
    found: dict[str, Heard] = {}
    with store.connect() as connection:
        for some in parts(sorted(units)):
            inside = assets.c.unit.in_(some)
            last = {row.unit: row.last for row in connection.execute(newest.where(inside))}
            found |= {row.unit: _heard(row, last) for row in connection.execute(counted.where(inside))}
    return found


def heard_everywhere(store: Engine) -> Mapping[str, Heard]:
    """Return what is heard of all units in which an agent stands; two queries.

    Each begins at the agents or their streams and finds the unit of each: a third of what beginning at the units costs.
    Outer joins keep that order; what stands in no unit is left out at the end.
    """
    counted = select(*_COUNTED).select_from(
        agents.outerjoin(assets, assets.c.id == agents.c.asset_id).outerjoin(
            presence, presence.c.agent_pk == agents.c.pk
        )
    )
    newest = select(*_NEWEST).select_from(
        streams.outerjoin(agents, and_(agents.c.pk == streams.c.agent_pk, *_IN_FORCE)).outerjoin(
            assets, assets.c.id == agents.c.asset_id
        )
    )
    with store.connect() as connection:
        last = {row.unit: row.last for row in connection.execute(newest.group_by(assets.c.unit))}
        rows = connection.execute(counted.where(*_IN_FORCE).group_by(assets.c.unit)).all()
    return {row.unit: _heard(row, last) for row in rows if row.unit is not None}


def units_with_agents(store: Engine) -> frozenset[str]:
    """Return the units in which an agent stands that is not revoked."""
    stands = select(literal(1)).where(agents.c.asset_id == assets.c.id, agents.c.revoked_at.is_(None)).exists()
    query = select(assets.c.unit).distinct().where(assets.c.unit.is_not(None), stands)
    with store.connect() as connection:
        return frozenset(connection.execute(query).scalars())


def _heard(row: Row[Any], last: Mapping[str, int]) -> Heard:
    counts = {word: int(row._mapping[word]) for word in ("agents", *_STATES)}  # noqa: SLF001 - SQLAlchemy's public name
    return Heard(**counts, last=last.get(row.unit))


_STATES = ("on", "off", "lost")
_IN_FORCE = (agents.c.revoked_at.is_(None), agents.c.role != CANARY_ROLE)
_COUNTED = (
    assets.c.unit,
    func.count().label("agents"),
    *(func.count(case((presence.c.state == word, 1))).label(word) for word in _STATES),
)
_NEWEST = (assets.c.unit, func.max(streams.c.last_at).label("last"))
_ITS = assets.join(agents, agents.c.asset_id == assets.c.id)
