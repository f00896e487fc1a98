"""Look after people and API tokens within one's own territory: behind the API's routes, the pages and commands."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

from machxa_collector.api.deps import Deps
from machxa_collector.registry.people import NATION, BadScope, Permission, Principal, Role, Scope, read_scope
from machxa_collector.registry.people.territory import province_of
from machxa_collector.store import api_tokens, people
from machxa_collector.store.api_tokens import TokenGrant, TokenRow
from machxa_collector.store.people import NewPerson, Person

DAY_MS = 86_400_000


class Unfit(Enum):
    """Say why an account or a token cannot be so."""

    LOGIN_TAKEN = "login-taken"
    SCOPE = "scope"
    BEYOND = "beyond"
    ONESELF = "oneself"
    PERMISSION = "permission"
    NOT_FIRST = "not-first"


class Unfitting(Exception):
    """Tell an administrator what to correct."""

    def __init__(self, why: Unfit, detail: str) -> None:
        super().__init__(detail)
        self.why = why


class NotThere(Exception):
    """Say that there is no such account or token, or none in the territory of who asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """Hold roles and a territory as they were written."""

    roles: Collection[str]
    scope: str


class Staff:
    """Add, change and disable accounts and tokens; raises Unfitting and NotThere."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps

    def people(self, who: Principal) -> tuple[Person, ...]:
        """Return the accounts within the territory of who asks, by login."""
        return tuple(one for one in people.every(self._deps.store) if self._holds(who, one.scope))

    def person(self, who: Principal, person_id: str) -> Person:
        """Return one account."""
        found = people.one(self._deps.store, person_id)
        if found is None or not self._holds(who, found.scope):
            raise NotThere
        return found

    def add(self, who: Principal, login: str, name: str, rights: Rights) -> tuple[str, str]:
        """Make an account; return its id and the secret of its invitation."""
        new = NewPerson(login=login, name=name, roles=_roles(rights), scope=self._scope(who, rights.scope))
        person = people.add(self._deps.store, new, who.name, self._deps.now_ms())
        if person is None:
            raise Unfitting(Unfit.LOGIN_TAKEN, f"login {login!r} is taken")
        return person, people.invite(self._deps.store, person, self._deps.now_ms())

    def add_first(self, who: Principal, login: str, name: str) -> Person:
        """Make the first administrator, who sets a password at once; only with a link, while there is none."""
        if who.person is not None or not people.is_first(self._deps.store):
            raise Unfitting(Unfit.NOT_FIRST, "there is an administrator already; sign in with that account")
        new = NewPerson(login=login, name=name, roles=frozenset({Role.ADMIN}), scope=NATION)
        person = people.add(self._deps.store, new, who.name, self._deps.now_ms())
        if person is None:
            raise Unfitting(Unfit.LOGIN_TAKEN, f"login {login!r} is taken")
        return self.person(who, person)

    def change(self, who: Principal, person_id: str, name: str, rights: Rights) -> Person:
        """Change what an account is called and may do; its sessions end."""
        self._other(who, person_id)
        scope = self._scope(who, rights.scope)
        people.change(self._deps.store, person_id, name=name, roles=_roles(rights), scope=scope)
        return self.person(who, person_id)

    def set_disabled(self, who: Principal, person_id: str, *, disabled: bool) -> Person:
        """Take an account out of use, or into use again; its sessions end."""
        self._other(who, person_id)
        people.set_disabled(self._deps.store, person_id, self._deps.now_ms() if disabled else None)
        return self.person(who, person_id)

    def invite(self, who: Principal, person_id: str) -> str:
        """Return the secret of a new invitation; earlier ones end."""
        return people.invite(self._deps.store, self.person(who, person_id).id, self._deps.now_ms())

    def forget_second_factor(self, who: Principal, person_id: str) -> Person:
        """Forget a second factor that its owner has lost; the sessions end."""
        person = self._other(who, person_id)
        with self._deps.store.begin() as connection:
            people.set_second_factor(connection, person.id, None, 0, ())
        return self.person(who, person_id)

    def tokens(self, who: Principal) -> tuple[TokenRow, ...]:
        """Return the named API tokens within the territory of who asks, the newest first."""
        return tuple(one for one in api_tokens.every(self._deps.store) if self._holds(who, one.scope))

    def add_token(
        self, who: Principal, name: str, rights: Rights, permissions: Collection[str] | None, days: int | None
    ) -> tuple[str, str]:
        """Make an API token; return its id and its secret."""
        grant = TokenGrant(
            name=name,
            roles=_roles(rights),
            permissions=None if permissions is None else _permissions(permissions),
            scope=self._scope(who, rights.scope),
            lives_ms=None if days is None else days * DAY_MS,
        )
        return api_tokens.add(self._deps.store, grant, who.name, self._deps.now_ms())

    def revoke_token(self, who: Principal, token_id: str) -> None:
        """End an API token at once."""
        mine = any(one.id == token_id for one in self.tokens(who))
        if not mine or not api_tokens.revoke(self._deps.store, token_id, self._deps.now_ms()):
            raise NotThere

    def _other(self, who: Principal, person_id: str) -> Person:
        """Return an account that is not one's own: nobody locks themselves out, or gives themselves more."""
        if person_id == who.person:
            raise Unfitting(Unfit.ONESELF, "nobody changes what they themselves may do; another administrator can")
        return self.person(who, person_id)

    def _scope(self, who: Principal, text: str) -> Scope:
        try:
            scope = read_scope(text)
        except BadScope as exc:
            raise Unfitting(Unfit.SCOPE, str(exc)) from exc
        units = self._deps.live.current().units
        unknown = sorted(code for code in scope.codes if not units.history(code))
        if unknown:
            raise Unfitting(Unfit.SCOPE, f"there is no unit {unknown[0]}")
        if not self._holds(who, scope):
            raise Unfitting(Unfit.BEYOND, "that territory reaches beyond your own")
        return scope

    def _holds(self, who: Principal, scope: Scope) -> bool:
        """Return whether a territory lies within that of who asks."""
        if NATION in (who.scope, scope):
            return who.scope == NATION
        units = self._deps.live.current().units
        return all(who.scope.covers(code, province_of(units, code)) for code in scope.codes)


def _roles(rights: Rights) -> frozenset[Role]:
    return frozenset(Role(name) for name in rights.roles)


def _permissions(names: Collection[str]) -> frozenset[Permission]:
    try:
        return frozenset(Permission(name) for name in names)
    except ValueError as exc:
        raise Unfitting(Unfit.PERMISSION, str(exc)) from exc
