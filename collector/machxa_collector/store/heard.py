"""Read again what agents said, in the order in which it was committed."""

from __future__ import annotations

from collections.abc import Container, Iterator
from heapq import merge
from typing import NamedTuple

from sqlalchemy import Connection, Engine, delete, false, or_, select

from machxa_collector.intake.rows import Rows
from machxa_collector.store.tables import heard, presence, reports
from machxa_wire.encode import encode_presence
from machxa_wire.records import Presence

KEPT_MS = 3 * 86_400_000
_AT_ONCE = 1000  # rows
_MOST_NAMED = 20_000  # agents in one question; more are told apart here


class Said(NamedTuple):
    """Hold what one agent said: received_at in ms since 1970 UTC, a record's payload or a presence's."""

    received_at: int
    agent_pk: int
    is_presence: bool
    payload: bytes


class Older(NamedTuple):
    """Name the agents (keys in the store) of which older samples are told, and before which moment they are older."""

    before: int
    of: frozenset[int]


def of_rows(rows: Rows) -> list[Said]:
    """Return what one commit has written."""
    said = [Said(row.received_at, row.agent_pk, False, row.payload) for row in rows.reports]  # noqa: FBT003 - a column
    return said + [Said(*row) for row in rows.heard]


def since(store: Engine, at_ms: int, until_ms: int, older: Older | None = None) -> Iterator[Said]:
    """Yield everything received from one moment to another that the store still has as it travelled, in its order.

    older: samples received before its moment are told of its agents alone.
    """
    with store.connect().execution_options(yield_per=_AT_ONCE) as connection:  # a day of a province is 400 MB
        reported, others = _reports(connection, (at_ms, until_ms), older), _others(connection, (at_ms, until_ms))
        yield from merge(reported, others, key=lambda one: one.received_at)


def others(store: Engine, at_ms: int, until_ms: int, of: Container[int] | None = None) -> Iterator[Said]:
    """Yield what was received from one moment until before another and is no sample, in its order.

    of are the keys of the agents that are asked about, None for all.
    """
    with store.connect().execution_options(yield_per=_AT_ONCE) as connection:
        found = _others(connection, (at_ms, until_ms - 1))
        yield from found if of is None else (one for one in found if one.agent_pk in of)


def presences(store: Engine, at_ms: int, of: Container[int] | None = None) -> list[Said]:
    """Return the presences that are true since before a moment, as of when each became so; of: as in ``others``."""
    columns = presence.c
    query = select(columns.since, columns.agent_pk, columns.state, columns.boot, columns.role)
    with store.connect() as connection:
        rows = connection.execute(query.where(columns.since < at_ms).order_by(columns.since)).all()
    told = [(row, Presence(row.state, row.boot, row.role)) for row in rows if of is None or row.agent_pk in of]
    return [Said(row.since, row.agent_pk, True, encode_presence(one)) for row, one in told]  # noqa: FBT003 - a column


def prune(store: Engine, now_ms: int) -> int:
    """Delete what is kept long enough; return how much."""
    with store.begin() as connection:
        return connection.execute(delete(heard).where(heard.c.received_at < now_ms - KEPT_MS)).rowcount


def _reports(connection: Connection, between: tuple[int, int], older: Older | None) -> Iterator[Said]:
    columns = reports.c
    query = select(columns.received_at, columns.agent_pk, false(), columns.payload)
    query = query.where(columns.received_at.between(*between))
    query = query.order_by(columns.received_at, columns.stream_pk, columns.seq)
    if older is not None and len(older.of) <= _MOST_NAMED:
        is_told = or_(columns.received_at >= older.before, columns.agent_pk.in_(sorted(older.of)))
        query, older = query.where(is_told), None
    for row in connection.execute(query):
        if older is None or row[0] >= older.before or row[1] in older.of:
            yield Said(*row)


def _others(connection: Connection, between: tuple[int, int]) -> Iterator[Said]:
    columns = heard.c
    query = select(columns.received_at, columns.agent_pk, columns.is_presence, columns.payload)
    query = query.where(columns.received_at.between(*between)).order_by(columns.received_at, columns.pk)
    for row in connection.execute(query):
        yield Said(*row)
