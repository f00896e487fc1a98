"""Decide who may ask: denied by default, one rule for every route.

A route declares one of three dependencies. ``anyone`` needs no sign-in. ``reader`` is open on a
server that only this computer reaches, and needs a session or an API token elsewhere. ``writer``
always needs one, and no cross-site request. A route without a declaration does not start.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from fastapi import APIRouter, HTTPException, Request
from fastapi.routing import APIRoute

from machxa_collector.api.deps import Deps
from machxa_collector.store import access

COOKIE = "machxa_session"

Rule = Callable[[Request], None]


def anyone(_request: Request) -> None:
    """Let everybody ask."""


def reader(request: Request) -> None:
    """Let this computer ask, or who is signed in."""
    if not (_deps(request).loopback_open and _is_direct(request)) and not _is_known(request):
        raise HTTPException(401, "sign in with the one-time link, or send an API token", _CHALLENGE)


def writer(request: Request) -> None:
    """Let only who is signed in change something."""
    if not _is_known(request):
        raise HTTPException(401, "sign in with the one-time link, or send an API token", _CHALLENGE)
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise HTTPException(403, "changes are not taken from another site")


def check_declared(router: APIRouter, given: Collection[Rule] = ()) -> None:
    """Refuse to start with a route that declares none of the three, nor is given one where it is included.

    It looks at routers, not at the application: FastAPI keeps an included router as one opaque route.
    """
    for route in router.routes:
        if not isinstance(route, APIRoute):
            raise RuntimeError(f"route {route!r} is no plain route, so its access cannot be checked")  # noqa: TRY004
        if not RULES & {*given, *(one.call for one in route.dependant.dependencies)}:
            raise RuntimeError(f"route {route.path} declares no access")


def _is_direct(request: Request) -> bool:
    """Return whether no proxy says that it asks for someone else, who may sit anywhere."""
    return _FORWARDED.isdisjoint(request.headers.keys())


def _is_known(request: Request) -> bool:
    deps = _deps(request)
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and access.is_api_token(deps.store, secret.strip(), deps.now_ms()):
        return True
    session = request.cookies.get(COOKIE)
    return session is not None and access.is_session(deps.store, session, deps.now_ms())


def _deps(request: Request) -> Deps:
    deps: Deps = request.app.state.deps
    return deps


RULES: frozenset[Rule | None] = frozenset({anyone, reader, writer})
_FORWARDED = frozenset({"forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"})
_CHALLENGE = {"WWW-Authenticate": "Bearer"}
