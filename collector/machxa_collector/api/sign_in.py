"""Sign people in: with a one-time link, or with login, password and code; and out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from pydantic import Field
from starlette.responses import JSONResponse, RedirectResponse, Response

from machxa_collector.api import account_shapes as shapes
from machxa_collector.api.access import accounts_of, anyone, origin_of, permission, principal_of
from machxa_collector.api.accounts import Seat
from machxa_collector.api.cookies import give_session, is_private, take_session
from machxa_collector.api.deps import Deps
from machxa_collector.api.problems import problem
from machxa_collector.registry.people.identity import Given
from machxa_collector.registry.people.sitting import LINK
from machxa_collector.store import access, people

router = APIRouter()

FIRST_ACCOUNT = "/account/first"
FORM = "/account/sign-in"
IN_CLEAR = "signing in needs https, or this very computer; a proxy in front says X-Forwarded-Proto: https"


@router.get("/sign-in", status_code=303, response_class=RedirectResponse, dependencies=[Depends(anyone)])
def sign_in(request: Request, token: Annotated[str, Field(max_length=200)] = "") -> Response:
    """Turn a one-time link into a session and show the first page, without a link the form to sign in."""
    if not token:
        return RedirectResponse(FORM, 303)
    if "prefetch" in (request.headers.get("sec-purpose", "") + request.headers.get("purpose", "")).lower():
        return problem(403, "a link that works once is not opened in advance")
    _check_private(request)
    deps: Deps = request.app.state.deps
    origin = origin_of(request)
    session = access.sign_in(deps.store, token, deps.door_ms(), origin.address, origin.browser)
    if session is None:
        return problem(403, "this link is spent or expired; start again for a new one, or run: machxa token sign-in")
    is_evaluation = deps.loopback_open or not people.is_first(deps.store)
    answer = RedirectResponse("/" if is_evaluation else FIRST_ACCOUNT, 303)
    give_session(request, answer, session, LINK.longest_ms)
    return answer


@router.post("/api/v1/session", response_model=shapes.SignedIn, dependencies=[Depends(anyone)])
def begin(request: Request, asked: shapes.SignInRequest) -> Response:
    """Sign in; one answer for an unknown login, a wrong password and a wrong code."""
    _check_private(request)
    seat = accounts_of(request).sign_in(
        Given(login=asked.login, secret=asked.password, code=asked.code), origin_of(request)
    )
    return seated(request, seat, JSONResponse({"second_factor_missing": seat.is_half}))


@router.post("/api/v1/invitation", status_code=204, dependencies=[Depends(anyone)])
def accept(request: Request, asked: shapes.AcceptRequest) -> Response:
    """Set a password with an invitation, once; then sign in with it."""
    _check_private(request)
    accounts_of(request).accept(asked.token, asked.password, origin_of(request))
    return Response(status_code=204)


@router.delete("/api/v1/session", status_code=204, dependencies=[Depends(permission("account.own"))])
def end(request: Request) -> Response:
    """Sign out."""
    accounts_of(request).sign_out(principal_of(request))
    answer = Response(status_code=204)
    take_session(request, answer)
    return answer


def seated(request: Request, seat: Seat, answer: Response) -> Response:
    """Return an answer that carries a session which just began."""
    give_session(request, answer, seat.secret, seat.longest_ms)
    return answer


def _check_private(request: Request) -> None:
    if not is_private(request):
        raise HTTPException(403, IN_CLEAR)
