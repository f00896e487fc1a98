"""Keep who watches for its unit: what is known of a unit's agents, the orders as published, and pins."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Engine, Join, Row, Select, delete, func, select

from machxa_collector.intake.rows import KnownAgent
from machxa_collector.registry.audit import Entry
from machxa_collector.store import audit
from machxa_collector.store.enrolment import CANARY_ROLE
from machxa_collector.store.tables import agents, assets, hellos, presence, role_pins, streams, unit_roles
from machxa_collector.store.upsert import upsert
from machxa_wire.decode import decode
from machxa_wire.records import Hello
from machxa_wire.refusal import Refused
from machxa_wire.roles import RoleOrder, decode_role, encode_role


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Hold the role an agent has: its order as published, since when (ms) it has the role and is on or off duty.

    unit is where it was elected; it may stand elsewhere now.
    """

    unit: str | None
    order: RoleOrder
    since: int
    duty_since: int
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Hold an agent of a unit; unit None: it stands in none. asked is the role it was enrolled with.

    heard_at is when a record of it was last committed (ms), 0 before the first.
    """

    agent: KnownAgent
    unit: str | None
    asked: str
    pin: str | None
    state: str | None
    state_since: int
    heard_at: int
    standing: Standing | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """Hold what a person decided of an agent's role, and when (ms)."""

    role: str
    by: str
    at: int


_heard_at = select(func.max(streams.c.last_at)).where(streams.c.agent_pk == agents.c.pk).scalar_subquery()
_COLUMNS = (
    agents.c.pk, agents.c.id, agents.c.shard, agents.c.key, agents.c.role.label("asked"), assets.c.unit,
    role_pins.c.role.label("pin"), presence.c.state, presence.c.since.label("state_since"),
    unit_roles.c.unit.label("elected_in"), unit_roles.c.payload, unit_roles.c.since, unit_roles.c.duty_since,
    unit_roles.c.reasons, _heard_at.label("heard_at"),
)  # fmt: skip


def members(engine: Engine, units: Collection[str | None]) -> tuple[Member, ...]:
    """Return the agents of units; None among those: who has a role though it stands in no unit any more."""
    which: ColumnElement[bool] = assets.c.unit.in_([unit for unit in units if unit is not None])
    if None in units:
        which |= assets.c.unit.is_(None) & unit_roles.c.agent_pk.is_not(None)
    with engine.connect() as connection:
        return tuple(_member(row) for row in connection.execute(_members().where(which)))


def holders(engine: Engine) -> tuple[Member, ...]:
    """Return the agents that were ever given an order."""
    with engine.connect() as connection:
        return tuple(_member(row) for row in connection.execute(_members().where(unit_roles.c.agent_pk.is_not(None))))


def one(engine: Engine, agent: str) -> Member | None:
    """Return an agent, None where there is none of this id in force."""
    with engine.connect() as connection:
        row = connection.execute(_members().where(agents.c.id == agent)).first()
    return None if row is None else _member(row)


def save(engine: Engine, standings: Mapping[int, Standing], acts: Sequence[Entry] = ()) -> None:
    """Keep orders by agent (pk), and the acts that made them."""
    with engine.begin() as connection:
        for agent_pk, standing in standings.items():
            upsert(connection, unit_roles, {"agent_pk": agent_pk}, _row(standing))
        for act in acts:
            audit.record(connection, act)


def told_hellos(engine: Engine, agent_pks: Iterable[int]) -> dict[int, Hello]:
    """Return each agent's newest hello."""
    columns = hellos.c
    query = select(columns.agent_pk, columns.payload).where(columns.agent_pk.in_(tuple(agent_pks)))
    found: dict[int, Hello] = {}
    with engine.connect() as connection:
        for agent_pk, payload in connection.execute(query):
            try:
                record = decode(bytes(payload))
            except Refused:
                continue  # kept by an older version
            if isinstance(record, Hello):
                found[agent_pk] = record
    return found


def pin(engine: Engine, agent: str, role: str | None, act: Entry) -> bool:
    """Pin an agent to a role, or let it go (None); return whether there is such an agent."""
    with engine.begin() as connection:
        agent_pk = connection.execute(
            select(agents.c.pk).where(agents.c.id == agent, agents.c.revoked_at.is_(None))
        ).scalar()
        if agent_pk is None:
            return False
        if role is None:
            connection.execute(delete(role_pins).where(role_pins.c.agent_pk == agent_pk))
        else:
            row = {"role": role, "pinned_at": act.at, "pinned_by": act.actor}
            upsert(connection, role_pins, {"agent_pk": agent_pk}, row)
        audit.record(connection, act)
        return True


def pin_of(engine: Engine, agent: str) -> Pin | None:
    """Return an agent's pin, None without one."""
    columns = role_pins.c
    query = select(columns.role, columns.pinned_by, columns.pinned_at).join(agents, agents.c.pk == columns.agent_pk)
    with engine.connect() as connection:
        row = connection.execute(query.where(agents.c.id == agent)).first()
    return None if row is None else Pin(role=row.role, by=row.pinned_by, at=row.pinned_at)


def _joined() -> Join:
    return agents.outerjoin(assets, assets.c.id == agents.c.asset_id)


def _members() -> Select[tuple[object, ...]]:
    its = (
        _joined()
        .outerjoin(presence, presence.c.agent_pk == agents.c.pk)
        .outerjoin(role_pins, role_pins.c.agent_pk == agents.c.pk)
        .outerjoin(unit_roles, unit_roles.c.agent_pk == agents.c.pk)
    )
    in_force = (agents.c.revoked_at.is_(None), agents.c.unsigned.is_(False), agents.c.role != CANARY_ROLE)
    return select(*_COLUMNS).select_from(its).where(*in_force).order_by(agents.c.pk)


def _member(row: Row[tuple[object, ...]]) -> Member:
    its = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for it
    return Member(
        agent=KnownAgent(its["pk"], its["id"], its["shard"], bytes(its["key"]), unsigned=False),
        unit=its["unit"],
        asked=its["asked"],
        pin=its["pin"],
        state=its["state"],
        state_since=its["state_since"] or 0,
        heard_at=its["heard_at"] or 0,
        standing=None
        if its["payload"] is None
        else Standing(
            unit=its["elected_in"],
            order=decode_role(bytes(its["payload"])),
            since=its["since"],
            duty_since=its["duty_since"],
            reasons=tuple(its["reasons"].split()),
        ),
    )


def _row(standing: Standing) -> dict[str, object]:
    order = standing.order
    return {
        "unit": standing.unit,
        "role": order.role,
        "on_duty": order.on_duty,
        "since": standing.since,
        "duty_since": standing.duty_since,
        "version": order.version,
        "payload": encode_role(order),
        "reasons": " ".join(standing.reasons),
    }
