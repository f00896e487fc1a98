"""Find the units whose roles or duties may have to change, so that nobody reads the others.

What is found may be more than has to change, never less: ``registry.election`` decides. Each is one question that the
database answers by itself, a hundredth of what reading all agents costs.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Engine, Select, and_, case, func, literal, or_, select

from machxa_collector.store import watched
from machxa_collector.store.enrolment import CANARY_ROLE
from machxa_collector.store.tables import agents, assets, hellos, presence, role_pins, unit_roles
from machxa_wire.roles import GATEWAY, PC, STANDBY

_IN_FORCE = (agents.c.revoked_at.is_(None), agents.c.unsigned.is_(False), agents.c.role != CANARY_ROLE)
_PLACED = agents.join(assets, assets.c.id == agents.c.asset_id)
_ELIGIBLE = or_(role_pins.c.role.is_(None), role_pins.c.role != PC)

_gateways, _standbys = unit_roles.alias("gateways"), unit_roles.alias("standbys")
_first, _second = presence.alias("first"), presence.alias("second")


def units(engine: Engine) -> frozenset[str]:
    """Return the units in which agents stand."""
    stands = select(literal(1)).where(_is_its(), *_IN_FORCE).exists()
    query = select(assets.c.unit).distinct().where(assets.c.unit.is_not(None), stands)
    with engine.connect() as connection:
        return frozenset(str(unit) for unit in connection.execute(query).scalars())


def heard(engine: Engine, since: int) -> frozenset[str]:
    """Return the units with an agent that introduced itself since a moment: its address or version may be another."""
    query = select(assets.c.unit).distinct().select_from(_PLACED.join(hellos, hellos.c.agent_pk == agents.c.pk))
    query = query.where(hellos.c.received_at >= since, assets.c.unit.is_not(None))
    with engine.connect() as connection:
        return frozenset(str(unit) for unit in connection.execute(query).scalars())


def on_odd_duty(engine: Engine) -> frozenset[str]:
    """Return the units whose gateway is off while it is on duty and its standby is on, or on and not on duty."""
    gateway, standby = _gateways.c, _standbys.c
    is_pair = and_(standby.unit == gateway.unit, standby.role == STANDBY)
    its = _gateways.join(_standbys, is_pair).outerjoin(_first, _first.c.agent_pk == gateway.agent_pk)
    its = its.outerjoin(_second, _second.c.agent_pk == standby.agent_pk)
    is_on, stands_by = func.coalesce(_first.c.state, "") == "on", func.coalesce(_second.c.state, "") == "on"
    may_leave = and_(is_on, gateway.on_duty.is_(False))
    is_silent = and_(~is_on, gateway.on_duty.is_(True), stands_by)
    query = select(gateway.unit).select_from(its).where(gateway.role == GATEWAY, or_(may_leave, is_silent))
    with engine.connect() as connection:
        return frozenset(unit for unit in connection.execute(query).scalars() if unit is not None)


def strayed(engine: Engine) -> frozenset[str | None]:
    """Return the units, None for none, in which an agent stands that has the role of another."""
    query = (
        select(assets.c.unit)
        .select_from(unit_roles.join(agents, agents.c.pk == unit_roles.c.agent_pk).outerjoin(assets, _is_its()))
        .where(*_IN_FORCE)
        .where(
            or_(
                and_(unit_roles.c.role != PC, assets.c.unit.is_distinct_from(unit_roles.c.unit)),
                and_(assets.c.unit.is_(None), unit_roles.c.unit.is_not(None)),
            )
        )
    )
    with engine.connect() as connection:
        return frozenset(connection.execute(query).scalars())


def signature(engine: Engine) -> object:
    """Return what changes whenever ``strayed`` or ``vacant`` may find others; cheap beside asking them."""
    columns = role_pins.c
    pinned = select(columns.agent_pk, columns.role, columns.pinned_at).order_by(columns.agent_pk)
    with engine.connect() as connection:
        return watched.signature(engine), tuple(map(tuple, connection.execute(pinned)))


def vacant(engine: Engine) -> frozenset[str]:
    """Return the units with a role that nobody has or that a pin forbids who has it."""
    with engine.connect() as connection:
        found = set(connection.execute(_vacant()).scalars()) | set(connection.execute(_pinned_away()).scalars())
    return frozenset(str(unit) for unit in found if unit is not None)


def dark(engine: Engine, silent_since: int) -> frozenset[str]:
    """Return the units with an agent that is on, whose holders of roles are all silent since a moment."""
    found: set[str | None] = set()
    with engine.connect() as connection:
        those = set(connection.execute(_dark(silent_since)).scalars()) - {None}
        if those:  # of which those count in which another is on
            awake = (
                select(assets.c.unit)
                .distinct()
                .select_from(_PLACED.join(presence, presence.c.agent_pk == agents.c.pk))
                .where(*_IN_FORCE, presence.c.state == "on", assets.c.unit.in_(those))
            )
            found |= set(connection.execute(awake).scalars())
    return frozenset(str(unit) for unit in found if unit is not None)


def _vacant() -> Select[str | None]:
    has_role = and_(unit_roles.c.unit == assets.c.unit, unit_roles.c.role != PC)
    held = func.count(case((has_role, unit_roles.c.role)).distinct())
    wanted = case((func.count() < 2, func.count()), else_=2)  # noqa: PLR2004 - gateway and standby
    its = _PLACED.outerjoin(role_pins, role_pins.c.agent_pk == agents.c.pk).outerjoin(
        unit_roles, unit_roles.c.agent_pk == agents.c.pk
    )
    query = select(assets.c.unit).select_from(its).where(*_IN_FORCE, _ELIGIBLE, assets.c.unit.is_not(None))
    return query.group_by(assets.c.unit).having(held < wanted)


def _pinned_away() -> Select[str | None]:
    its = role_pins.join(agents, agents.c.pk == role_pins.c.agent_pk).join(assets, _is_its())
    its = its.outerjoin(unit_roles, unit_roles.c.agent_pk == agents.c.pk)
    has = func.coalesce(unit_roles.c.role, PC)
    return select(assets.c.unit).select_from(its).where(*_IN_FORCE, has != role_pins.c.role)


def _dark(silent_since: int) -> Select[str | None]:
    seen = case((or_(presence.c.state == "on", presence.c.since > silent_since), 1), else_=0)
    its = unit_roles.outerjoin(presence, presence.c.agent_pk == unit_roles.c.agent_pk)
    query = select(unit_roles.c.unit).select_from(its).where(unit_roles.c.role != PC)
    return query.group_by(unit_roles.c.unit).having(func.max(seen) == 0)


def _is_its() -> ColumnElement[bool]:
    return assets.c.id == agents.c.asset_id
