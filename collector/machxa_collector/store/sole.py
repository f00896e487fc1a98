"""Let one collector at a time use a PostgreSQL, or several that know of each other: advisory locks of one session."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import IntEnum

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from machxa_collector.store.engine import connect

_MEMBER = 0x6D78  # the first half of a member's lock, its name's hash is the second

_NOTICED = {  # by the server: a computer that is gone without a word holds its locks no longer than 15 seconds
    "tcp_keepalives_idle": 5,
    "tcp_keepalives_interval": 3,
    "tcp_keepalives_count": 3,
}


class Lock(IntEnum):
    """Number our advisory locks."""

    COLLECTING = 0x6D780001  # held by one collector alone, or shared by all members
    LEADING = 0x6D780002


@contextmanager
def held(address: str) -> Iterator[bool]:
    """Hold a PostgreSQL until the context ends; yield whether it was free.

    The lock is the session's: a collector that is killed, or whose server starts anew, holds it no longer. Raises
    SQLAlchemy's DBAPIError where there is no such server.
    """
    session = Session(address)
    try:
        yield session.take(Lock.COLLECTING)
    finally:
        session.close()


class Session:
    """Hold locks of one session of its own; when it is cut, all are gone. One thread's."""

    def __init__(self, address: str) -> None:
        """Open a session; raises DBAPIError."""
        self._engine = connect(address)
        try:
            self._connection: Connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            for name, value in _NOTICED.items():
                self._connection.execute(text(f"SET {name} = {value}"))
        except SQLAlchemyError:
            self._engine.dispose()
            raise

    def take(self, lock: Lock, *, shared: bool = False) -> bool:
        """Return whether a lock is ours now; raises DBAPIError when the session is cut."""
        asked = "SELECT pg_try_advisory_lock_shared(:number)" if shared else "SELECT pg_try_advisory_lock(:number)"
        return bool(self._connection.scalar(text(asked), {"number": int(lock)}))

    def take_name(self, name: str) -> bool:
        """Return whether no other session has a member's name; raises DBAPIError."""
        asked = text("SELECT pg_try_advisory_lock(:member, hashtext(:name))")
        return bool(self._connection.scalar(asked, {"member": _MEMBER, "name": name}))

    def check(self) -> None:
        """Raise DBAPIError when the session is cut."""
        self._connection.execute(text("SELECT 1"))

    def close(self) -> None:
        """End the session, and its locks with it."""
        with suppress(SQLAlchemyError):
            self._connection.invalidate()
            self._connection.close()
        self._engine.dispose()
