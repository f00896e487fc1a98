"""Count what `/metrics` shows of communes, each by one question, never by device."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine, func, select

from machxa_collector.store.tables import agents, assets, incident_units, incidents, lines, presence


@dataclass(frozen=True, slots=True)
class Gauges:
    """Hold the counts: agents by unit and presence, open incidents by unit, cause and severity (1 to 4).

    providers: who carries a unit's line of a kind, as the registry says; where two do, nobody is named.
    """

    agents: Mapping[tuple[str, str], int]
    incidents: Mapping[tuple[str, str, int], int]
    providers: Mapping[tuple[str, str], str]


def gauges(engine: Engine) -> Gauges:
    """Return what is so now. unit "" holds agents that stand in none; an incident counts in each of its units."""
    unit = func.coalesce(assets.c.unit, "")
    there = (
        select(unit, presence.c.state, func.count())
        .join_from(presence, agents, agents.c.pk == presence.c.agent_pk)
        .outerjoin(assets, assets.c.id == agents.c.asset_id)
        .where(agents.c.revoked_at.is_(None))
        .group_by(unit, presence.c.state)
    )
    columns = incidents.c
    open_ = (
        select(incident_units.c.unit, columns.cause, columns.severity, func.count())
        .join_from(incidents, incident_units, incident_units.c.incident == columns.id)
        .where(columns.ended_at.is_(None), columns.merged_into.is_(None))
        .group_by(incident_units.c.unit, columns.cause, columns.severity)
    )
    carried = (
        select(lines.c.unit, lines.c.kind, func.min(lines.c.provider))
        .group_by(lines.c.unit, lines.c.kind)
        .having(func.count(lines.c.provider.distinct()) == 1)
    )
    with engine.connect() as connection:
        return Gauges(
            {(str(one), str(state)): count for one, state, count in connection.execute(there)},
            {(str(one), str(cause), int(how)): count for one, cause, how, count in connection.execute(open_)},
            {(str(one), str(kind)): str(provider) for one, kind, provider in connection.execute(carried)},
        )
