"""Read some metrics of many agents at once: what each said last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Engine, select

from machxa_collector.store.chunk import Chunk
from machxa_collector.store.payloads import readings
from machxa_collector.store.resolution import real_column
from machxa_collector.store.samples import AHEAD_MS, Number
from machxa_collector.store.tables import agents, reports
from machxa_wire.records import Series
from machxa_wire.refusal import Refused

_AT_ONCE = 300  # agents of one question
_theirs = reports.alias("theirs").c


def last_of_all(
    engine: Engine, agent_pks: Sequence[int], names: Sequence[str]
) -> dict[int, dict[Series, tuple[int, Number]]]:
    """Return what each agent's newest report says of some metrics: (ms since 1970 UTC, value) of each series."""
    columns = reports.c
    found: dict[int, dict[Series, tuple[int, Number]]] = {}
    for some in _parts(agent_pks):
        newest = (
            select(_theirs.last_time)
            .where(_theirs.agent_pk == agents.c.pk, _theirs.last_time <= _theirs.received_at + AHEAD_MS)
            .order_by(_theirs.last_time.desc())
            .limit(1)
            .scalar_subquery()
        )
        query = (
            select(columns.agent_pk, columns.payload, columns.shift_ms, columns.mark)
            .join(agents, agents.c.pk == columns.agent_pk)
            .where(agents.c.pk.in_(some), columns.last_time == newest)
        )
        with engine.connect() as connection:
            for agent_pk, payload, shift_ms, mark in connection.execute(query):
                chunk = _readable(payload, shift_ms, mark, names)
                found[agent_pk] = {
                    series: (chunk.times[-1], real_column(series, column[-1:])[0])
                    for (series, _), column in chunk.columns.items()
                }
    return found


def _readable(payload: bytes, shift_ms: int, mark: int, names: Sequence[str]) -> Chunk:
    try:
        return readings(payload, shift_ms, mark, names)
    except Refused:
        return Chunk()


def _parts(agent_pks: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(agent_pks), _AT_ONCE):
        yield agent_pks[start : start + _AT_ONCE]
