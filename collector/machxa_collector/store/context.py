"""Keep the newest of each value that a province tells of its systems."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Engine, func, or_, select

from machxa_collector.checks.context import Value
from machxa_collector.registry.audit import Entry
from machxa_collector.registry.people.territory import Territory
from machxa_collector.store import audit
from machxa_collector.store.tables import context_values
from machxa_collector.store.upsert import upsert

MOST = 50_000  # a province of 168 units with some interfaces and volumes each


def take(store: Engine, values: Sequence[Value], act: Entry) -> int | None:
    """Keep values; one that is older than what is known is passed over. Return how many are new, None: too many."""
    columns, new = context_values.c, 0
    with store.begin() as connection:
        for value in values:
            key = {"system": value.system, "name": value.name, "unit": value.unit, "part": value.part}
            where = [columns[name] == told for name, told in key.items()]
            known = connection.execute(select(columns.at).where(*where)).scalar()
            if known is not None and known >= value.at:
                continue
            row = {"number": value.number, "word": value.word, "at": value.at}
            more = {"received_at": value.received_at, "told_by": value.told_by}
            upsert(connection, context_values, key, {**row, **more})
            new += 1
        if connection.execute(select(func.count()).select_from(context_values)).scalar_one() > MOST:
            connection.rollback()
            return None
        audit.record(connection, act)
    return new


def known(store: Engine, territory: Territory, system: str | None = None) -> list[Value]:
    """Return what is known of a territory's units and of the province, of one system or of all."""
    columns = context_values.c
    query = select(context_values).order_by(columns.system, columns.unit, columns.name, columns.part)
    if territory.units is not None:
        query = query.where(or_(columns.unit == "", columns.unit.in_(sorted(territory.units))))
    if system is not None:
        query = query.where(columns.system == system)
    with store.connect() as connection:
        return [Value(**row) for row in connection.execute(query.limit(MOST)).mappings()]
