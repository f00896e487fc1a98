"""Read what stands in units and since when they are watched, for who reckons what an outage does."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Engine, RowMapping, func, select

from machxa_collector.registry.records import SEPARATOR
from machxa_collector.store.record_rows import parts
from machxa_collector.store.tables import agents, assets, counters

Asset = tuple[str, str | None, str, str, str, str]  # id, code, unit, kind, tags, status


def assets_of(store: Engine, units: Collection[str]) -> list[Asset]:
    """Return the assets that stand in units and are in no other record."""
    columns = assets.c
    query = select(columns.id, columns.code, columns.unit, columns.kind, columns.tags, columns.status)
    with store.connect() as connection:
        rows = [
            row
            for some in parts(sorted(units))
            for row in connection.execute(query.where(columns.unit.in_(some), columns.merged_into.is_(None))).mappings()
        ]
    return [_asset(row) for row in rows]


def assets_named(store: Engine, ids: Collection[str]) -> list[Asset]:
    """Return the assets of these ids that there are, wherever they stand."""
    columns = assets.c
    query = select(columns.id, columns.code, columns.unit, columns.kind, columns.tags, columns.status)
    with store.connect() as connection:
        return [
            _asset(row)
            for some in parts(sorted(ids))
            for row in connection.execute(query.where(columns.id.in_(some))).mappings()
        ]


def asset(store: Engine, asset_id: str) -> Asset | None:
    """Return one asset, None when it stands in no unit or nowhere."""
    columns = assets.c
    query = select(columns.id, columns.code, columns.unit, columns.kind, columns.tags, columns.status)
    with store.connect() as connection:
        row = connection.execute(query.where(columns.id == asset_id, columns.unit.is_not(None))).mappings().first()
    return None if row is None else _asset(row)


def counters_of(store: Engine, units: Collection[str]) -> list[tuple[str, frozenset[str]]]:
    """Return each counter of units: its unit, and the assets it uses."""
    query = select(counters.c.unit, counters.c.assets)
    with store.connect() as connection:
        return [
            (row.unit, frozenset(row.assets.split(SEPARATOR)) if row.assets else frozenset())
            for some in parts(sorted(units))
            for row in connection.execute(query.where(counters.c.unit.in_(some)))
        ]


def watched_since(store: Engine, unit: str) -> int | None:
    """Return when the first agent of a unit was enrolled (ms since 1970 UTC), None when there never was one."""
    query = (
        select(func.min(agents.c.enrolled_at))
        .join(assets, assets.c.id == agents.c.asset_id)
        .where(assets.c.unit == unit)
    )
    with store.connect() as connection:
        return connection.execute(query).scalar()


def _asset(row: RowMapping) -> Asset:
    return row["id"], row["code"], row["unit"], row["kind"], row["tags"], row["status"]
