"""Turn a one-time link into a session."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import Field
from starlette.responses import RedirectResponse, Response

from machxa_collector.api.access import COOKIE, anyone
from machxa_collector.api.deps import Deps
from machxa_collector.api.problems import problem
from machxa_collector.registry.tokens import SESSION_MS
from machxa_collector.store import access

router = APIRouter()


@router.get("/sign-in", status_code=303, response_class=RedirectResponse, dependencies=[Depends(anyone)])
def sign_in(request: Request, token: Annotated[str, Field(max_length=200)] = "") -> Response:
    """Turn a one-time link into a session and show the first page."""
    if "prefetch" in (request.headers.get("sec-purpose", "") + request.headers.get("purpose", "")).lower():
        return problem(403, "a link that works once is not opened in advance")
    deps: Deps = request.app.state.deps
    session = access.sign_in(deps.store, token, deps.now_ms())
    if session is None:
        return problem(403, "this link is spent or expired; start again for a new one, or run: machxa token sign-in")
    answer = RedirectResponse("/", 303)
    encrypted = request.url.scheme == "https"  # behind a proxy that says so
    answer.set_cookie(COOKIE, session, max_age=SESSION_MS // 1000, httponly=True, samesite="lax", secure=encrypted)
    return answer
