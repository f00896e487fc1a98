"""Do something and write it down in the audit trail: both or neither."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from machxa_collector.registry.audit import Entry
from machxa_collector.store import audit


@contextmanager
def acting(engine: Engine, entry: Entry) -> Iterator[Connection]:
    """Give a transaction that also holds the entry; what is raised inside undoes both."""
    with engine.begin() as connection:
        yield connection
        audit.record(connection, entry)
