"""Keep the audit trail: each entry in the transaction of the act it tells of, one writer at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, func, insert, select, update

from machxa_collector.registry.audit import (
    DAY_MS,
    KEPT_DAYS,
    START,
    Broken,
    Entry,
    Root,
    Written,
    day_of,
    verify,
    written,
)
from machxa_collector.store.tables import audit, audit_head, audit_roots

_COLUMNS = tuple(audit.c[one.name] for one in fields(Written))
_CHUNK = 1000
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class DayRoot:
    """Hold the root that signs off a day (whole days since 1970 UTC) and all before it."""

    day: int
    root: Root
    removed: bool

    def __str__(self) -> str:
        """Return one line: day, number, digest, and a word when the entries were removed after twelve months."""
        return f"{date.fromordinal(_EPOCH + self.day)}{' removed' if self.removed else ''} {self.root}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Say which entries: from since (ms, included) to until (not included), of one actor, of one action or its area."""

    since: int | None = None
    until: int | None = None
    actor: str | None = None
    action: str | None = None


def record(connection: Connection, entry: Entry) -> int:
    """Write an entry in the caller's transaction and return its number.

    The head's row is taken first: another writer waits there until this transaction ends.
    """
    connection.execute(update(audit_head).values(seq=audit_head.c.seq + 1))
    seq, before = connection.execute(select(audit_head.c.seq, audit_head.c.digest)).one()
    one = written(entry, seq, before)
    connection.execute(insert(audit).values(asdict(one)))
    connection.execute(update(audit_head).values(digest=one.digest))
    return one.seq


def record_alone(engine: Engine, entry: Entry) -> int:
    """Write an entry in a transaction of its own: for what changed nothing, such as a refusal or an export."""
    with engine.begin() as connection:
        return record(connection, entry)


def head(engine: Engine) -> Root:
    """Return the newest entry's number and digest."""
    with engine.connect() as connection:
        return _head(connection)


def roots(engine: Engine) -> tuple[DayRoot, ...]:
    """Return the roots of all days, oldest first."""
    with engine.connect() as connection:
        return _roots(connection)


def broken(engine: Engine, signed: Sequence[Root] = ()) -> Broken | None:
    """Return the first entry that does not fit the chain, its head, its daily roots or those given.

    None when all fit. What is written meanwhile is not looked at.
    """
    while True:
        with engine.connect() as connection:
            newest, days = _head(connection), _roots(connection)
            start = _removed(days)
            expected = [one.root for one in days if one.root.seq <= newest.seq] + list(signed)
            found = verify(_entries(connection, start.seq, newest.seq), start, newest, expected)
            if found is None or _removed(_roots(connection)) == start:  # else old days were removed meanwhile
                return found


def page(engine: Engine, wanted: Wanted, before: int | None, limit: int) -> tuple[Written, ...]:
    """Return entries, newest first, older than the number before."""
    query = select(*_COLUMNS).order_by(audit.c.seq.desc()).limit(limit)
    if before is not None:
        query = query.where(audit.c.seq < before)
    if wanted.since is not None:
        query = query.where(audit.c.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(audit.c.at < wanted.until)
    if wanted.actor is not None:
        query = query.where(audit.c.actor == wanted.actor)
    if wanted.action is not None:
        query = query.where(
            (audit.c.action == wanted.action) | audit.c.action.startswith(wanted.action + ".", autoescape=True)
        )
    with engine.connect() as connection:
        return tuple(map(_written, connection.execute(query)))


def every(engine: Engine) -> Iterator[Written]:
    """Give all entries, oldest first."""
    with engine.connect() as connection:
        yield from _entries(connection, 0, _head(connection).seq)


def close_days(engine: Engine, now_ms: int) -> DayRoot | None:
    """Sign off what was written before today; return the new root, None when nothing new was there."""
    midnight = day_of(now_ms) * DAY_MS
    with engine.begin() as connection:
        connection.execute(update(audit_head).values(seq=audit_head.c.seq))
        signed = connection.execute(select(func.max(audit_roots.c.seq))).scalar() or 0
        # a clock that went back leaves entries of today before some of yesterday: those wait
        today = select(func.min(audit.c.seq)).where(audit.c.seq > signed, audit.c.at >= midnight)
        first = connection.execute(today).scalar()
        last = _head(connection).seq if first is None else first - 1
        if last <= signed:
            return None
        at, digest = connection.execute(select(audit.c.at, audit.c.digest).where(audit.c.seq == last)).one()
        made = {"seq": last, "digest": digest, "day": day_of(at), "made_at": now_ms}
        connection.execute(insert(audit_roots).values(made))
    return DayRoot(day_of(at), Root(last, digest), removed=False)


def retain(engine: Engine, now_ms: int) -> int:
    """Remove days that are older than twelve months, whole; their roots stay. Return how many entries went."""
    with engine.begin() as connection:
        old = audit_roots.c.day < day_of(now_ms) - KEPT_DAYS
        marked = update(audit_roots).where(old, audit_roots.c.removed_at.is_(None)).values(removed_at=now_ms)
        if connection.execute(marked).rowcount == 0:
            return 0
        last = connection.execute(select(func.max(audit_roots.c.seq)).where(audit_roots.c.removed_at.is_not(None)))
        return connection.execute(delete(audit).where(audit.c.seq <= last.scalar_one())).rowcount


def _head(connection: Connection) -> Root:
    seq, digest = connection.execute(select(audit_head.c.seq, audit_head.c.digest)).one()
    return Root(seq, digest)


def _roots(connection: Connection) -> tuple[DayRoot, ...]:
    columns = audit_roots.c
    query = select(columns.day, columns.seq, columns.digest, columns.removed_at).order_by(columns.seq)
    return tuple(
        DayRoot(day, Root(seq, digest), removed is not None) for day, seq, digest, removed in connection.execute(query)
    )


def _removed(days: Sequence[DayRoot]) -> Root:
    return max((one.root for one in days if one.removed), key=lambda root: root.seq, default=START)


def _entries(connection: Connection, after: int, last: int) -> Iterator[Written]:
    """Give entries in their order, a chunk at a time."""
    while True:
        query = select(*_COLUMNS).where(audit.c.seq > after, audit.c.seq <= last).order_by(audit.c.seq).limit(_CHUNK)
        rows = connection.execute(query).all()
        yield from map(_written, rows)
        if len(rows) < _CHUNK:
            return
        after = rows[-1].seq


def _written(row: Row[Any]) -> Written:
    return Written(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for a row by its columns
