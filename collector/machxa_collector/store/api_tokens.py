"""Keep API tokens: hashed, with roles, a territory and an end; one without a row here is an operator's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Engine, insert, select, update

from machxa_collector.registry.people import OPERATOR, Permission, Principal, Role, Scope, principal_with, read_scope
from machxa_collector.registry.tokens import Purpose, hashed, new_secret
from machxa_collector.store.access import spend
from machxa_collector.store.people import roles_of, roles_text
from machxa_collector.store.tables import api_tokens, tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenGrant:
    """Say what a new token may do: all that its roles may, or only some of that."""

    name: str
    roles: frozenset[Role]
    permissions: frozenset[Permission] | None
    scope: Scope
    lives_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRow:
    """Hold a token as it is listed; times in ms since 1970 UTC, None for ever or never."""

    id: str
    name: str
    roles: frozenset[Role]
    permissions: frozenset[Permission] | None
    scope: Scope
    made_by: str
    made_at: int
    expires_at: int | None
    revoked_at: int | None


def add(connection: Connection, token_id: str, grant: TokenGrant, by: str, now_ms: int) -> str:
    """Make a token and return its secret, which is kept nowhere."""
    secret = new_secret()
    expires_at = None if grant.lives_ms is None else now_ms + grant.lives_ms
    opened = {
        "hash": hashed(secret),
        "purpose": Purpose.API.value,
        "expires_at": expires_at,
        "uses_left": None,
        "created_at": now_ms,
        "note": grant.name,
    }
    row = {
        "id": token_id,
        "hash": hashed(secret),
        "name": grant.name,
        "roles": roles_text(grant.roles),
        "permissions": None if grant.permissions is None else _permissions_text(grant.permissions),
        "scope": str(grant.scope),
        "made_by": by,
        "made_at": now_ms,
        "expires_at": expires_at,
    }
    connection.execute(insert(tokens).values(opened))
    connection.execute(insert(api_tokens).values(row))
    return secret


def every(engine: Engine) -> tuple[TokenRow, ...]:
    """Return the tokens that were ever made with a name, the newest first."""
    query = select(api_tokens).order_by(api_tokens.c.made_at.desc(), api_tokens.c.id)
    with engine.connect() as connection:
        rows = connection.execute(query).mappings().all()
    return tuple(
        TokenRow(
            id=row["id"],
            name=row["name"],
            roles=roles_of(row["roles"]),
            permissions=_permissions_of(row["permissions"]),
            scope=read_scope(row["scope"]),
            made_by=row["made_by"],
            made_at=row["made_at"],
            expires_at=row["expires_at"],
            revoked_at=row["revoked_at"],
        )
        for row in rows
    )


def revoke(connection: Connection, token_id: str, now_ms: int) -> bool:
    """End a token at once; return whether there was a living one of this id."""
    mine = api_tokens.c.id == token_id, api_tokens.c.revoked_at.is_(None)
    secret = connection.execute(select(api_tokens.c.hash).where(*mine)).scalar()
    connection.execute(update(tokens).where(tokens.c.hash == secret).values(expires_at=now_ms))
    return connection.execute(update(api_tokens).where(*mine).values(revoked_at=now_ms)).rowcount == 1


def principal_of(engine: Engine, secret: str, now_ms: int) -> Principal | None:
    """Return for whom an API token speaks, None when it is not valid."""
    query = select(api_tokens).where(api_tokens.c.hash == hashed(secret))
    with engine.connect() as connection:
        if not spend(connection, secret, Purpose.API, now_ms):
            return None
        row = connection.execute(query).mappings().first()
    if row is None:
        return replace(OPERATOR, credential=f"token {hashed(secret).hex()[:16]}")
    name = f"token {row['name']}"
    found = principal_with(name, roles_of(row["roles"]), read_scope(row["scope"]), f"token {row['id']}")
    only = _permissions_of(row["permissions"])
    allowed = found.permissions - {Permission.ACCOUNT_OWN}  # a token has no account
    return replace(found, permissions=allowed if only is None else allowed & only)


def _permissions_text(permissions: Iterable[Permission]) -> str:
    return " ".join(sorted(one.value for one in permissions))


def _permissions_of(text: str | None) -> frozenset[Permission] | None:
    return None if text is None else frozenset(Permission(word) for word in text.split())
