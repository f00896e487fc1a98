"""Commit in turn with the intakes of other collectors: one order for all, and nothing of an epoch that is over."""

from __future__ import annotations

from sqlalchemy import Engine, event, text, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from machxa_collector.intake.rows import Rows, StoreUnavailableError
from machxa_collector.store.intake import SqlIntakeStore, available
from machxa_collector.store.tables import member_turn

_STUCK_MS = 5_000  # a computer that went while it had its turn: its transaction is ended, the others go on
_TURN = text(
    "SELECT epoch, at, (extract(epoch from clock_timestamp()) * 1000)::bigint,"
    " set_config('idle_in_transaction_session_timeout', :stuck, true) FROM member_turn FOR UPDATE"
)


class FencedError(SQLAlchemyError):
    """Say that another member leads by now, and that nothing was written."""


class SharedIntakeStore(SqlIntakeStore):
    """Keep the records of one of several intakes.

    Each commit is stamped by the database's clock under one row's lock, a millisecond after the last one at least:
    who reads on from a stamp has missed nothing. An intake that believes in another epoch commits nothing.
    """

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.epoch = 0  # in which what is planned was read

    def commit(self, rows: Rows) -> None:
        """Write all rows durably in one transaction; raises StoreUnavailableError, also in another epoch."""
        with available(), self._engine.begin() as connection:
            epoch, at, clock, _ = connection.execute(_TURN, {"stuck": str(_STUCK_MS)}).one()
            if epoch != self.epoch:
                raise StoreUnavailableError(f"epoch {self.epoch} is over: the shards are divided anew")
            stamp(rows, max(int(clock), int(at) + 1))
            self._write(connection, rows)
            connection.execute(update(member_turn).values(at=rows.at))


def stamp(rows: Rows, at: int) -> None:
    """Give all rows of a commit the time at which it is made, ms since 1970 UTC."""
    rows.at = at
    rows.reports = [one._replace(received_at=at) for one in rows.reports]
    rows.events = [one._replace(received_at=at) for one in rows.events]
    rows.facts = [one._replace(received_at=at) for one in rows.facts]
    rows.heard = [one._replace(received_at=at) for one in rows.heard]
    rows.quarantine = [one._replace(at=at) for one in rows.quarantine]


def latest(engine: Engine) -> int:
    """Return the stamp up to which everything is committed, 0 before the first."""
    with engine.connect() as connection:
        return int(connection.execute(text("SELECT coalesce(max(at), 0) FROM member_turn")).scalar_one())


def fenced(engine: Engine, term: int) -> Engine:
    """Return an engine all of whose transactions are of one term: another leader begins after them, or they fail.

    Raises FencedError where a transaction begins after the term.
    """
    guarded = engine.execution_options()

    @event.listens_for(guarded, "begin")
    def _hold(connection: Connection) -> None:
        cursor = connection.connection.cursor()
        try:
            cursor.execute("SELECT 1 FROM member_leader WHERE term = %s FOR SHARE", (term,))
            is_ours = cursor.fetchone() is not None
        finally:
            cursor.close()
        if not is_ours:
            connection.connection.rollback()
            raise FencedError(f"term {term} is over: another member leads")

    return guarded
