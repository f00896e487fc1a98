"""Keep how each site's checks of each system went, a row for each system and hour."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import msgspec
from sqlalchemy import Engine, and_, delete, func, select

from machxa_collector.incidents.hours import HOUR_MS, Counts, HourKey
from machxa_collector.store.tables import system_hours
from machxa_collector.store.upsert import upsert

KEPT_HOURS = 24 * 15  # a week, and a week to compare it with


class _Body(msgspec.Struct, array_like=True):
    """Hold units and their counts, in the order of the units."""

    units: tuple[str, ...]
    well: tuple[int, ...]
    slow: tuple[int, ...]
    bad: tuple[int, ...]


_BODIES = msgspec.msgpack.Decoder(_Body)


class HourRow(NamedTuple):
    """Hold one hour of one system: the units of which something is known, and what each counted, in the same order."""

    system: str
    hour: int
    version: int
    units: tuple[str, ...]
    well: tuple[int, ...]
    slow: tuple[int, ...]
    bad: tuple[int, ...]


def keep(store: Engine, changed: Mapping[HourKey, Mapping[str, Counts]]) -> None:
    """Write hours as they were counted now; of a site that was counted before, what counts more results stays.

    A judgement that begins anew counts again what the store still has, which may be less than what was heard.
    """
    columns = system_hours.c
    with store.begin() as connection:
        version = int(connection.execute(select(func.max(columns.version))).scalar() or 0) + 1
        for (system, hour), counted in changed.items():
            known = connection.execute(
                select(columns.body).where(and_(columns.system == system, columns.hour == hour))
            ).scalar()
            before = {} if known is None else _counted(_unpacked(known))
            after = before | {
                unit: counts
                for unit, counts in counted.items()
                if unit not in before or counts.total >= before[unit].total
            }
            if after != before:
                values = {"version": version, "body": _packed(after)}
                upsert(connection, system_hours, {"system": system, "hour": hour}, values)


def since(store: Engine, hour: int, version: int, system: str | None = None) -> Iterator[HourRow]:
    """Yield what was written of hours from one on, of all systems or one, after a version."""
    columns = system_hours.c
    query = select(columns.system, columns.hour, columns.version, columns.body)
    query = query.where(columns.hour >= hour, columns.version > version)
    if system is not None:
        query = query.where(columns.system == system)
    with store.connect() as connection:
        for row in connection.execute(query.order_by(columns.version)):
            body = _unpacked(row.body)
            yield HourRow(row.system, row.hour, row.version, body.units, body.well, body.slow, body.bad)


def prune(store: Engine, now_ms: int) -> None:
    """Delete what is kept long enough."""
    with store.begin() as connection:
        connection.execute(delete(system_hours).where(system_hours.c.hour < now_ms // HOUR_MS - KEPT_HOURS))


def _packed(counted: Mapping[str, Counts]) -> bytes:
    units = tuple(sorted(counted))
    counts = [counted[unit] for unit in units]
    body = _Body(units, tuple(o.well for o in counts), tuple(o.slow for o in counts), tuple(o.bad for o in counts))
    return zlib.compress(msgspec.msgpack.encode(body))


def _unpacked(packed: bytes) -> _Body:
    return _BODIES.decode(zlib.decompress(packed))


def _counted(body: _Body) -> dict[str, Counts]:
    return dict(zip(body.units, map(Counts, body.well, body.slow, body.bad), strict=True))
