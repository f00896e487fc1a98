"""Read what the duty desk keeps at hand: each by one question for the whole centre, never by device."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping

from sqlalchemy import Engine, case, delete, literal, select

from machxa_collector.incidents.incident import Incident
from machxa_collector.intake.rows import CANARY_ROLE
from machxa_collector.registry.people.territory import Territory
from machxa_collector.store.incidents import bodies
from machxa_collector.store.record_rows import parts
from machxa_collector.store.tables import agents, assets, contacts, desk_hours, incidents, lines
from machxa_collector.store.territory import within
from machxa_collector.store.upsert import upsert

MOST_OPEN = 2000  # incidents that nothing else explains; a nation has some dozens
HOURS_KEPT = 24 * 15  # a week ago, and a week in which nobody looked


def watched(engine: Engine) -> frozenset[str]:
    """Return the units that have agents."""
    stands = agents.c.asset_id == assets.c.id, agents.c.revoked_at.is_(None), agents.c.role != CANARY_ROLE
    query = select(assets.c.unit).distinct()
    query = query.where(assets.c.unit.is_not(None), select(literal(1)).where(*stands).exists())
    with engine.connect() as connection:
        return frozenset(connection.execute(query).scalars())


def open_ones(engine: Engine) -> list[Incident]:
    """Return the open incidents that nothing else explains, the gravest and oldest first."""
    columns = incidents.c
    query = select(columns.body).where(columns.ended_at.is_(None), columns.merged_into.is_(None))
    query = query.order_by(columns.severity, columns.started_at, columns.id).limit(MOST_OPEN)
    with engine.connect() as connection:
        return bodies(connection, query)


def providers(engine: Engine) -> Mapping[str, str]:
    """Return who carries the line by which each unit reaches the Internet."""
    query = select(lines.c.unit, lines.c.provider).where(lines.c.kind != "tslcd").order_by(lines.c.id.desc())
    with engine.connect() as connection:
        return {row.unit: row.provider for row in connection.execute(query)}


def few_devices(engine: Engine, territory: Territory) -> list[str]:
    """Return the ids of a territory's devices, two at most: whether there is one alone."""
    query = select(assets.c.id).where(assets.c.merged_into.is_(None), within(territory, assets.c.unit)).limit(2)
    with engine.connect() as connection:
        return list(connection.execute(query).scalars())


def phones(engine: Engine, units: Collection[str]) -> Mapping[str, tuple[str, str]]:
    """Return whom to call in units: position and phone, an IT contact before a leader before others."""
    columns = contacts.c
    rank = case((columns.role == "it", 0), (columns.role == "leader", 1), else_=2)
    query = select(columns.unit, columns.position, columns.phone)
    found: dict[str, tuple[str, str]] = {}
    with engine.connect() as connection:
        for some in parts(sorted(units)):
            asked = query.where(columns.unit.in_(some), columns.phone.is_not(None)).order_by(rank.desc(), columns.id)
            found.update({unit: (position, phone) for unit, position, phone in connection.execute(asked)})
    return found


def names(engine: Engine, ids: Collection[str]) -> Mapping[str, str]:
    """Return the names of the assets among some ids."""
    found: dict[str, str] = {}
    with engine.connect() as connection:
        for some in parts(sorted(ids)):
            query = select(assets.c.id, assets.c.name).where(assets.c.id.in_(some))
            found.update({row.id: row.name for row in connection.execute(query)})
    return found


def keep_hour(engine: Engine, hour: int, figures: Mapping[str, object]) -> None:
    """Keep what the strip showed at an hour (counted since 1970 UTC) by place, and forget what is too old."""
    with engine.begin() as connection:
        for place, told in figures.items():
            upsert(connection, desk_hours, {"hour": hour, "place": place}, {"figures": json.dumps(told)})
        connection.execute(delete(desk_hours).where(desk_hours.c.hour < hour - HOURS_KEPT))


def hours(engine: Engine, hour: int) -> Mapping[str, Mapping[str, float | None]]:
    """Return what the strip showed at an hour by place; empty: nobody was here then."""
    query = select(desk_hours.c.place, desk_hours.c.figures).where(desk_hours.c.hour == hour)
    with engine.connect() as connection:
        return {place: json.loads(told) for place, told in connection.execute(query)}
