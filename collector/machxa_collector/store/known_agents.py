"""Read agents as whoever hears or tells them knows them: with their keys, each opened as it is read."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import ColumnElement, Connection, Engine, select

from machxa_collector.intake.rows import KnownAgent
from machxa_collector.store.record_rows import parts
from machxa_collector.store.tables import agents


def read(connection: Connection, *which: ColumnElement[bool]) -> tuple[KnownAgent, ...]:
    """Return the agents for which all of these hold, in the order of their enrolment."""
    columns = agents.c
    query = select(columns.pk, columns.id, columns.shard, columns.key, columns.unsigned).where(*which)
    rows = connection.execute(query.order_by(columns.pk))
    return tuple(KnownAgent(pk, id_, shard, bytes(key), bool(free)) for pk, id_, shard, key, free in rows)


def named(engine: Engine, ids: Collection[str], *which: ColumnElement[bool]) -> Iterator[KnownAgent]:
    """Yield those of some agents (their ids) for which all of these hold; no other's key is opened."""
    for some in parts(sorted(ids)):
        with engine.connect() as connection:
            found = read(connection, agents.c.id.in_(some), *which)
        yield from found
