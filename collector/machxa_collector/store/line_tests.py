"""Read what gateways' small throughput tests measured of lines, over days, for a territory at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Engine, or_, select

from machxa_collector.planning.line_figures import speeds_of
from machxa_collector.registry.people.territory import Territory
from machxa_collector.store.chunk import Chunk
from machxa_collector.store.packing import unpack
from machxa_collector.store.resolution import real
from machxa_collector.store.tables import agents, assets, chunks, unit_roles
from machxa_collector.store.territory import within

DAY_MS = 86_400_000
MOST_GATEWAYS = 1000  # a province has some 200; of more the first are read
_HOUR = 3600
_LINE, _SPEED, _SPENT = "machxa.line", "machxa.line.throughput", "machxa.line.test.io"
_LAST = ("last",)
_GATEWAY = "gateway"
_AT_ONCE = 100

Place = tuple[str, str]  # unit, the line's name on the wire


def measured(engine: Engine, territory: Territory, first_ms: int, last_ms: int) -> Mapping[Place, Sequence[float]]:
    """Return the speeds in bit/s that were measured from first_ms to last_ms (ms since 1970 UTC), by unit and line.

    Packed days alone are read: a test of today counts from tomorrow. A speed counts once a test, not once a minute.
    """
    gateways = _gateways(engine, territory)
    found: dict[Place, list[float]] = {}
    numbers = sorted(gateways)[:MOST_GATEWAYS]
    for at in range(0, len(numbers), _AT_ONCE):
        query = (
            select(chunks.c.agent_pk, chunks.c.blob)
            .where(
                chunks.c.agent_pk.in_(numbers[at : at + _AT_ONCE]),
                chunks.c.resolution == _HOUR,
                chunks.c.day.between(first_ms // DAY_MS, last_ms // DAY_MS),
            )
            .order_by(chunks.c.agent_pk, chunks.c.day)
        )
        with engine.connect().execution_options(yield_per=_AT_ONCE) as connection:
            for agent, blob in connection.execute(query):
                for line, speeds in _tests(unpack(blob, {_SPEED, _SPENT}, _LAST)).items():
                    found.setdefault((gateways[agent], line), []).extend(speeds)
    return found


def _gateways(engine: Engine, territory: Territory) -> dict[int, str]:
    """Return the units of agents that are gateways, or were told to be when they were enrolled."""
    query = (
        select(agents.c.pk, assets.c.unit)
        .join(assets, assets.c.id == agents.c.asset_id)
        .outerjoin(unit_roles, unit_roles.c.agent_pk == agents.c.pk)
        .where(or_(agents.c.role == _GATEWAY, unit_roles.c.role == _GATEWAY))
        .where(assets.c.unit.is_not(None), within(territory, assets.c.unit))
    )
    with engine.connect() as connection:
        return {row.pk: row.unit for row in connection.execute(query)}


def _tests(chunk: Chunk) -> dict[str, list[float]]:
    """Return the speeds of one day's tests, by line."""
    columns: dict[str, dict[str, list[float | None]]] = {}
    for (series, _), column in chunk.columns.items():
        name = dict(series.labels).get(_LINE)
        if name is not None:
            values = [None if value is None else real(series, value) for value in column]
            columns.setdefault(name, {})[series.name] = [None if one is None else float(one) for one in values]
    return {
        name: [8 * speed for speed in speeds_of(told.get(_SPEED, ()), told.get(_SPENT, ()))]
        for name, told in columns.items()
    }
