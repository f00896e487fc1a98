"""Keep secrets sealed: names and dates can be read by everyone who may, values by the collector alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine, delete, select

from machxa_collector.registry.audit import Entry
from machxa_collector.registry.sealing import BadSeal, Keyring
from machxa_collector.store import audit
from machxa_collector.store.tables import secrets
from machxa_collector.store.upsert import upsert


@dataclass(frozen=True, slots=True)
class Named:
    """Hold what may be told of a secret: its name, since when (ms since 1970 UTC) and by whom it is as it is."""

    name: str
    changed_at: int
    changed_by: str


def put(engine: Engine, seals: Keyring, name: str, value: str, act: Entry) -> Named:
    """Keep a secret under a name, instead of the one before."""
    told = Named(name, act.at, act.actor)
    values = {"sealed": seals.seal(value.encode(), _context(name)), "changed_at": act.at, "changed_by": act.actor}
    with engine.begin() as connection:
        audit.record(connection, act)
        upsert(connection, secrets, {"name": name}, values)
    return told


def remove(engine: Engine, name: str, act: Entry) -> bool:
    """Forget a secret; return whether there was one."""
    with engine.begin() as connection:
        if connection.execute(delete(secrets).where(secrets.c.name == name)).rowcount == 0:
            return False
        audit.record(connection, act)
    return True


def names(engine: Engine) -> tuple[Named, ...]:
    """Return all secrets' names and dates, in the order of their names."""
    columns = secrets.c
    query = select(columns.name, columns.changed_at, columns.changed_by).order_by(columns.name)
    with engine.connect() as connection:
        return tuple(Named(*row) for row in connection.execute(query))


def values(engine: Engine, seals: Keyring) -> Mapping[str, str | None]:
    """Return all secrets by their names; None for one that these keys do not open: somebody has to set it again."""
    with engine.connect() as connection:
        rows = connection.execute(select(secrets.c.name, secrets.c.sealed)).all()
    return {name: _opened(seals, name, sealed) for name, sealed in rows}


def _opened(seals: Keyring, name: str, sealed: bytes) -> str | None:
    try:
        return seals.unseal(sealed, _context(name)).decode()
    except BadSeal:
        return None


def _context(name: str) -> str:
    return f"secret/{name}"
