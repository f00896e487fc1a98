"""Look after people and API tokens within one's own territory: behind the API's routes, the pages and commands."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from machxa_collector.registry.audit import Entry, Value
from machxa_collector.registry.people import NATION, BadScope, Permission, Principal, Role, Scope, read_scope
from machxa_collector.registry.people.territory import province_of
from machxa_collector.store import api_tokens, people
from machxa_collector.store.acting import acting
from machxa_collector.store.api_tokens import TokenGrant, TokenRow
from machxa_collector.store.people import LoginTaken, NewPerson, Person
from machxa_collector.store.registry import LiveRegistry

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
    """Add, change and disable accounts and tokens for somebody at an address; raises Unfitting and NotThere."""

    def __init__(self, live: LiveRegistry, now_ms: Callable[[], int], origin: str) -> None:
        self._live = live
        self._store = live.store
        self._now_ms = now_ms
        self._origin = origin

    def people(self, who: Principal) -> tuple[Person, ...]:
        """Return the accounts within the territory of who asks, by login."""
        return tuple(one for one in people.every(self._store) if self._holds(who, one.scope))

    def person(self, who: Principal, person_id: str) -> Person:
        """Return one account."""
        found = people.one(self._store, person_id)
        if found is None or not self._holds(who, found.scope):
            raise NotThere
        return found

    def add(self, who: Principal, login: str, name: str, rights: Rights) -> tuple[str, str]:
        """Make an account; return its id and the secret of its invitation."""
        new = NewPerson(login=login, name=name, roles=_roles(rights), scope=self._scope(who, rights.scope))
        person_id = self._add(who, new)
        return person_id, self.invite(who, person_id)

    def add_first(self, who: Principal, login: str, name: str) -> Person:
        """Make the first administrator, who sets a password at once; only with a link, while there is none."""
        if who.person is not None or not people.is_first(self._store):
            raise Unfitting(Unfit.NOT_FIRST, "there is an administrator already; sign in with that account")
        new = NewPerson(login=login, name=name, roles=frozenset({Role.ADMIN}), scope=NATION)
        return self.person(who, self._add(who, new))

    def change(self, who: Principal, person_id: str, name: str, rights: Rights) -> Person:
        """Change what an account is called and may do; its sessions end."""
        person, scope, roles = self._other(who, person_id), self._scope(who, rights.scope), _roles(rights)
        with acting(self._store, self._entry(who, "people.change", person, **_said(roles, scope))) as connection:
            people.change(connection, person.id, name=name, roles=roles, scope=scope)
        return self.person(who, person_id)

    def set_disabled(self, who: Principal, person_id: str, *, disabled: bool) -> Person:
        """Take an account out of use, or into use again; its sessions end."""
        person = self._other(who, person_id)
        action = "people.disable" if disabled else "people.enable"
        with acting(self._store, self._entry(who, action, person)) as connection:
            people.set_disabled(connection, person.id, self._now_ms() if disabled else None)
        return self.person(who, person_id)

    def invite(self, who: Principal, person_id: str) -> str:
        """Return the secret of a new invitation; earlier ones end."""
        person = self.person(who, person_id)
        with acting(self._store, self._entry(who, "people.invite", person)) as connection:
            return people.invite(connection, person.id, self._now_ms())

    def forget_second_factor(self, who: Principal, person_id: str) -> Person:
        """Forget a second factor that its owner has lost; the sessions end."""
        person = self._other(who, person_id)
        with acting(self._store, self._entry(who, "people.forget-second-factor", person)) as connection:
            people.set_second_factor(connection, person.id, None, 0, ())
        return self.person(who, person_id)

    def tokens(self, who: Principal) -> tuple[TokenRow, ...]:
        """Return the named API tokens within the territory of who asks, the newest first."""
        return tuple(one for one in api_tokens.every(self._store) if self._holds(who, one.scope))

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
        token_id = people.new_id()
        said = {"name": name, "days": days, **_said(grant.roles, grant.scope)}
        with acting(self._store, self._written(who, "tokens.add", f"tokens/{token_id}", said)) as connection:
            return token_id, api_tokens.add(connection, token_id, grant, who.name, self._now_ms())

    def revoke_token(self, who: Principal, token_id: str) -> None:
        """End an API token at once."""
        mine = any(one.id == token_id for one in self.tokens(who))
        with acting(self._store, self._written(who, "tokens.revoke", f"tokens/{token_id}", {})) as connection:
            if not mine or not api_tokens.revoke(connection, token_id, self._now_ms()):
                raise NotThere

    def _add(self, who: Principal, new: NewPerson) -> str:
        person_id = people.new_id()
        said = {"login": new.login, **_said(new.roles, new.scope)}
        try:
            with acting(self._store, self._written(who, "people.add", f"people/{person_id}", said)) as connection:
                people.add(connection, person_id, new, who.name, self._now_ms())
        except LoginTaken as exc:
            raise Unfitting(Unfit.LOGIN_TAKEN, str(exc)) from exc
        return person_id

    def _entry(self, who: Principal, action: str, person: Person, **said: str) -> Entry:
        return self._written(who, action, f"people/{person.id}", {"login": person.login, **said})

    def _written(self, who: Principal, action: str, subject: str, said: Mapping[str, Value]) -> Entry:
        return Entry(
            at=self._now_ms(), actor=who.name, origin=self._origin, action=action, subject=subject, detail=said
        )

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
        units = self._live.current().units
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
        units = self._live.current().units
        return all(who.scope.covers(code, province_of(units, code)) for code in scope.codes)


def _said(roles: Iterable[Role], scope: Scope) -> dict[str, str]:
    return {"roles": people.roles_text(roles), "scope": str(scope)}


def _roles(rights: Rights) -> frozenset[Role]:
    return frozenset(Role(name) for name in rights.roles)


def _permissions(names: Collection[str]) -> frozenset[Permission]:
    try:
        return frozenset(Permission(name) for name in names)
    except ValueError as exc:
        raise Unfitting(Unfit.PERMISSION, str(exc)) from exc
