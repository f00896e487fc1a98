"""Keep what a province changed in the catalogue of systems, every version of it."""

from __future__ import annotations

from sqlalchemy import Engine, func, insert, select

from machxa_collector.checks.catalogue import Catalogue, builtin, merged, read, write
from machxa_collector.registry.audit import Entry
from machxa_collector.store import audit
from machxa_collector.store.tables import system_catalogues


def effective(engine: Engine) -> Catalogue:
    """Return the product's catalogue with the province's newest changes."""
    query = select(system_catalogues.c.content).order_by(system_catalogues.c.version.desc()).limit(1)
    with engine.connect() as connection:
        content = connection.execute(query).scalar()
    return builtin() if content is None else merged(builtin(), read(content))


def keep(engine: Engine, own: Catalogue, act: Entry) -> int | None:
    """Keep a province's changes; return None, or the version in its way: not older than this one."""
    with engine.begin() as connection:
        audit.record(connection, act)
        known = connection.execute(select(func.max(system_catalogues.c.version))).scalar()
        newest = builtin().version if known is None else int(known)
        if newest >= own.version:
            connection.rollback()
            return newest
        row = {"version": own.version, "content": write(own), "made_at": act.at, "made_by": act.actor}
        connection.execute(insert(system_catalogues).values(row))
    return None
