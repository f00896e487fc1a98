"""Keep where each asset stood, in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, insert, update

from machxa_collector.store.tables import places


@dataclass(frozen=True, slots=True)
class Move:
    """Say that an asset stands in a unit from now on; None: nobody knows where."""

    asset_id: str
    unit: str | None


def record_moves(connection: Connection, moves: Sequence[Move], at_ms: int, batch: str | None) -> None:
    """End the place each asset stood in and begin the new one; the asset's own column is the caller's to set."""
    if not moves:
        return
    ending = update(places).where(places.c.asset_id == bindparam("of"), places.c.ended_at.is_(None))
    connection.execute(ending.values(ended_at=at_ms), [{"of": move.asset_id} for move in moves])
    rows = [{"asset_id": move.asset_id, "unit": move.unit, "began_at": at_ms, "batch": batch} for move in moves]
    connection.execute(insert(places), rows)


def begin_places(connection: Connection, moves: Sequence[Move], at_ms: int, batch: str | None) -> None:
    """Begin the first place of new assets; one whose unit nobody told has none yet."""
    rows = [
        {"asset_id": move.asset_id, "unit": move.unit, "began_at": at_ms, "batch": batch}
        for move in moves
        if move.unit is not None
    ]
    if rows:
        connection.execute(insert(places), rows)


def forget_places(connection: Connection, asset_ids: Sequence[str]) -> None:
    """Delete the places of assets that are deleted themselves."""
    if asset_ids:
        gone = delete(places).where(places.c.asset_id == bindparam("of"))
        connection.execute(gone, [{"of": asset_id} for asset_id in asset_ids])
