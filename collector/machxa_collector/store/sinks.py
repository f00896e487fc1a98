"""Read reports in the order in which they came, for sinks, and keep how far each is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import Engine, RowMapping, delete, func, select, tuple_

from machxa_collector.store.chunk import Chunk
from machxa_collector.store.cursor import Cursor
from machxa_collector.store.payloads import readings
from machxa_collector.store.tables import agents, assets, devices, reports, sink_places
from machxa_collector.store.upsert import upsert
from machxa_wire.refusal import Refused

Tags = Mapping[str, str]
HELD_MS = 7 * 86_400_000  # for so long reports stay unpacked for a sink that does not take them
_SETTLED_MS = 2_000  # after which what is received at one moment is committed


@dataclass(frozen=True, slots=True)
class Report:
    """Hold one report: where it stands, whose it is, what it reads; chunk None: it cannot be read any more."""

    cursor: Cursor
    agent: str
    unit: str | None
    role: str
    chunk: Chunk | None


def following(engine: Engine, after: Cursor, now_ms: int, most: int) -> tuple[Report, ...]:
    """Return up to so many reports behind a cursor, in the order in which they came."""
    columns = reports.c
    place = tuple_(columns.received_at, columns.stream_pk, columns.seq)
    query = (
        select(columns.received_at, columns.stream_pk, columns.seq, columns.payload, columns.shift_ms, columns.mark)
        .add_columns(agents.c.id.label("agent"), assets.c.unit, agents.c.role)
        .join_from(reports, agents, agents.c.pk == columns.agent_pk)
        .outerjoin(assets, assets.c.id == agents.c.asset_id)
        .where(columns.received_at >= after.received_at, place > tuple_(*after))
        .where(columns.received_at <= now_ms - _SETTLED_MS)
        .order_by(columns.received_at, columns.stream_pk, columns.seq)
        .limit(most)
    )
    with engine.connect() as connection:
        return tuple(_report(row) for row in connection.execute(query).mappings())


def place_of(engine: Engine, name: str) -> Cursor:
    """Return up to where a sink is safe, the beginning for one that is new."""
    columns = sink_places.c
    query = select(columns.received_at, columns.stream_pk, columns.seq).where(columns.name == name)
    with engine.connect() as connection:
        row = connection.execute(query).first()
    return Cursor() if row is None else Cursor(*row)


def keep_place(engine: Engine, name: str, safe: Cursor, now_ms: int) -> None:
    """Keep up to where a sink is safe."""
    with engine.begin() as connection:
        upsert(connection, sink_places, {"name": name}, {**safe._asdict(), "noted_at": now_ms})


def forget_others(engine: Engine, names: Collection[str]) -> None:
    """Forget sinks that are configured no more: nothing waits for them."""
    with engine.begin() as connection:
        connection.execute(delete(sink_places).where(sink_places.c.name.not_in(list(names))))


def waits_for(engine: Engine, now_ms: int) -> int | None:
    """Return the moment of receipt behind which reports are still wanted by a sink; None when there is no sink.

    A sink that has taken nothing for a week is waited for no longer.
    """
    with engine.connect() as connection:
        first = connection.execute(select(func.min(sink_places.c.received_at))).scalar()
    return None if first is None else max(int(first), now_ms - HELD_MS)


def _report(row: RowMapping) -> Report:
    chunk: Chunk | None = None
    with suppress(Refused):  # packing sets it aside and says so
        chunk = readings(row["payload"], row["shift_ms"], row["mark"])
    cursor = Cursor(row["received_at"], row["stream_pk"], row["seq"])
    return Report(cursor, row["agent"], row["unit"], row["role"], chunk)


def assets_behind(engine: Engine, ids: Collection[str]) -> tuple[Mapping[str, Tags], Mapping[str, Mapping[str, Tags]]]:
    """Return kind and name of the assets that agents speak for, and of the devices that they watch, by their keys."""
    own = select(agents.c.id.label("agent"), assets.c.kind, assets.c.name).join(
        assets, assets.c.id == agents.c.asset_id
    )
    watched = (
        select(agents.c.id.label("agent"), devices.c.key, assets.c.kind, assets.c.name)
        .join_from(devices, agents, agents.c.pk == devices.c.agent_pk)
        .join(assets, assets.c.id == devices.c.asset_id)
    )
    found: dict[str, dict[str, Tags]] = {}
    with engine.connect() as connection:
        those = agents.c.id.in_(sorted(ids))
        mine = {row.agent: {"kind": row.kind, "name": row.name} for row in connection.execute(own.where(those))}
        for row in connection.execute(watched.where(those)):
            found.setdefault(row.agent, {})[row.key] = {"kind": row.kind, "name": row.name}
    return mine, found
