"""Keep people: who they are, what they may do, and what proves it; secrets hashed or sealed."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, RowMapping, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from machxa_collector.registry.people import Role, Scope, read_scope
from machxa_collector.registry.tokens import hashed, new_secret
from machxa_collector.store.tables import invitations, people, recovery_codes, sessions

INVITATION_MS = 72 * 3_600_000


class LoginTaken(Exception):
    """Say that somebody else signs in so; nothing was changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Hold an account; times in ms since 1970 UTC, None when it never happened."""

    id: str
    login: str
    name: str
    roles: frozenset[Role]
    scope: Scope
    has_password: bool
    has_second_factor: bool
    created_at: int
    created_by: str
    disabled_at: int | None
    signed_in_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proofs:
    """Hold what a sign-in is checked against: PHC string, sealed secret, last used time step."""

    password: str | None
    totp: bytes | None
    totp_step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """Hold what an administrator says of a new account."""

    login: str
    name: str
    roles: frozenset[Role]
    scope: Scope


def new_id() -> str:
    """Return an id that nobody has."""
    return str(uuid.uuid4())


def add(connection: Connection, person_id: str, new: NewPerson, by: str, now_ms: int) -> None:
    """Make an account without password; raises LoginTaken."""
    row = {
        "id": person_id,
        "login": new.login,
        "name": new.name,
        "roles": roles_text(new.roles),
        "scope": str(new.scope),
        "totp_step": 0,
        "created_at": now_ms,
        "created_by": by,
    }
    try:
        connection.execute(insert(people).values(row))
    except IntegrityError as exc:
        raise LoginTaken(f"login {new.login!r} is taken") from exc


def every(engine: Engine) -> tuple[Person, ...]:
    """Return all accounts by login: some hundreds in a province."""
    with engine.connect() as connection:
        return tuple(_person(row) for row in connection.execute(select(people).order_by(people.c.login)).mappings())


def one(engine: Engine, person_id: str) -> Person | None:
    """Return an account, None when there is none of this id."""
    with engine.connect() as connection:
        row = connection.execute(select(people).where(people.c.id == person_id)).mappings().first()
    return None if row is None else _person(row)


def by_login(engine: Engine, login: str) -> tuple[Person, Proofs] | None:
    """Return an account with its proofs, None when nobody signs in so."""
    with engine.connect() as connection:
        row = connection.execute(select(people).where(people.c.login == login)).mappings().first()
    return None if row is None else (_person(row), _proofs(row))


def proofs_of(engine: Engine, person_id: str) -> Proofs | None:
    """Return an account's proofs, None when there is none of this id."""
    with engine.connect() as connection:
        row = connection.execute(select(people).where(people.c.id == person_id)).mappings().first()
    return None if row is None else _proofs(row)


def change(connection: Connection, person_id: str, *, name: str, roles: frozenset[Role], scope: Scope) -> None:
    """Change what an account may do and end its sessions."""
    values: dict[str, object] = {"name": name, "roles": roles_text(roles), "scope": str(scope)}
    _change(connection, person_id, values)


def set_disabled(connection: Connection, person_id: str, at_ms: int | None) -> None:
    """Disable an account from a moment on, or enable it (None); end its sessions and invitations."""
    connection.execute(delete(invitations).where(invitations.c.person == person_id))
    _change(connection, person_id, {"disabled_at": at_ms})


def is_first(engine: Engine) -> bool:
    """Return whether nobody could administer people yet."""
    return not any(Role.ADMIN in found.roles and found.disabled_at is None for found in every(engine))


def set_password(connection: Connection, person_id: str, password: str) -> None:
    """Keep a new password (PHC string); end the person's sessions and open invitations."""
    connection.execute(update(people).where(people.c.id == person_id).values(password=password))
    connection.execute(delete(invitations).where(invitations.c.person == person_id))
    connection.execute(delete(sessions).where(sessions.c.person == person_id))


def set_second_factor(
    connection: Connection, person_id: str, totp: bytes | None, step: int, codes: Iterable[bytes]
) -> None:
    """Keep a sealed secret, the step that proved it, and hashes of recovery codes; None forgets all. Ends sessions."""
    connection.execute(update(people).where(people.c.id == person_id).values(totp=totp, totp_step=step))
    connection.execute(delete(recovery_codes).where(recovery_codes.c.person == person_id))
    rows = [{"hash": code, "person": person_id} for code in codes]
    if rows:
        connection.execute(insert(recovery_codes), rows)
    connection.execute(delete(sessions).where(sessions.c.person == person_id))


def use_step(engine: Engine, person_id: str, step: int) -> bool:
    """Use up a time step; return False when it or a later one was used before."""
    with engine.begin() as connection:
        later = update(people).where(people.c.id == person_id, people.c.totp_step < step)
        return connection.execute(later.values(totp_step=step)).rowcount == 1


def use_recovery(engine: Engine, person_id: str, code: bytes) -> bool:
    """Use up a recovery code by its hash; return whether it was one."""
    found = delete(recovery_codes).where(recovery_codes.c.hash == code, recovery_codes.c.person == person_id)
    with engine.begin() as connection:
        return connection.execute(found).rowcount == 1


def recovery_left(engine: Engine, person_id: str) -> int:
    """Return how many recovery codes a person has left."""
    with engine.connect() as connection:
        found = select(recovery_codes.c.hash).where(recovery_codes.c.person == person_id)
        return len(connection.execute(found).all())


def invite(connection: Connection, person_id: str, now_ms: int) -> str:
    """Return the secret of a link with which a person sets a password, once, within three days."""
    secret = new_secret()
    connection.execute(delete(invitations).where(invitations.c.person == person_id))
    row = {"hash": hashed(secret), "person": person_id, "expires_at": now_ms + INVITATION_MS}
    connection.execute(insert(invitations).values(row))
    return secret


def invited(engine: Engine, secret: str, now_ms: int) -> Person | None:
    """Return whom an invitation is for, None when it is used, expired or unknown."""
    query = select(people).join(invitations).where(invitations.c.hash == hashed(secret))
    query = query.where(invitations.c.expires_at > now_ms, people.c.disabled_at.is_(None))
    with engine.connect() as connection:
        row = connection.execute(query).mappings().first()
    return None if row is None else _person(row)


def roles_text(roles: Iterable[Role]) -> str:
    """Return roles as they are kept."""
    return " ".join(sorted(role.value for role in roles))


def roles_of(text: str) -> frozenset[Role]:
    """Return roles that were kept."""
    return frozenset(Role(word) for word in text.split())


def _change(connection: Connection, person_id: str, values: dict[str, object]) -> None:
    connection.execute(delete(sessions).where(sessions.c.person == person_id))
    connection.execute(update(people).where(people.c.id == person_id).values(values))


def _person(row: RowMapping) -> Person:
    return Person(
        id=row["id"],
        login=row["login"],
        name=row["name"],
        roles=roles_of(row["roles"]),
        scope=read_scope(row["scope"]),
        has_password=row["password"] is not None,
        has_second_factor=row["totp"] is not None,
        created_at=row["created_at"],
        created_by=row["created_by"],
        disabled_at=row["disabled_at"],
        signed_in_at=row["signed_in_at"],
    )


def _proofs(row: RowMapping) -> Proofs:
    return Proofs(password=row["password"], totp=row["totp"], totp_step=row["totp_step"])
