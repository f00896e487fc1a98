"""Read the store as it stands at one moment, in several questions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Give a connection all of whose reads see the same commits; nobody waits for it, and nothing may be written."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")  # Python's sqlite3 begins none before a SELECT
            yield connection
        else:
            yield connection.execution_options(isolation_level="REPEATABLE READ")
