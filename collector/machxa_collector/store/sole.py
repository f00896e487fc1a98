"""Let one collector at a time use a PostgreSQL: each believes that it is the store's only writer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from machxa_collector.store.engine import connect

_COLLECTING = 0x6D780001  # the advisory lock of the collector


@contextmanager
def held(address: str) -> Iterator[bool]:
    """Hold a PostgreSQL until the context ends; yield whether it was free.

    The lock is the session's: a collector that is killed, or whose server starts anew, holds it no longer. Raises
    SQLAlchemy's DBAPIError where there is no such server.
    """
    engine = connect(address)
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            yield bool(connection.scalar(text("SELECT pg_try_advisory_lock(:number)"), {"number": _COLLECTING}))
    finally:
        engine.dispose()  # ends the session, and the lock with it
