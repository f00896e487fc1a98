"""List agents for who looks after them, each kind of fact by one question for the page, never one for each row."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, and_, exists, func, or_, select, tuple_

from machxa_collector.intake.rows import CANARY_ROLE
from machxa_collector.registry.people.territory import Territory
from machxa_collector.registry.units.fold import fold, words
from machxa_collector.store.agent_rows import DAY_MS, LIMITS, LIMITS_MS, AgentRow, agent_rows
from machxa_collector.store.tables import agents, assets, certificates, events, presence, role_pins, streams, unit_roles
from machxa_collector.store.territory import within
from machxa_wire.roles import PC

ENDING_MS = 30 * DAY_MS  # a certificate renews itself at two thirds of 90 days: fewer left is late
_THROTTLED = "throttled"
_MOST_WORDS = 10
_READ_AT_ONCE = 2_000

Key = tuple[str, int]


class Trouble(Enum):
    """Say what an agent is looked for by."""

    SILENT = "silent"
    LIMITS = "limits"
    GAPS = "gaps"
    CERTIFICATE = "certificate"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Say which agents to list, None for any; text: every word of it is in the name or the id."""

    units: Collection[str] | None = None
    role: str | None = None
    trouble: Trouble | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Hold how many agents of a territory are in force, are on, are silent without a good-bye, and watch a unit."""

    agents: int
    on: int
    lost: int
    on_duty: int
    ending: int


_UNIT = func.coalesce(assets.c.unit, "")
_ROLE = func.coalesce(unit_roles.c.role, PC)
_KEY = tuple_(_UNIT, agents.c.pk)
_COLUMNS = (
    agents.c.pk, agents.c.id, agents.c.asset_id, assets.c.name, assets.c.unit, _ROLE.label("role"),
    agents.c.role.label("asked"), unit_roles.c.on_duty, unit_roles.c.since, unit_roles.c.duty_since,
    unit_roles.c.reasons, role_pins.c.role.label("pin"), role_pins.c.pinned_by, presence.c.state,
    presence.c.since.label("state_since"), agents.c.enrolled_at, agents.c.revoked_at, agents.c.unsigned,
)  # fmt: skip
_JOINED = (
    agents.outerjoin(assets, assets.c.id == agents.c.asset_id)
    .outerjoin(presence, presence.c.agent_pk == agents.c.pk)
    .outerjoin(role_pins, role_pins.c.agent_pk == agents.c.pk)
    .outerjoin(unit_roles, unit_roles.c.agent_pk == agents.c.pk)
)


def listed(
    engine: Engine, territory: Territory, wanted: Wanted, after: Key | None, most: int, now_ms: int
) -> tuple[AgentRow, ...]:
    """Return up to ``most`` agents of a territory by unit, beginning after a key; revoked ones where asked for."""
    query = _query(territory, wanted, now_ms)
    asked = words(wanted.text)[:_MOST_WORDS]
    if asked:
        keys = _having(engine, query, asked, after, most)
        query = query.where(agents.c.pk.in_(keys))
    elif after is not None:
        query = query.where(after < _KEY)
    with engine.connect() as connection:
        rows = connection.execute(query.order_by(_UNIT, agents.c.pk).limit(most)).mappings().all()
    return agent_rows(engine, rows, now_ms)


def one(engine: Engine, territory: Territory, agent: str, now_ms: int) -> AgentRow | None:
    """Return an agent, revoked or not; None when a territory holds none of this id."""
    query = select(*_COLUMNS).select_from(_JOINED).where(agents.c.id == agent, within(territory, assets.c.unit))
    with engine.connect() as connection:
        rows = connection.execute(query.where(agents.c.role != CANARY_ROLE)).mappings().all()
    return next(iter(agent_rows(engine, rows, now_ms)), None)


def counts(engine: Engine, territory: Territory, now_ms: int) -> Counts:
    """Return how a territory's agents are doing."""
    its = (agents.c.revoked_at.is_(None), agents.c.role != CANARY_ROLE, within(territory, assets.c.unit))

    def where(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.count().filter(condition)

    query = select(
        func.count(),
        where(presence.c.state == "on"),
        where(presence.c.state == "lost"),
        where(unit_roles.c.on_duty.is_(True)),
        where(_ending(now_ms)),
    )
    with engine.connect() as connection:
        return Counts(
            **dict(zip(_COUNTED, connection.execute(query.select_from(_JOINED).where(*its)).one(), strict=True))
        )


_COUNTED = ("agents", "on", "lost", "on_duty", "ending")


def key_of(row: AgentRow) -> Key:
    """Return what a page after this agent begins behind."""
    return row.unit or "", row.pk


def takers(engine: Engine) -> list[str]:
    """Return every agent that settings and policies are rolled out to."""
    query = select(agents.c.id).where(agents.c.revoked_at.is_(None), agents.c.role != CANARY_ROLE)
    with engine.connect() as connection:
        return list(connection.execute(query).scalars())


def _query(territory: Territory, wanted: Wanted, now_ms: int) -> Select[Any]:
    query = select(*_COLUMNS).select_from(_JOINED)
    query = query.where(within(territory, assets.c.unit), agents.c.role != CANARY_ROLE)
    is_revoked = wanted.trouble is Trouble.REVOKED
    query = query.where(agents.c.revoked_at.is_not(None) if is_revoked else agents.c.revoked_at.is_(None))
    if wanted.units is not None:
        query = query.where(assets.c.unit.in_(sorted(wanted.units)))
    if wanted.role is not None:
        query = query.where(_ROLE.in_([wanted.role]))
    if wanted.trouble is Trouble.SILENT:
        query = query.where(presence.c.state == "lost")
    elif wanted.trouble is Trouble.GAPS:
        query = query.where(_has_gaps())
    elif wanted.trouble is Trouble.CERTIFICATE:
        query = query.where(_ending(now_ms))
    elif wanted.trouble is Trouble.LIMITS:
        query = query.where(agents.c.pk.in_(_throttled(now_ms)))
    return query


def _has_gaps() -> ColumnElement[bool]:
    columns = streams.c
    missing = or_(columns.contiguous < columns.highest, columns.declared > 0)
    return exists(select(columns.pk).where(columns.agent_pk == agents.c.pk, missing))


def _ending(now_ms: int) -> ColumnElement[bool]:
    """Return the condition that an agent has a certificate in force, and none that holds a month more."""
    columns = certificates.c
    own = and_(columns.agent_pk == agents.c.pk, columns.revoked_at.is_(None))
    holds = exists(select(columns.serial).where(own, columns.expires_at >= now_ms + ENDING_MS))
    return and_(exists(select(columns.serial).where(own)), ~holds)


def _throttled(now_ms: int) -> Select[Any]:
    columns = events.c
    lately = (columns.name == LIMITS, columns.at >= now_ms - LIMITS_MS, columns.attributes.contains(_THROTTLED))
    return select(columns.agent_pk).where(*lately)


def _having(engine: Engine, query: Select[Any], asked: Sequence[str], after: Key | None, most: int) -> list[int]:
    """Return the agents (pk) with every word asked for, in order, beginning after one."""
    found: list[int] = []
    texts = query.with_only_columns(_UNIT.label("place"), agents.c.pk, agents.c.id, assets.c.name)
    texts = texts.order_by(_UNIT, agents.c.pk)
    with engine.connect() as connection:
        while True:
            piece = texts if after is None else texts.where(after < _KEY)
            rows = connection.execute(piece.limit(_READ_AT_ONCE)).all()
            for row in rows:
                text = fold(f"{row.name or ''} {row.id}")
                if all(word in text for word in asked):
                    found.append(row.pk)
                    if len(found) == most:
                        return found
            if len(rows) < _READ_AT_ONCE:
                return found
            after = (rows[-1].place, rows[-1].pk)
