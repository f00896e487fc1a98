"""Read what an availability report stands on: incidents of a period, what is watched since when, whose lines."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Engine, RowMapping, func, or_, select, true

from machxa_collector.incidents.acts import Act
from machxa_collector.incidents.served import Outage, outage_of
from machxa_collector.incidents.words import Cause
from machxa_collector.intake.rows import CANARY_ROLE
from machxa_collector.registry.people.territory import Territory
from machxa_collector.store.incidents import NOWHERE, acts_of, bodies
from machxa_collector.store.record_rows import parts
from machxa_collector.store.tables import agents, assets, devices, incident_units, incidents, lines
from machxa_collector.store.territory import within

MOST_INCIDENTS = 20_000
_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """Hold an asset; since: when an agent first watched it (ms since 1970 UTC), None: never."""

    id: str
    name: str
    kind: str
    unit: str | None
    since: int | None


def outages(store: Engine, territory: Territory, start: int, end: int, now: int) -> tuple[list[Outage], int]:
    """Return what touches a territory in a period, the newest first up to a bound, and how many were left out."""
    columns = incidents.c
    touches = (
        columns.started_at < end,
        or_(columns.ended_at.is_(None), columns.ended_at > start),
        _touching(territory),
    )
    query = select(columns.body).where(*touches).order_by(columns.started_at.desc()).limit(MOST_INCIDENTS)
    with store.connect() as connection:
        total = connection.execute(select(func.count()).select_from(incidents).where(*touches)).scalar_one()
        found = bodies(connection, query)
    ids = [one.id for one in found]
    acts: dict[str, tuple[Act, ...]] = {}
    for first in range(0, len(ids), _AT_ONCE):
        acts.update(acts_of(store, ids[first : first + _AT_ONCE]))
    counted = (outage_of(one, acts.get(one.id, ()), now) for one in found)
    return [one for one in counted if one is not None], total - len(found)


def _touching(territory: Territory) -> ColumnElement[bool]:
    """Return the condition that an incident bears on figures of a territory: its units, its devices, or all of us."""
    if territory.units is None:
        return true()
    its = incident_units.c
    codes = [*sorted(territory.units), *((NOWHERE,) if territory.with_nowhere else ())]
    own = select(its.incident).where(its.unit.in_(codes))
    devices_here = select(assets.c.id).where(within(territory, assets.c.unit))  # one may have come from elsewhere since
    return or_(incidents.c.id.in_(own), incidents.c.subject.in_(devices_here), incidents.c.cause == Cause.CENTRE.value)


def watched_since(store: Engine, territory: Territory) -> Mapping[str, int]:
    """Return since when each unit of a territory has an agent that watches it."""
    first = func.min(agents.c.enrolled_at)
    query = select(assets.c.unit, first).join(agents, agents.c.asset_id == assets.c.id)
    query = query.where(assets.c.unit.is_not(None), agents.c.role != CANARY_ROLE, within(territory, assets.c.unit))
    with store.connect() as connection:
        return {row[0]: row[1] for row in connection.execute(query.group_by(assets.c.unit))}


def providers(store: Engine, units: Collection[str]) -> Mapping[str, str]:
    """Return who carries the line that each unit reaches the Internet by; those without an entry are left out."""
    columns = lines.c
    query = select(columns.unit, columns.provider).where(columns.kind != "tslcd").order_by(columns.id.desc())
    found: dict[str, str] = {}
    with store.connect() as connection:
        for some in parts(sorted(units)):
            found |= {row.unit: row.provider for row in connection.execute(query.where(columns.unit.in_(some)))}
    return found


def devices_of(store: Engine, territory: Territory, unit: str | None, after: str, most: int) -> list[Device]:
    """Return up to most devices of a territory, or of one unit of it, whose id follows after."""
    query = _DEVICES.where(within(territory, assets.c.unit), assets.c.id > after)
    if unit is not None:
        query = query.where(assets.c.unit == unit)
    with store.connect() as connection:
        return [_device(row) for row in connection.execute(query.order_by(assets.c.id).limit(most)).mappings()]


def device(store: Engine, territory: Territory, asset: str) -> Device | None:
    """Return one device, None when the territory holds none of this id."""
    with store.connect() as connection:
        found = connection.execute(_DEVICES.where(within(territory, assets.c.unit), assets.c.id == asset))
        row = found.mappings().first()
    return None if row is None else _device(row)


def _device(row: RowMapping) -> Device:
    since = row["by_agent"] if row["by_agent"] is not None else row["by_gateway"]
    return Device(id=row["id"], name=row["name"], kind=row["kind"], unit=row["unit"], since=since)


_BY_AGENT = select(func.min(agents.c.enrolled_at)).where(agents.c.asset_id == assets.c.id).scalar_subquery()
_BY_GATEWAY = select(func.min(devices.c.first_at)).where(devices.c.asset_id == assets.c.id).scalar_subquery()
_DEVICES = select(
    assets.c.id,
    assets.c.name,
    assets.c.kind,
    assets.c.unit,
    _BY_AGENT.label("by_agent"),
    _BY_GATEWAY.label("by_gateway"),
).where(assets.c.merged_into.is_(None))
