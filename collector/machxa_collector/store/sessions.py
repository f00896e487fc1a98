"""Keep sessions: whose they are is read from the account at each request, so that a change holds at once."""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Engine, RowMapping, delete, insert, select, update
from sqlalchemy.exc import OperationalError

from machxa_collector.registry.people import BY_LINK, Permission, Principal, principal_with, read_scope
from machxa_collector.registry.people.roles import NEED_SECOND_FACTOR
from machxa_collector.registry.people.sitting import Sitting
from machxa_collector.registry.tokens import hashed, new_secret
from machxa_collector.store.people import roles_of
from machxa_collector.store.tables import people, sessions

logger = logging.getLogger(__name__)

WHOLE, HALF = "whole", "half"

_TOUCH_MS = 60_000  # when somebody was last here is written once a minute at most
_MOST_TEXT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Say whose session begins (None: who holds a one-time link), how long it may last and from where it came."""

    person: str | None
    is_half: bool
    sitting: Sitting
    address: str
    browser: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Hold a session as its owner sees it; times in ms since 1970 UTC."""

    id: str
    created_at: int
    seen_at: int
    expires_at: int
    address: str
    browser: str


def begin(connection: Connection, opening: Opening, now_ms: int) -> str:
    """Begin a session and return its secret, which is kept nowhere; forget those that have ended."""
    over = (sessions.c.expires_at <= now_ms) | (sessions.c.seen_at + sessions.c.idle_ms <= now_ms)
    connection.execute(delete(sessions).where(over))
    secret = new_secret()
    row = {
        "hash": hashed(secret),
        "id": str(uuid.uuid4()),
        "person": opening.person,
        "level": HALF if opening.is_half else WHOLE,
        "created_at": now_ms,
        "seen_at": now_ms,
        "idle_ms": opening.sitting.idle_ms,
        "expires_at": now_ms + opening.sitting.longest_ms,
        "address": opening.address[:_MOST_TEXT],
        "browser": opening.browser[:_MOST_TEXT],
    }
    connection.execute(insert(sessions).values(row))
    if opening.person is not None:
        connection.execute(update(people).where(people.c.id == opening.person).values(signed_in_at=now_ms))
    return secret


def principal_of(engine: Engine, secret: str, now_ms: int) -> Principal | None:
    """Return whose session it is, None when it has ended or its person is disabled; note that they are here."""
    query = select(sessions, people.c.login, people.c.roles, people.c.scope, people.c.totp, people.c.disabled_at)
    query = query.select_from(sessions.outerjoin(people)).where(sessions.c.hash == hashed(secret))
    with engine.connect() as connection:
        row = connection.execute(query).mappings().first()
    if row is None or not _lives(row, now_ms):
        return None
    if now_ms - row["seen_at"] >= _TOUCH_MS:
        _touch(engine, row["id"], now_ms)
    return _principal(row)


def list_of(engine: Engine, person_id: str, now_ms: int) -> tuple[Session, ...]:
    """Return a person's living sessions, the newest first."""
    query = select(sessions).where(sessions.c.person == person_id).order_by(sessions.c.created_at.desc())
    with engine.connect() as connection:
        rows = connection.execute(query).mappings().all()
    names = ("id", "created_at", "seen_at", "expires_at", "address", "browser")
    return tuple(Session(**{name: row[name] for name in names}) for row in rows if _is_within(row, now_ms))


def end(connection: Connection, session_id: str, person_id: str | None) -> bool:
    """End a session of a person (None: of a link); return whether there was one."""
    mine = sessions.c.person.is_(None) if person_id is None else sessions.c.person == person_id
    return connection.execute(delete(sessions).where(sessions.c.id == session_id, mine)).rowcount == 1


def end_others(connection: Connection, person_id: str, but: str | None) -> int:
    """End a person's sessions but one; return how many there were."""
    query = delete(sessions).where(sessions.c.person == person_id, sessions.c.id != (but or ""))
    return connection.execute(query).rowcount


def _touch(engine: Engine, session_id: str, now_ms: int) -> None:
    """Note that somebody is here; on a full or locked disk reading goes on, and the next request tries again."""
    try:
        with engine.begin() as connection:
            connection.execute(update(sessions).where(sessions.c.id == session_id).values(seen_at=now_ms))
    except OperationalError as exc:
        logger.debug("session %s keeps its old last use: %s", session_id, exc.orig)


def _lives(row: RowMapping, now_ms: int) -> bool:
    return _is_within(row, now_ms) and row["disabled_at"] is None


def _is_within(row: RowMapping, now_ms: int) -> bool:
    return bool(now_ms < row["expires_at"] and now_ms < row["seen_at"] + row["idle_ms"])


def _principal(row: RowMapping) -> Principal:
    credential = f"session {row['id']}"
    if row["person"] is None:
        return replace(BY_LINK, session=row["id"], credential=credential)
    found = principal_with(row["login"], roles_of(row["roles"]), read_scope(row["scope"]), credential)
    found = replace(found, person=row["person"], session=row["id"])
    is_half = row["level"] == HALF or (row["totp"] is None and not found.roles.isdisjoint(NEED_SECOND_FACTOR))
    if not is_half:
        return found
    return replace(found, permissions=frozenset({Permission.ACCOUNT_OWN}), is_half=True)
