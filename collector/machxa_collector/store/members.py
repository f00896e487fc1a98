"""Keep who the members of a shared PostgreSQL are, by its own clock; each change of who lives begins another epoch."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Engine,
    delete,
    func,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert

from machxa_collector.store.tables import member_leader, member_turn, members

BEAT_SECONDS = 2.0
DEAD_MS = 8_000  # since the last beat
_ONE = 1
_NOW = literal_column("(extract(epoch from clock_timestamp()) * 1000)::bigint", BigInteger)


@dataclass(frozen=True, slots=True)
class Me:
    """Name a member, this run of it, and the authority it signs with (the SHA-256 of its certificate and seal key)."""

    name: str
    start: str
    authority: str


@dataclass(frozen=True, slots=True)
class Roll:
    """Say who lives in an epoch, sorted; instance is what all together are called since somebody was there."""

    epoch: int
    instance: str
    live: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Say how a member does: silent_ms since its last beat, None of one whose beat is ahead of the clock."""

    name: str
    silent_ms: int
    is_live: bool
    is_leader: bool


class ReplacedError(Exception):
    """Say that another run of the same member has taken its place."""


class OtherKeysError(Exception):
    """Say that the members that live sign and seal with other keys."""


def new_start() -> str:
    """Return what tells one run of a member from another."""
    return secrets.token_hex(8)


def join(engine: Engine, me: Me) -> Roll:
    """Enter a member, in place of an earlier run of it; raises OtherKeysError."""
    with engine.begin() as connection:
        _take_turn(connection)
        others = connection.execute(select(members.c.authority).where(members.c.name != me.name, _lives())).scalars()
        if any(one != me.authority for one in others):
            raise OtherKeysError
        connection.execute(delete(members).where(members.c.name == me.name))
        row = {"name": me.name, "start": me.start, "authority": me.authority, "joined_at": _NOW, "beat_at": _NOW}
        connection.execute(insert(members).values({**row, "is_live": False}))
        return _settle(connection)


def beat(engine: Engine, me: Me) -> Roll:
    """Say that a member lives, and see who else does; raises ReplacedError."""
    with engine.begin() as connection:
        mine = (members.c.name == me.name, members.c.start == me.start)
        if connection.execute(update(members).where(*mine).values(beat_at=_NOW)).rowcount == 0:
            raise ReplacedError(me.name)
    with engine.connect() as connection:
        if not _has_changed(connection):
            return _roll(connection)
    with engine.begin() as connection:
        _take_turn(connection)
        return _settle(connection)


def leave(engine: Engine, me: Me) -> None:
    """Take a member out, so that the others have its shards at once."""
    with engine.begin() as connection:
        _take_turn(connection)
        connection.execute(delete(members).where(members.c.name == me.name, members.c.start == me.start))
        _settle(connection)


def end_all(engine: Engine) -> None:
    """End the epoch of members that were cut off from their locks: beside one collector alone they commit nothing."""
    if engine.dialect.name == "sqlite":
        return
    with engine.begin() as connection:
        connection.execute(update(member_turn).values(epoch=member_turn.c.epoch + 1))
        connection.execute(delete(members))
        connection.execute(update(member_leader).values(term=member_leader.c.term + 1))


def lead(engine: Engine, name: str) -> int:
    """Begin a term of office, after all that the one before has under way; return its number."""
    values = {"term": member_leader.c.term + 1, "name": name, "since": _NOW}
    first = postgresql_insert(member_leader).values(pk=_ONE, term=1, name=name, since=_NOW)
    taken = first.on_conflict_do_update(index_elements=["pk"], set_=values).returning(member_leader.c.term)
    with engine.begin() as connection:
        return int(connection.execute(taken).scalar_one())


def term(engine: Engine) -> int:
    """Return the number of the present term, 0 before the first."""
    with engine.connect() as connection:
        return int(connection.execute(select(member_leader.c.term)).scalar() or 0)


def standing(connection: Connection) -> tuple[Standing, ...]:
    """Return how each member does, by name; one that left in order is not there."""
    if connection.dialect.name == "sqlite":
        return ()
    leader = connection.execute(select(member_leader.c.name)).scalar()
    query = select(members.c.name, (_NOW - members.c.beat_at).label("silent"), members.c.is_live)
    rows = connection.execute(query.order_by(members.c.name)).all()
    return tuple(
        Standing(row.name, max(0, int(row.silent)), bool(row.is_live), is_leader=row.name == leader) for row in rows
    )


def _take_turn(connection: Connection) -> None:
    """Hold up every commit of every intake until this transaction ends."""
    first = {"pk": _ONE, "epoch": 0, "instance": "", "at": 0}
    connection.execute(postgresql_insert(member_turn).values(first).on_conflict_do_nothing())
    connection.execute(select(member_turn.c.pk).with_for_update())


def _lives() -> ColumnElement[bool]:
    return members.c.beat_at > _NOW - DEAD_MS


def _has_changed(connection: Connection) -> bool:
    return bool(connection.execute(select(func.count()).where(members.c.is_live != _lives())).scalar_one())


def _settle(connection: Connection) -> Roll:
    """Begin another epoch with those that live now."""
    had = connection.execute(select(func.count()).where(members.c.is_live)).scalar_one()
    connection.execute(update(members).values(is_live=_lives()))
    values: dict[str, object] = {"epoch": member_turn.c.epoch + 1}
    if not had:
        values["instance"] = secrets.token_hex(8)  # agents send again what they told nobody
    connection.execute(update(member_turn).values(values))
    return _roll(connection)


def _roll(connection: Connection) -> Roll:
    """Return the present epoch with its members; both are of one moment."""
    query = select(member_turn.c.epoch, member_turn.c.instance, members.c.name)
    query = query.join_from(member_turn, members, members.c.is_live, isouter=True).order_by(members.c.name)
    rows = connection.execute(query).all()
    return Roll(rows[0].epoch, rows[0].instance, tuple(row.name for row in rows if row.name is not None))
