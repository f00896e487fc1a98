"""Keep the devices that gateways watch: which asset each is, its facts, and its state."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, func, insert, or_, select, update

from machxa_collector.intake.rows import Rows
from machxa_collector.registry.identity import Known, Mark, MarkKind, serial_as_compared
from machxa_collector.registry.identity.device import (
    Paper,
    device_address,
    device_identity,
    device_kind,
    device_marks,
    is_still,
    whose,
)
from machxa_collector.registry.records.asset_kind import GONE
from machxa_collector.store import marks
from machxa_collector.store.families import members, merges_into, root
from machxa_collector.store.merging import tell
from machxa_collector.store.places import Move, begin_places
from machxa_collector.store.tables import agents, assets, devices

logger = logging.getLogger(__name__)

MOST_DEVICES = 256  # of one agent; a gateway watches 128 at most
MOST_DRAFTS = 256  # made in one unit in a day, beyond which no other device is believed under a known key
DEVICE_STATE = "device.state"  # the event by which a gateway tells a transition
_MOST_CANDIDATES = 24
_MOST_REASONS = 300
_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class WatchedRow:
    """Hold one device as a gateway sees it: times in ms since 1970 UTC; state None before it told any."""

    agent_pk: int
    agent: str
    gateway: str | None
    key: str
    asset: str
    first_at: int
    observed_at: int
    body: str
    state: str | None
    reasons: tuple[str, ...]
    state_at: int | None


def apply_told(connection: Connection, rows: Rows) -> None:
    """Write what one commit says of devices."""
    for told in rows.devices:
        apply_device(connection, told.agent_pk, told.key, told.body, (told.observed_at, rows.at))
    for event in rows.events:
        if event.name == DEVICE_STATE:
            apply_state(connection, event.agent_pk, event.attributes, event.at)


def apply_device(connection: Connection, agent_pk: int, key: str, body: str, at: tuple[int, int]) -> None:
    """Find the asset that a device's facts (JSON text) tell of, and write what they say of it.

    at: when they were observed, and now, in ms. Where another device answers under a known key, that is another
    asset. Beyond MOST_DEVICES of one agent nothing is written, nor of others under known keys beyond MOST_DRAFTS.
    """
    told = json.loads(body)
    found = device_marks(told)
    row = connection.execute(select(devices).where(devices.c.agent_pk == agent_pk, devices.c.key == key)).first()
    if row is None and _count(connection, agent_pk) >= MOST_DEVICES:
        logger.warning("agent %d tells of more than %d devices; %r is not kept", agent_pk, MOST_DEVICES, key)
        return
    asset = None if row is None else root(connection, row.asset_id)
    if asset is None or not is_still(found, marks.known(asset, marks.seen(connection, _family(connection, asset)))):
        unit = _unit_of(connection, agent_pk)
        asset = _recognized(connection, found, told, unit, asset)
        if asset is None and row is not None and _drafts(connection, unit, at[1]) >= MOST_DRAFTS:
            logger.warning("agent %d tells of ever other devices; the one under %r is not kept", agent_pk, key)
            return
        asset = asset or _draft(connection, told, key, unit, at[1])
    values = {"asset_id": asset, "observed_at": at[0], "body": body}
    if row is not None:
        connection.execute(update(devices).where(devices.c.pk == row.pk).values(values))
    else:
        connection.execute(insert(devices).values({**values, "agent_pk": agent_pk, "key": key, "first_at": at[1]}))
    marks.note(connection, asset, found, at[1])
    tell(connection, asset, device_identity(told))


def apply_state(connection: Connection, agent_pk: int, attributes: str, at: int) -> None:
    """Write a transition that a gateway told (``device.state``) on its device; of an unknown one only the event stays.

    An event that comes late does not undo a later one.
    """
    told = json.loads(attributes)
    key, state, reasons = told.get("device"), told.get("state"), told.get("reasons")
    if not isinstance(key, str) or not isinstance(state, str):
        return
    columns = devices.c
    where = (
        columns.agent_pk == agent_pk,
        columns.key == key[:64],
        or_(columns.state_at.is_(None), columns.state_at <= at),
    )
    said = reasons[:_MOST_REASONS] if isinstance(reasons, str) else ""
    connection.execute(update(devices).where(*where).values(state=state[:20], reasons=said, state_at=at))


def watching(engine: Engine, asset_id: str) -> tuple[WatchedRow, ...]:
    """Return who watches an asset, the gateway that told last first; none of one that runs an agent itself."""
    with engine.connect() as connection:
        return tuple(_rows(connection, _family(connection, asset_id), of_gateway=False))


def watching_both_ways(engine: Engine, asset_id: str) -> tuple[tuple[WatchedRow, ...], tuple[WatchedRow, ...]]:
    """Return who watches an asset, as ``watching`` does, and the devices that its agents watch, by their keys."""
    with engine.connect() as connection:
        family = _family(connection, asset_id)
        watched_from = sorted(_rows(connection, family, of_gateway=True), key=lambda one: one.key)
        return tuple(_rows(connection, family, of_gateway=False)), tuple(watched_from)


def on_the_lan(engine: Engine, agent_pks: Collection[int]) -> tuple[tuple[str, str, str], ...]:
    """Return key, kind of asset and address of the devices that some agents watch, each address once, by key."""
    query = select(devices.c.key, devices.c.body, assets.c.kind).join(assets, assets.c.id == devices.c.asset_id)
    query = query.where(devices.c.agent_pk.in_(agent_pks), assets.c.status.not_in(GONE))
    found: dict[str, tuple[str, str, str]] = {}
    with engine.connect() as connection:
        for row in connection.execute(query.order_by(devices.c.key, devices.c.pk)):
            address = device_address(json.loads(row.body))
            if address is not None:
                found.setdefault(address, (row.key, row.kind, address))
    return tuple(found.values())


def _rows(connection: Connection, family: Collection[str], *, of_gateway: bool) -> Iterator[WatchedRow]:
    query = select(devices, agents.c.id.label("agent"), agents.c.asset_id.label("gateway"))
    query = query.join(agents, agents.c.pk == devices.c.agent_pk)
    query = query.where((agents.c.asset_id if of_gateway else devices.c.asset_id).in_(family))
    for row in connection.execute(query.order_by(devices.c.observed_at.desc())):
        yield WatchedRow(
            agent_pk=row.agent_pk,
            agent=row.agent,
            gateway=row.gateway,
            key=row.key,
            asset=row.asset_id,
            first_at=row.first_at,
            observed_at=row.observed_at,
            body=row.body,
            state=row.state,
            reasons=tuple(one for one in (row.reasons or "").split(",") if one),
            state_at=row.state_at,
        )


def _family(connection: Connection, asset: str) -> tuple[str, ...]:
    return members(asset, merges_into(connection, asset))


def _recognized(
    connection: Connection, told: Collection[Mark], body: Mapping[str, object], unit: str | None, but: str | None
) -> str | None:
    """Return the record of this device, within the gateway's unit: a gateway has no say in another's."""
    others, _ = marks.sharing(connection, told, _family(connection, but) if but else ())
    shown = [one for one in (root(connection, other) for other in others) if one is not None and one != but]
    serials = {mark.value for mark in told if mark.kind is MarkKind.SERIAL}
    columns = assets.c
    serial = func.upper(func.replace(columns.serial, " ", ""))
    query = select(columns.id, columns.serial, columns.vendor, columns.model).where(
        or_(columns.id.in_(shown), serial.in_(serials)),
        columns.merged_into.is_(None),
        columns.unit.is_(None) if unit is None else or_(columns.unit == unit, columns.unit.is_(None)),
    )
    candidates = [
        (_known(connection, row.id, row.serial), Paper(row.vendor, row.model))
        for row in connection.execute(query.limit(_MOST_CANDIDATES)).all()
        if row.id != but
    ]
    return whose(told, body, candidates)


def _known(connection: Connection, asset: str, serial: str | None) -> Known:
    """Return a record as it is known: by its marks, or on paper by its serial."""
    seen = marks.seen(connection, _family(connection, asset))
    if seen or serial is None:
        return marks.known(asset, seen)
    return Known(asset=asset, current=frozenset({Mark(MarkKind.SERIAL, serial_as_compared(serial))}), is_paper=True)


def _draft(connection: Connection, body: Mapping[str, object], key: str, unit: str | None, now_ms: int) -> str:
    made = str(uuid.uuid4())
    said = device_identity(body)
    name = said.get("name") or said.get("model") or key
    row = {**said, "name": name, "id": made, "kind": device_kind(body), "created_at": now_ms, "unit": unit}
    connection.execute(insert(assets).values(row))
    begin_places(connection, [Move(made, unit)], now_ms, None)
    return made


def _drafts(connection: Connection, unit: str | None, now_ms: int) -> int:
    """Return how many records of devices were made in a unit within a day: an agent in wrong hands could go on."""
    columns = assets.c
    query = (
        select(func.count())
        .select_from(assets)
        .where(
            columns.unit.is_(None) if unit is None else columns.unit == unit,
            columns.origin == "agent",
            columns.kind != "computer",
            columns.created_at > now_ms - _DAY_MS,
        )
    )
    return connection.execute(query).scalar_one()


def _unit_of(connection: Connection, agent_pk: int) -> str | None:
    query = select(assets.c.unit).join(agents, agents.c.asset_id == assets.c.id).where(agents.c.pk == agent_pk)
    return connection.execute(query).scalar()


def _count(connection: Connection, agent_pk: int) -> int:
    query = select(func.count()).select_from(devices).where(devices.c.agent_pk == agent_pk)
    return connection.execute(query).scalar_one()
