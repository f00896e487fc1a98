"""Tell until when agents, gateways and sinks know anything, each by one question for a whole territory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine, case, func, select

from machxa_collector.intake.rows import CANARY_ROLE
from machxa_collector.registry.people.territory import Territory
from machxa_collector.store import glpi_sent
from machxa_collector.store.tables import agents, assets, hellos, presence, reports, sink_places, streams, unit_roles
from machxa_collector.store.territory import within


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentAges:
    """Hold when any agent, and any gateway on duty, was heard last (ms; None: never), and how many are silent.

    lost: agents that said no good-bye. units: with an agent that was heard or is on; units_watched: of these, with
    somebody on duty who is on.
    """

    heard_at: int | None
    gateway_heard_at: int | None
    agents: int
    lost: int
    units: int
    units_watched: int


def agent_ages(engine: Engine, territory: Territory, since: int) -> AgentAges:
    """Return it for a territory; since (ms) is the moment before which nothing heard counts as being there."""
    last = select(streams.c.agent_pk, func.max(streams.c.last_at).label("at")).group_by(streams.c.agent_pk).subquery()
    joined = (
        agents.outerjoin(assets, assets.c.id == agents.c.asset_id)
        .outerjoin(presence, presence.c.agent_pk == agents.c.pk)
        .outerjoin(unit_roles, unit_roles.c.agent_pk == agents.c.pk)
        .outerjoin(hellos, hellos.c.agent_pk == agents.c.pk)
        .outerjoin(last, last.c.agent_pk == agents.c.pk)
    )
    said, hello = func.coalesce(last.c.at, 0), func.coalesce(hellos.c.received_at, 0)
    at = case((said > hello, said), else_=hello)
    is_on, has_duty = presence.c.state == "on", unit_roles.c.on_duty.is_(True)
    there = (at >= since) | is_on
    query = select(
        func.max(at),
        func.max(case((has_duty, at))),
        func.count(),
        func.count().filter(presence.c.state == "lost"),
        func.count(assets.c.unit.distinct()).filter(there),
        func.count(assets.c.unit.distinct()).filter(has_duty & is_on),
    ).select_from(joined)
    its = (agents.c.revoked_at.is_(None), agents.c.role != CANARY_ROLE, within(territory, assets.c.unit))
    with engine.connect() as connection:
        heard, duty, count, lost, units, watched = connection.execute(query.where(*its)).one()
    return AgentAges(
        heard_at=heard or None,
        gateway_heard_at=duty or None,
        agents=count,
        lost=lost,
        units=units,
        units_watched=watched,
    )


def sinks(engine: Engine, now_ms: int) -> Mapping[str, int]:
    """Return of each sink since when (ms) it lacks the oldest report or change it lacks, now where it lacks none."""
    columns = sink_places.c
    found: dict[str, int] = {}
    with engine.connect() as connection:
        for name, safe in connection.execute(select(columns.name, columns.received_at).order_by(columns.name)).all():
            first = select(func.min(reports.c.received_at)).where(reports.c.received_at > safe)
            waiting = connection.execute(first).scalar()
            found[str(name)] = now_ms if waiting is None else int(waiting)
        found |= {name: now_ms if since is None else since for name, since in glpi_sent.waits(connection).items()}
    return found
