"""Read what a unit has to hand on, and what an act of handing over moved."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Engine, select

from machxa_collector.registry.records import KINDS
from machxa_collector.registry.records.asset_kind import GONE
from machxa_collector.store.record_history import one_batch
from machxa_collector.store.record_rows import Stored, of_json, parts, record_of, values_of
from machxa_collector.store.tables import assets, changes

_KIND = KINDS["assets"]


def held_by(engine: Engine, unit: str, only: Collection[str] | None = None) -> tuple[Stored, ...]:
    """Return the assets that stand in a unit and are not gone, by kind, name and id; only: those of these ids."""
    columns = assets.c
    query = select(assets).where(columns.unit == unit, columns.status.not_in(GONE), columns.merged_into.is_(None))
    with engine.connect() as connection:
        rows = connection.execute(query.order_by(columns.kind, columns.name, columns.id)).mappings().all()
    wanted = None if only is None else frozenset(only)
    return tuple(
        Stored(row["id"], record_of(_KIND, values_of(_KIND, row)))
        for row in rows
        if wanted is None or row["id"] in wanted
    )


def moved_by(engine: Engine, batch_id: str) -> tuple[tuple[str, str], tuple[Stored, ...]] | None:
    """Return from which unit to which an act moved assets, and those, as they are now; None when it moved none."""
    batch = one_batch(engine, batch_id)
    if batch is None or batch.kind != _KIND.name:
        return None
    query = select(changes.c.record, changes.c.before, changes.c.after).where(changes.c.batch == batch_id)
    ways: dict[tuple[str, str], list[str]] = {}
    with engine.connect() as connection:
        for row in connection.execute(query.order_by(changes.c.pk)):
            before = of_json(_KIND, row.before) if row.before else {}
            after = of_json(_KIND, row.after) if row.after else {}
            if before.get("unit") and after.get("unit"):
                ways.setdefault((str(before["unit"]), str(after["unit"])), []).append(row.record)
        if len(ways) != 1:
            return None
        (way, ids), *_ = ways.items()
        found = {
            row["id"]: Stored(row["id"], record_of(_KIND, values_of(_KIND, row)))
            for part in parts(ids)
            for row in connection.execute(select(assets).where(assets.c.id.in_(part))).mappings()
        }
    return way, tuple(found[one] for one in ids if one in found)
