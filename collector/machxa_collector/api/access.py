"""Decide who may ask: denied by default, one permission for every route.

A route declares ``anyone``, or ``permission("assets.read")`` with a name of the one table
(machxa_collector.registry.people.roles). ``reader`` and ``writer`` are short names of two of them. A route that
declares none, or two, does not start. ``principal_of`` says who asks, ``request_scope`` where they may look, and
``request_territory`` which units that is today.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request
from fastapi.routing import APIRoute

from machxa_collector.api.accounts import Accounts, Origin
from machxa_collector.api.cookies import session_secret
from machxa_collector.api.deps import Deps
from machxa_collector.api.limits import Limits
from machxa_collector.api.refused import RefusedAccess
from machxa_collector.api.staff import Staff
from machxa_collector.registry.people import NOBODY, THIS_COMPUTER, Permission, Principal, Scope
from machxa_collector.registry.people.territory import Territory, territory_of
from machxa_collector.store import api_tokens, sessions

SIGN_IN = "/account/sign-in"
SECOND_FACTOR = "/account/second-factor"

Rule = Callable[[Request], None]


def anyone(request: Request) -> None:
    """Let everybody ask, within bounds."""
    _count(request, NOBODY)


def permission(name: str) -> Rule:
    """Return the rule that lets only who holds a permission ask; raises ValueError when there is none of this name."""
    return _RULES[Permission(name)]


def principal_of(request: Request) -> Principal:
    """Return who asks, looked up once a request; NOBODY may do nothing."""
    known: Principal | None = getattr(request.state, "principal", None)
    if known is None:
        known = request.state.principal = _principal(request)
    return known


def may_of(request: Request) -> Callable[[str], bool]:
    """Return what tells whether who asks holds a permission by its name."""
    held = {one.value for one in principal_of(request).permissions}
    return held.__contains__


def request_scope(request: Request) -> Scope:
    """Return the territory of who asks: an id outside it is answered like one that nobody has."""
    return principal_of(request).scope


def request_territory(request: Request) -> Territory:
    """Return the units that who asks may look into today, as the store's queries take them."""
    deps: Deps = request.app.state.deps
    return territory_of(request_scope(request), deps.live.current().units)


def refuse_for_some(request: Request) -> None:
    """Refuse with 403 whoever sees some units alone: what all units rest on is not theirs to change."""
    deps: Deps = request.app.state.deps
    scope, home = request_scope(request), deps.live.current().home
    if not scope.is_wide or (home is not None and not scope.covers(home, None)):
        raise HTTPException(403, "what all units rest on is for those who see the whole province")


def origin_of(request: Request) -> Origin:
    """Return from where somebody asks; behind a proxy of ours the address is what that says."""
    address = request.client.host if request.client else ""
    return Origin(address=address, browser=request.headers.get("user-agent", ""))


def accounts_of(request: Request) -> Accounts:
    """Return what signs people in and looks after their own accounts."""
    found: Accounts = request.app.state.accounts
    return found


def staff_of(request: Request) -> Staff:
    """Return what looks after people and tokens for who asks."""
    deps: Deps = request.app.state.deps
    return Staff(deps.live, deps.now_ms, origin_of(request).address)


def check_declared(router: APIRouter, given: Collection[Rule] = ()) -> None:
    """Refuse to start with a route that declares no access or two, counting what it is given where it is included.

    It looks at routers, not at the application: FastAPI keeps an included router as one opaque route.
    """
    for route in _plain_routes(router):
        declared = [*given, *(one.call for one in route.dependant.dependencies if one.call in RULES)]
        if len(declared) != 1:
            raise RuntimeError(f"route {route.path} declares {'two accesses' if declared else 'no access'}")


def declares_itself(router: APIRouter) -> bool:
    """Return whether any route of a router declares its own access: then all must, and none is given to it."""
    return any(one.call in RULES for route in _plain_routes(router) for one in route.dependant.dependencies)


def permissions_of(router: APIRouter) -> dict[tuple[str, str], Permission | None]:
    """Return the permission of each method and path; None: everybody may ask."""
    return {
        (method.lower(), route.path): permission_of(route)
        for route in _plain_routes(router)
        for method in route.methods or ()
    }


def permission_of(route: APIRoute) -> Permission | None:
    """Return the permission that a route declares, None for one that everybody may ask."""
    calls = [one.call for one in route.dependant.dependencies]
    return next((held for held, rule in _RULES.items() if rule in calls), None)


def _plain_routes(router: APIRouter) -> Iterator[APIRoute]:
    for route in router.routes:
        if not isinstance(route, APIRoute):
            raise RuntimeError(f"route {route!r} is no plain route, so its access cannot be checked")  # noqa: TRY004
        yield route


def _rule(needed: Permission) -> Rule:
    def needs(request: Request) -> None:
        asking = principal_of(request)
        _count(request, asking)
        if asking.may(needed):
            return
        if asking is NOBODY or asking is THIS_COMPUTER:
            _lead_to(request, f"{SIGN_IN}?next={quote(request.url.path)}")
            raise HTTPException(401, "sign in, or send an API token", _CHALLENGE)
        if asking.is_half:
            _lead_to(request, SECOND_FACTOR)
            raise HTTPException(403, f"set up a second factor first, on {SECOND_FACTOR}")
        refused: RefusedAccess = request.app.state.refused
        refused.note(asking.name, origin_of(request).address, needed, request.url.path)
        raise HTTPException(403, f"{asking.name} may not do this; it needs the permission {needed.value}")

    return needs


def _principal(request: Request) -> Principal:
    deps: Deps = request.app.state.deps
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    found: Principal | None = None
    if scheme.lower() == "bearer":
        found = api_tokens.principal_of(deps.store, secret.strip(), deps.door_ms())
    if is_wall(request):
        return _wall(deps, request)
    session = session_secret(request)
    if found is None and session is not None:
        found = sessions.principal_of(deps.store, session, deps.door_ms())
    if found is not None:
        return found
    return THIS_COMPUTER if _is_this_computer(request) else NOBODY


def is_wall(request: Request) -> bool:
    """Return whether a screen on a wall asks for the duty desk: it shows nothing of whoever last signed in there."""
    return request.url.path in _WALLS and request.query_params.get("kiosk") == "1"


def _wall(deps: Deps, request: Request) -> Principal:
    """Return who a wall's screen asks for: the token in its address, which may then read the duty desk alone."""
    secret = request.query_params.get("token", "")[:_MOST_SECRET]
    found = api_tokens.principal_of(deps.store, secret, deps.door_ms()) if secret else None
    if found is None:
        return THIS_COMPUTER if not secret and _is_this_computer(request) else NOBODY
    return replace(found, permissions=found.permissions & {Permission.DESK_READ})


def _count(request: Request, asking: Principal) -> None:
    """Count a request; on a server that only this computer reaches nobody floods anybody but themselves."""
    if not _is_this_computer(request):
        limits: Limits = request.app.state.limits
        limits.count_request(asking.credential, origin_of(request).address)


def _lead_to(request: Request, page: str) -> None:
    """Lead a browser that shows a page to where somebody can help themselves."""
    if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
        raise HTTPException(303, "see there", {"Location": page})


def _is_this_computer(request: Request) -> bool:
    deps: Deps = request.app.state.deps
    return deps.loopback_open and is_direct(request)


def is_direct(request: Request) -> bool:
    """Return whether no proxy says that it asks for someone else, who may sit anywhere."""
    return _FORWARDED.isdisjoint(request.headers.keys())


_WALLS = frozenset({"/", "/desk/live"})
_MOST_SECRET = 200
_RULES = {one: _rule(one) for one in Permission}
reader = permission("assets.read")
writer = permission("assets.write")
RULES: frozenset[object] = frozenset({anyone, *_RULES.values()})
_FORWARDED = frozenset({"forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"})
_CHALLENGE = {"WWW-Authenticate": "Bearer"}
