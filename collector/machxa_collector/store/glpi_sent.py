"""Keep which inventory of each asset a GLPI server has, so that only what changed is sent."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from sqlalchemy import Connection, Engine, delete, func, select

from machxa_collector.store.tables import glpi_sent
from machxa_collector.store.upsert import upsert


class Sent(NamedTuple):
    """Hold the digests of what was taken and what was refused last; waits_since (ms): a change that was not taken."""

    digest: str | None = None
    refused: str | None = None
    waits_since: int | None = None


def every(engine: Engine, sink: str) -> Mapping[str, Sent]:
    """Return what a server has, by asset."""
    columns = glpi_sent.c
    query = select(columns.asset_id, columns.digest, columns.refused, columns.waits_since).where(columns.sink == sink)
    with engine.connect() as connection:
        return {row.asset_id: Sent(*row[1:]) for row in connection.execute(query)}


def keep(engine: Engine, sink: str, asset_id: str, sent: Sent, now_ms: int) -> None:
    """Keep what is known of one asset now."""
    with engine.begin() as connection:
        upsert(connection, glpi_sent, {"sink": sink, "asset_id": asset_id}, {**sent._asdict(), "changed_at": now_ms})


def oldest_wait(engine: Engine, sink: str) -> int | None:
    """Return since when (ms) a change waits that the server did not take, None for none."""
    query = select(func.min(glpi_sent.c.waits_since)).where(glpi_sent.c.sink == sink)
    with engine.connect() as connection:
        return connection.execute(query).scalar()


def waits(connection: Connection) -> Mapping[str, int | None]:
    """Return of each server since when (ms) a change waits that it did not take, None for none."""
    query = select(glpi_sent.c.sink, func.min(glpi_sent.c.waits_since)).group_by(glpi_sent.c.sink)
    return {str(sink): since for sink, since in connection.execute(query.order_by(glpi_sent.c.sink))}


def forget_others(engine: Engine, sinks: Collection[str]) -> None:
    """Forget servers that are configured no more."""
    with engine.begin() as connection:
        connection.execute(delete(glpi_sent).where(glpi_sent.c.sink.not_in(list(sinks))))
