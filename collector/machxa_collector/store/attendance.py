"""Count how much of its unit's working time each agent is on, in quarters of an hour, for four weeks."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Engine, Integer, and_, case, delete, func, insert, literal, select, update

from machxa_collector.store.tables import agents, assets, attendance, presence

KEPT_DAYS = 28


def count(engine: Engine, units: Collection[str], day: int) -> None:
    """Count one quarter of an hour of working time of these units; day counts from 1970."""
    if not units:
        return
    is_on = case((presence.c.state == "on", 1), else_=0)
    there = (
        select(agents.c.pk, is_on.label("present"))
        .select_from(
            agents.join(assets, assets.c.id == agents.c.asset_id).outerjoin(
                presence, presence.c.agent_pk == agents.c.pk
            )
        )
        .where(assets.c.unit.in_(tuple(units)), agents.c.revoked_at.is_(None))
    )
    columns, its = attendance.c, there.subquery()
    more = select(its.c.present).where(its.c.pk == columns.agent_pk).scalar_subquery()
    known = and_(columns.day == day, columns.agent_pk.in_(select(its.c.pk)))
    today = select(columns.agent_pk).where(columns.day == day)
    new = select(its.c.pk, literal(day, Integer), literal(1, Integer), its.c.present).where(its.c.pk.not_in(today))
    with engine.begin() as connection:
        grown = {"worked": columns.worked + 1, "present": columns.present + more}
        connection.execute(update(attendance).where(known, columns.worked < _DAY).values(grown))
        connection.execute(insert(attendance).from_select(["agent_pk", "day", "worked", "present"], new))
        connection.execute(delete(attendance).where(columns.day < day - KEPT_DAYS))


def read(engine: Engine, agent_pks: Collection[int]) -> dict[int, tuple[int, int]]:
    """Return, for each agent with any, the quarters of an hour in which it was on, and of how many."""
    columns = attendance.c
    query = select(columns.agent_pk, func.sum(columns.present), func.sum(columns.worked)).group_by(columns.agent_pk)
    with engine.connect() as connection:
        rows = connection.execute(query.where(columns.agent_pk.in_(tuple(agent_pks)))).all()
    return {agent_pk: (int(present), int(worked)) for agent_pk, present, worked in rows}


_DAY = 96
