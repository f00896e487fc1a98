"""Move assets between units, now or as of a past day, and tell where one stood."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, select, update

from machxa_collector.registry.audit import Entry
from machxa_collector.store import audit, records
from machxa_collector.store.records import Act, Change
from machxa_collector.store.tables import places


class CannotMove(Exception):
    """Say why an asset is not moved: nothing was changed."""


def move_asset(engine: Engine, act: Entry, asset_id: str, unit: str | None, at_ms: int, note: str | None) -> str:
    """Let an asset stand in a unit from a time on, none later than the act; return the batch that can be undone.

    What hangs on the asset (samples, events, facts) stays. Raises CannotMove when it came to where it stands after
    that time, or stands there already.
    """
    if at_ms > act.at:
        raise CannotMove("a move takes place now or has taken place, not later")
    with engine.begin() as connection:
        batch = records.apply(
            connection,
            "assets",
            Act(actor=act.actor, at_ms=act.at, note=note),
            changes=[Change(asset_id, {"unit": unit})],
        )
        audit.record(connection, act)
        if not batch.changed:
            raise CannotMove("it stands there already")
        if at_ms < act.at:
            _date_back(connection, batch.id, asset_id, act.at, at_ms)
    return batch.id


def place_on(connection: Connection, asset_id: str, at_ms: int) -> str | None:
    """Return the unit an asset stood in at a time, None when nobody knows."""
    columns = places.c
    query = select(columns.unit).where(
        columns.asset_id == asset_id,
        columns.began_at <= at_ms,
        columns.ended_at.is_(None) | (columns.ended_at > at_ms),
    )
    return connection.execute(query.order_by(columns.began_at.desc()).limit(1)).scalar()


def _date_back(connection: Connection, batch: str, asset_id: str, now_ms: int, at_ms: int) -> None:
    columns = places.c
    its = columns.asset_id == asset_id
    last = connection.execute(select(columns.began_at).where(its, columns.ended_at == now_ms)).scalar()
    if last is not None and last >= at_ms:
        raise CannotMove("it came to where it stands after that time")
    connection.execute(update(places).where(its, columns.ended_at == now_ms).values(ended_at=at_ms))
    connection.execute(update(places).where(its, columns.batch == batch).values(began_at=at_ms))
