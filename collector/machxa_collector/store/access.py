"""Keep tokens, hashed; what is spent is spent in the transaction that uses it."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, insert, select, update

from machxa_collector.registry.audit import Entry
from machxa_collector.registry.people import BY_LINK
from machxa_collector.registry.people.sitting import LINK
from machxa_collector.registry.tokens import Purpose, Token, hashed, is_good, new_secret
from machxa_collector.store import audit
from machxa_collector.store.sessions import Opening, begin
from machxa_collector.store.tables import tokens


def add_token(
    engine: Engine,
    purpose: Purpose,
    now_ms: int,
    *,
    lives_ms: int | None,
    uses: int | None,
    note: str = "",
    act: Entry | None = None,
) -> str:
    """Make a token and return its secret, which is kept nowhere; None lives for ever, or without limit of uses.

    act is the audit trail's entry; None where the caller writes its own.
    """
    secret = new_secret()
    row = {
        "hash": hashed(secret),
        "purpose": purpose.value,
        "expires_at": None if lives_ms is None else now_ms + lives_ms,
        "uses_left": uses,
        "created_at": now_ms,
        "note": note,
    }
    with engine.begin() as connection:
        connection.execute(insert(tokens).values(row))
        if act is not None:
            audit.record(connection, act)
    return secret


def spend(connection: Connection, secret: str, purpose: Purpose, now_ms: int) -> bool:
    """Use a token once within the caller's transaction; return whether it was good."""
    where = tokens.c.hash == hashed(secret)
    row = connection.execute(select(tokens.c.purpose, tokens.c.expires_at, tokens.c.uses_left).where(where)).first()
    token = None if row is None else Token(Purpose(row[0]), row[1], row[2])
    if not is_good(token, purpose, now_ms):
        return False
    if token is None or token.uses_left is None:
        return True
    spent = connection.execute(
        update(tokens).where(where, tokens.c.uses_left > 0).values(uses_left=tokens.c.uses_left - 1)
    )
    return spent.rowcount == 1


def sign_in(engine: Engine, secret: str, now_ms: int, address: str = "", browser: str = "") -> str | None:
    """Turn a one-time link's secret into a session's, None when the link is spent, expired or unknown."""
    opening = Opening(person=None, is_half=False, sitting=LINK, address=address, browser=browser)
    with engine.begin() as connection:
        if not spend(connection, secret, Purpose.SIGN_IN, now_ms):
            return None
        audit.record(connection, Entry(at=now_ms, actor=BY_LINK.name, origin=address, action="account.sign-in"))
        return begin(connection, opening, now_ms)
