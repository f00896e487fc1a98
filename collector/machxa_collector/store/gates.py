"""Keep which version of a unit's links and code is in force, and what units counted."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, func, insert, select, update

from machxa_collector.registry.audit import Entry
from machxa_collector.store.acting import acting
from machxa_collector.store.tables import report_gates, stock_counts

FIRST = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Hold what a unit counted last of something: when (ms since 1970 UTC), and the role of who did."""

    item: str
    count: int
    at: int
    role: str


def version_of(engine: Engine, unit: str) -> int:
    """Return the version of a unit's links and code that is in force."""
    with engine.connect() as connection:
        found = connection.execute(select(report_gates.c.version).where(report_gates.c.unit == unit)).scalar()
    return FIRST if found is None else int(found)


def revoke(engine: Engine, unit: str, entry: Entry) -> None:
    """Put all links and the code of a unit out of force."""
    row = {"changed_at": entry.at, "changed_by": entry.actor}
    with acting(engine, entry) as connection:
        there = update(report_gates).where(report_gates.c.unit == unit)
        changed = connection.execute(there.values(version=report_gates.c.version + 1, **row)).rowcount
        if changed == 0:
            connection.execute(insert(report_gates).values(unit=unit, version=FIRST + 1, **row))


def note(engine: Engine, entry: Entry) -> None:
    """Write down that a poster was made."""
    with acting(engine, entry):
        pass


def count(engine: Engine, unit: str, counted: Counted, entry: Entry) -> None:
    """Write down what was counted."""
    row = {"unit": unit, "item": counted.item, "count": counted.count, "at": counted.at, "role": counted.role}
    with acting(engine, entry) as connection:
        connection.execute(insert(stock_counts).values(row))


def counted(engine: Engine, unit: str) -> dict[str, Counted]:
    """Return what a unit counted last of each thing."""
    columns = stock_counts.c
    newest = select(func.max(columns.pk)).where(columns.unit == unit).group_by(columns.item)
    query = select(columns.item, columns.count, columns.at, columns.role).where(columns.pk.in_(newest))
    with engine.connect() as connection:
        return {
            row["item"]: Counted(item=row["item"], count=row["count"], at=row["at"], role=row["role"])
            for row in connection.execute(query).mappings()
        }
