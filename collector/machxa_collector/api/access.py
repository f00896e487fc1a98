"""Decide who may ask: denied by default, one permission for every route.

A route declares ``anyone``, or ``permission("assets.read")`` with a name of the one table
(machxa_collector.registry.people.roles). ``reader`` and ``writer`` are short names of two of them. A route that
declares none, or two, does not start. ``principal_of`` says who asks, ``request_scope`` where they may look, and
``request_territory`` which units that is today.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from fastapi import APIRouter, HTTPException, Request
from fastapi.routing import APIRoute

from machxa_collector.api.deps import Deps
from machxa_collector.registry.people import NOBODY, THIS_COMPUTER, Permission, Principal, Scope
from machxa_collector.registry.people.territory import Territory, territory_of
from machxa_collector.store import api_tokens, sessions

COOKIE = "machxa_session"

Rule = Callable[[Request], None]


def anyone(_request: Request) -> None:
    """Let everybody ask."""


def permission(name: str) -> Rule:
    """Return the rule that lets only who holds a permission ask; raises ValueError when there is none of this name."""
    return _RULES[Permission(name)]


def principal_of(request: Request) -> Principal:
    """Return who asks, looked up once a request; NOBODY may do nothing."""
    known: Principal | None = getattr(request.state, "principal", None)
    if known is None:
        known = request.state.principal = _principal(request)
    return known


def request_scope(request: Request) -> Scope:
    """Return the territory of who asks: an id outside it is answered like one that nobody has."""
    return principal_of(request).scope


def request_territory(request: Request) -> Territory:
    """Return the units that who asks may look into today, as the store's queries take them."""
    deps: Deps = request.app.state.deps
    return territory_of(request_scope(request), deps.live.current().units)


def check_declared(router: APIRouter, given: Collection[Rule] = ()) -> None:
    """Refuse to start with a route that declares no access or two, counting what it is given where it is included.

    It looks at routers, not at the application: FastAPI keeps an included router as one opaque route.
    """
    for route in router.routes:
        if not isinstance(route, APIRoute):
            raise RuntimeError(f"route {route!r} is no plain route, so its access cannot be checked")  # noqa: TRY004
        declared = [*given, *(one.call for one in route.dependant.dependencies if one.call in RULES)]
        if len(declared) != 1:
            raise RuntimeError(f"route {route.path} declares {'two accesses' if declared else 'no access'}")


def permission_of(route: APIRoute) -> Permission | None:
    """Return the permission that a route declares, None for one that everybody may ask."""
    calls = [one.call for one in route.dependant.dependencies]
    return next((held for held, rule in _RULES.items() if rule in calls), None)


def _rule(needed: Permission) -> Rule:
    def needs(request: Request) -> None:
        asking = principal_of(request)
        if asking.may(needed):
            return
        if asking is NOBODY or asking is THIS_COMPUTER:
            raise HTTPException(401, "sign in, or send an API token", _CHALLENGE)
        raise HTTPException(403, f"{asking.name} may not do this; it needs the permission {needed.value}")

    return needs


def _principal(request: Request) -> Principal:
    deps: Deps = request.app.state.deps
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    found: Principal | None = None
    if scheme.lower() == "bearer":
        found = api_tokens.principal_of(deps.store, secret.strip(), deps.now_ms())
    session = request.cookies.get(COOKIE)
    if found is None and session is not None:
        found = sessions.principal_of(deps.store, session, deps.now_ms())
    if found is not None:
        return found
    return THIS_COMPUTER if deps.loopback_open and is_direct(request) else NOBODY


def is_direct(request: Request) -> bool:
    """Return whether no proxy says that it asks for someone else, who may sit anywhere."""
    return _FORWARDED.isdisjoint(request.headers.keys())


_RULES = {one: _rule(one) for one in Permission}
reader = permission("assets.read")
writer = permission("assets.write")
RULES: frozenset[object] = frozenset({anyone, *_RULES.values()})
_FORWARDED = frozenset({"forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"})
_CHALLENGE = {"WWW-Authenticate": "Bearer"}
