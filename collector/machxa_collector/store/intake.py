"""Commit what the intake planned: one durable transaction a batch, and the books of streams with it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from machxa_collector.intake.clock import BootClock
from machxa_collector.intake.ledger import StreamLedger
from machxa_collector.intake.rows import KnownAgent, OpenStream, Rows, StoreUnavailableError
from machxa_collector.store import known_agents, tables
from machxa_collector.store.assets import apply_facts
from machxa_collector.store.devices import apply_told
from machxa_collector.store.dropped import keep_dropped
from machxa_collector.store.upsert import upsert
from machxa_wire.records import Presence
from machxa_wire.refusal import Reason, Refused

if TYPE_CHECKING:
    from sqlalchemy import Table

_QUARANTINE_KEPT = 1000
STREAMS_MOST = 256  # of one agent; an outbox is born rarely, and the books of a stream are kept for ever
_BASES = 3  # an agent that died while it told of a change builds on what it told before
CLOCKS_KEPT = 200  # boots of one agent; an outbox holds a week


class SqlIntakeStore:
    """Keep the intake's records in SQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._inserts = {
            table.name: str(insert(table).values(dict.fromkeys(columns)).compile(dialect=engine.dialect))
            for table, columns in (
                (tables.reports, ReportColumns),
                (tables.events, EventColumns),
                (tables.facts, FactsColumns),
                (tables.heard, HeardColumns),
                (tables.quarantine, QuarantineColumns),
            )
        }
        values = dict.fromkeys(BookColumns, None)
        update_books = update(tables.streams).where(tables.streams.c.pk == bindparam("pk_")).values(values)
        self._update_books = str(update_books.compile(dialect=engine.dialect))

    def agents(self) -> tuple[KnownAgent, ...]:
        """Return every enrolled agent that is not revoked."""
        with available(), self._engine.connect() as connection:
            return known_agents.read(connection, tables.agents.c.revoked_at.is_(None))

    def named(self, ids: Collection[str]) -> tuple[KnownAgent, ...]:
        """Return those of some agents (their ids) that are enrolled and not revoked; no other's key is opened."""
        with available():
            return tuple(known_agents.named(self._engine, ids, tables.agents.c.revoked_at.is_(None)))

    def open_stream(self, agent_pk: int, stream: str, now_ms: int) -> OpenStream:
        """Return a stream with its books as committed, made when it is new."""
        with available(), self._engine.begin() as connection:
            return _open_stream(connection, agent_pk, stream, now_ms)

    def boot_clock(self, agent_pk: int, boot: str) -> BootClock | None:
        """Return what is known of a boot's clocks, None when no hello came in it."""
        columns = tables.clocks.c
        query = select(columns.base_ms, columns.offset_ms).where(columns.agent_pk == agent_pk, columns.boot == boot)
        with available(), self._engine.connect() as connection:
            row = connection.execute(query).first()
        return None if row is None else BootClock(*row)

    def recent_facts(self, agent_pk: int) -> tuple[str, ...]:
        """Return the few newest bodies of an agent's facts as JSON text, newest first."""
        columns = tables.facts.c
        newest = (columns.received_at.desc(), columns.stream_pk.desc(), columns.seq.desc())
        query = select(columns.body).where(columns.agent_pk == agent_pk).order_by(*newest).limit(_BASES)
        with available(), self._engine.connect() as connection:
            return tuple(connection.execute(query).scalars())

    def commit(self, rows: Rows) -> None:
        """Write all rows durably in one transaction."""
        with available(), self._engine.begin() as connection:
            self._write(connection, rows)

    def _write(self, connection: Connection, rows: Rows) -> None:
        self._insert(connection, tables.reports, rows.reports)
        self._insert(connection, tables.events, rows.events)
        if rows.events:
            keep_dropped(connection, rows.events)
        self._insert(connection, tables.facts, rows.facts)
        for facts in rows.facts:
            apply_facts(connection, facts.agent_pk, facts.body, rows.at)
        apply_told(connection, rows)
        self._insert(connection, tables.heard, rows.heard)
        self._insert(connection, tables.quarantine, rows.quarantine)
        self._write_books(connection, rows)
        for agent_pk, payload in rows.hellos.items():
            upsert(connection, tables.hellos, {"agent_pk": agent_pk}, {"received_at": rows.at, "payload": payload})
        for (agent_pk, boot), clock in rows.clocks.items():
            measured = {"base_ms": clock.base, "offset_ms": clock.offset, "measured_at": rows.at}
            upsert(connection, tables.clocks, {"agent_pk": agent_pk, "boot": boot}, measured)
            _forget_old_clocks(connection, agent_pk)
        for agent_pk, told in rows.presence.items():
            _write_presence(connection, agent_pk, told, rows.at)
        for agent_pk, (at, boot) in rows.byes.items():
            _write_bye(connection, agent_pk, at, boot)
        for reason, count in rows.refusals.items():
            _count_refusal(connection, reason, count, rows.at)
        if rows.quarantine:
            newest = select(tables.quarantine.c.pk).order_by(tables.quarantine.c.pk.desc()).limit(_QUARANTINE_KEPT)
            connection.execute(delete(tables.quarantine).where(tables.quarantine.c.pk.not_in(newest)))

    def _write_books(self, connection: Connection, rows: Rows) -> None:
        books = [
            (one.contiguous, one.highest, one.received, one.declared, one.duplicates, rows.at, pk)
            for pk, one in ((pk, opened.ledger) for pk, opened in rows.streams.items())
        ]
        if books:
            connection.exec_driver_sql(self._update_books, books)
        for pk, opened in rows.streams.items():
            if opened.ledger.spans_changed:
                _write_spans(connection, pk, opened.ledger)
                opened.ledger.spans_changed = False

    def _insert(self, connection: Connection, table: Table, rows: Sequence[tuple[object, ...]]) -> None:
        """Insert plain tuples, past SQLAlchemy's work per row: this is the intake's hot path."""
        if rows:
            connection.exec_driver_sql(self._inserts[table.name], list(rows))


BookColumns = ("contiguous", "highest", "received", "declared", "duplicates", "last_at")
ReportColumns = ("stream_pk", "seq", "agent_pk", "received_at", "time", "last_time", "mark", "shift_ms", "payload")
EventColumns = ("stream_pk", "seq", "agent_pk", "received_at", "at", "mark", "kind", "name", "attributes")
FactsColumns = ("stream_pk", "seq", "agent_pk", "received_at", "observed_at", "digest", "body")
HeardColumns = ("received_at", "agent_pk", "is_presence", "payload")
QuarantineColumns = ("at", "topic", "agent", "reason", "detail", "size", "payload")


def _open_stream(connection: Connection, agent_pk: int, stream: str, now_ms: int) -> OpenStream:
    found = _find_stream(connection, agent_pk, stream)
    if found is not None:
        return found
    there = select(func.count()).select_from(tables.streams).where(tables.streams.c.agent_pk == agent_pk)
    if connection.execute(there).scalar_one() >= STREAMS_MOST:
        raise Refused(Reason.STREAMS, f"this agent has {STREAMS_MOST} streams already")
    values = {"contiguous": 0, "highest": 0, "received": 0, "declared": 0, "duplicates": 0}
    made = {"agent_pk": agent_pk, "stream": stream, "first_at": now_ms, "last_at": now_ms, **values}
    key = connection.execute(insert(tables.streams).values(made)).inserted_primary_key
    assert key is not None  # noqa: S101 - one row was inserted
    return OpenStream(int(key[0]), agent_pk, StreamLedger(), now_ms)


def _find_stream(connection: Connection, agent_pk: int, stream: str) -> OpenStream | None:
    columns = tables.streams.c
    row = (
        connection.execute(select(tables.streams).where(columns.agent_pk == agent_pk, columns.stream == stream))
        .mappings()
        .first()
    )
    if row is None:
        return None
    spans = tables.spans.c
    query = select(spans.first, spans.last, spans.kind).where(spans.stream_pk == row["pk"]).order_by(spans.first)
    found = list(connection.execute(query))
    ledger = StreamLedger(
        contiguous=row["contiguous"],
        highest=row["highest"],
        received=row["received"],
        declared=row["declared"],
        duplicates=row["duplicates"],
        ahead=[(first, last) for first, last, kind in found if kind == "ahead"],
        lost=[(first, last) for first, last, kind in found if kind == "declared"],
    )
    return OpenStream(row["pk"], agent_pk, ledger, row["first_at"])


def _write_spans(connection: Connection, pk: int, ledger: StreamLedger) -> None:
    connection.execute(delete(tables.spans).where(tables.spans.c.stream_pk == pk))
    spans = [("ahead", span) for span in ledger.ahead] + [("declared", span) for span in ledger.lost]
    if spans:
        connection.execute(
            insert(tables.spans),
            [{"stream_pk": pk, "kind": kind, "first": first, "last": last} for kind, (first, last) in spans],
        )


def _write_presence(connection: Connection, agent_pk: int, told: Presence, now_ms: int) -> None:
    """Keep the moment at which the state became true, and as what the agent is connected."""
    columns = tables.presence.c
    known = connection.execute(select(columns.state, columns.role).where(columns.agent_pk == agent_pk)).first()
    if known is None or known.state != told.state:
        row = {"state": told.state, "since": now_ms, "boot": told.boot, "role": told.role}
        upsert(connection, tables.presence, {"agent_pk": agent_pk}, row)
    elif known.role != told.role:
        connection.execute(update(tables.presence).where(columns.agent_pk == agent_pk).values(role=told.role))


def _write_bye(connection: Connection, agent_pk: int, at: int, boot: str) -> None:
    """Say that an agent went off on purpose, unless it has said hello since: a bye can come late, with a backlog."""
    hellos, presence = tables.hellos.c, tables.presence.c
    heard = connection.execute(select(hellos.received_at).where(hellos.agent_pk == agent_pk)).scalar()
    known = connection.execute(select(presence.state).where(presence.agent_pk == agent_pk)).scalar()
    if known != "off" and (heard is None or heard <= at):
        upsert(connection, tables.presence, {"agent_pk": agent_pk}, {"state": "off", "since": at, "boot": boot})


def _forget_old_clocks(connection: Connection, agent_pk: int) -> None:
    """Keep the clocks of an agent's newest boots: every start of it names one more."""
    columns = tables.clocks.c
    newest = select(columns.boot).where(columns.agent_pk == agent_pk).order_by(columns.measured_at.desc())
    old = columns.boot.not_in(newest.limit(CLOCKS_KEPT))
    connection.execute(delete(tables.clocks).where(columns.agent_pk == agent_pk, old))


def _count_refusal(connection: Connection, reason: str, count: int, now_ms: int) -> None:
    columns = tables.refusals.c
    known = connection.execute(select(columns.count).where(columns.reason == reason)).scalar() or 0
    upsert(connection, tables.refusals, {"reason": reason}, {"count": known + count, "last_at": now_ms})


@contextmanager
def available() -> Iterator[None]:
    """Tell a store that cannot now (full, locked, damaged, out of connections) from a record it does not take."""
    try:
        yield
    except (IntegrityError, DataError, ProgrammingError, InterfaceError):
        raise
    except (DBAPIError, PoolTimeoutError) as exc:
        raise StoreUnavailableError(str(getattr(exc, "orig", exc))[:200]) from exc
