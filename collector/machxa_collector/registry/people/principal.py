"""Say who asks: a person, a token, a one-time link, this computer, or nobody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from machxa_collector.registry.people.roles import Permission, Role, allowed_to
from machxa_collector.registry.people.scope import NATION, Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Hold who asks, what they may do, and where.

    name is what records say of who did something: a login, "token NAME", "link", "this computer" or "nobody".
    person is the account's id, session that of the sign-in; None for whoever has none.
    credential names what a rate limit counts, None where only an address is known. is_half: signed in with a
    password where a second factor must be set up first; until then only that is allowed.
    """

    name: str
    roles: frozenset[Role]
    scope: Scope
    permissions: frozenset[Permission]
    person: str | None = None
    session: str | None = None
    credential: str | None = None
    is_half: bool = False

    def may(self, permission: Permission) -> bool:
        """Return whether this is allowed, wherever it is."""
        return permission in self.permissions


def principal_with(name: str, roles: Iterable[Role], scope: Scope, credential: str | None = None) -> Principal:
    """Return somebody who may do all that the roles may."""
    held = frozenset(roles)
    return Principal(name=name, roles=held, scope=scope, permissions=allowed_to(held), credential=credential)


_NOT_OPEN = frozenset({Permission.AUDIT_READ, Permission.PEOPLE_READ})  # who the staff are is nobody's without sign-in

NOBODY = Principal(name="nobody", roles=frozenset(), scope=NATION, permissions=frozenset())
THIS_COMPUTER = Principal(  # an evaluation: reading on loopback needs no sign-in (docs/decisions/005-who-may-ask.md)
    name="this computer",
    roles=frozenset(),
    scope=NATION,
    permissions=frozenset(one for one in Permission if one.value.endswith(".read")) - _NOT_OPEN,
)
OPERATOR = principal_with("operator", (Role.PROVINCE_IT, Role.FINANCE, Role.AUDITOR), NATION)  # `machxa token api`
BY_LINK = principal_with("link", (Role.ADMIN,), NATION)  # whoever started the collector
