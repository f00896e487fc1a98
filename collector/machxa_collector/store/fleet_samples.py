"""Read one metric of many agents at once: what a province had in a day, what each said last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Engine, select

from machxa_collector.store.chunk import Chunk, between
from machxa_collector.store.packing import unpack
from machxa_collector.store.payloads import readings
from machxa_collector.store.resolution import real_column
from machxa_collector.store.samples import AHEAD_MS, DAY_MS, RAW, Number
from machxa_collector.store.tables import agents, chunks, reports
from machxa_wire.records import Series
from machxa_wire.refusal import Refused

_AT_ONCE = 300  # agents of one question
_theirs = reports.alias("theirs").c


def quantile(engine: Engine, agent_pks: Sequence[int], name: str, span: tuple[int, int], share: float) -> Number:
    """Return the value below or at which that share (0 to 1) of a metric's raw readings lies, None when there are none.

    All series of the metric count. Days with reports that are not packed yet cost some sixteen times as much.
    """
    values: list[int | float] = []
    for chunk in _raw(engine, agent_pks, name, span):
        for (series, _), column in between(chunk, *span).columns.items():
            values += [value for value in real_column(series, column) if value is not None]
    if not values:
        return None
    values.sort()
    return values[min(len(values) - 1, int(share * len(values)))]


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


def _raw(engine: Engine, agent_pks: Sequence[int], name: str, span: tuple[int, int]) -> Iterator[Chunk]:
    first, last = span[0] // DAY_MS, (span[1] - 1) // DAY_MS
    for some in _parts(agent_pks):
        waiting = select(reports.c.payload, reports.c.shift_ms, reports.c.mark).where(
            reports.c.agent_pk.in_(some), reports.c.last_time >= span[0], reports.c.time < span[1]
        )
        packed = select(chunks.c.blob).where(
            chunks.c.agent_pk.in_(some), chunks.c.resolution == RAW, chunks.c.day.between(first, last)
        )
        with engine.connect() as connection:  # reports first: what is packed meanwhile is then found in either
            for payload, shift_ms, mark in connection.execute(waiting):
                yield _readable(payload, shift_ms, mark, (name,))
            for blob in connection.execute(packed).scalars():
                yield unpack(blob, (name,))


def _readable(payload: bytes, shift_ms: int, mark: int, names: Sequence[str]) -> Chunk:
    try:
        return readings(payload, shift_ms, mark, names)
    except Refused:
        return Chunk()


def _parts(agent_pks: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(agent_pks), _AT_ONCE):
        yield agent_pks[start : start + _AT_ONCE]
