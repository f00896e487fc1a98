"""Keep what a province changed in the catalogue of systems, every version of it."""

from __future__ import annotations

import logging
from functools import cache

from sqlalchemy import Engine, func, insert, select

from machxa_collector.checks.catalogue import BadCatalogue, Catalogue, builtin, read, settled, write
from machxa_collector.registry.audit import Entry
from machxa_collector.store import audit
from machxa_collector.store.tables import system_catalogues

logger = logging.getLogger(__name__)


def effective(engine: Engine) -> Catalogue:
    """Return the product's catalogue with the province's newest changes, but for those that are set aside."""
    return with_troubles(engine)[0]


def with_troubles(engine: Engine) -> tuple[Catalogue, tuple[str, ...]]:
    """Return the catalogue in use, and what of the province's changes is set aside and why.

    What clashes with something that a newer product brings must not end the judgement: the other systems go on.
    """
    content = _newest(engine)
    if content is None:
        return builtin(), ()
    try:
        own = read(content)
    except BadCatalogue as exc:  # an older product wrote it in words that this one does not know
        _tell_once(str(exc))
        return builtin(), (str(exc),)
    found, troubles = settled(builtin(), own)
    for trouble in troubles:
        _tell_once(trouble)
    return found, troubles


@cache
def _tell_once(why: str) -> None:
    logger.error("of the province's catalogue of systems this is set aside, the rest holds: %s", why)


def _newest(engine: Engine) -> str | None:
    query = select(system_catalogues.c.content).order_by(system_catalogues.c.version.desc()).limit(1)
    with engine.connect() as connection:
        return connection.execute(query).scalar()


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
