"""Let people look after their own account."""

from __future__ import annotations

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import JSONResponse, Response

from machxa_collector.api import account_shapes as shapes
from machxa_collector.api.access import accounts_of, origin_of, permission, principal_of
from machxa_collector.api.accounts import Accounts
from machxa_collector.api.answers import iso
from machxa_collector.api.sign_in import seated
from machxa_collector.registry.people import Principal

router = APIRouter(prefix="/api/v1/me", dependencies=[])
_own = [Depends(permission("account.own"))]
_PRIVATE = {"Cache-Control": "no-store"}


@router.get("", response_model=shapes.Me, dependencies=_own)
def me(request: Request) -> Response:
    """Say who asks, what they may do and where."""
    return JSONResponse(me_view(accounts_of(request), principal_of(request)), headers=_PRIVATE)


@router.put("/password", status_code=204, dependencies=_own)
def change_password(request: Request, asked: shapes.PasswordRequest) -> Response:
    """Change one's own password; every other session ends."""
    seat = accounts_of(request).change_password(principal_of(request), asked.current, asked.new, origin_of(request))
    return seated(request, seat, Response(status_code=204))


@router.post("/second-factor", response_model=shapes.PendingFactor, dependencies=_own)
def begin_second_factor(request: Request) -> Response:
    """Begin a second factor; nothing changes until its first code comes with PUT."""
    secret, address, pending = accounts_of(request).begin_second_factor(principal_of(request))
    return JSONResponse({"secret": secret, "address": address, "pending": pending}, headers=_PRIVATE)


@router.put("/second-factor", response_model=shapes.RecoveryCodes, dependencies=_own)
def confirm_second_factor(request: Request, asked: shapes.ConfirmRequest) -> Response:
    """Keep the begun second factor that a code proves; every other session ends."""
    seat, codes = accounts_of(request).confirm_second_factor(
        principal_of(request), asked.pending, asked.code, asked.password, origin_of(request)
    )
    return seated(request, seat, JSONResponse({"recovery_codes": codes}, headers=_PRIVATE))


@router.get("/sessions", response_model=shapes.SessionList, dependencies=_own)
def listed(request: Request) -> Response:
    """List one's own living sessions, the newest first."""
    return JSONResponse(sessions_view(accounts_of(request), principal_of(request)), headers=_PRIVATE)


@router.delete("/sessions/{session_id}", status_code=204, dependencies=_own)
def end(request: Request, session_id: str) -> Response:
    """End one of one's own sessions."""
    if not accounts_of(request).end_session(principal_of(request), session_id):
        raise HTTPException(404, "no such session")
    return Response(status_code=204)


@router.delete("/sessions", status_code=204, dependencies=_own)
def end_others(request: Request) -> Response:
    """End all of one's own sessions but this one."""
    accounts_of(request).end_other_sessions(principal_of(request))
    return Response(status_code=204)


def me_view(accounts: Accounts, who: Principal) -> dict[str, object]:
    """Return who asks as JSON."""
    person, left = accounts.own(who) if who.person is not None else (None, 0)
    return {
        "name": who.name if person is None else person.name,
        "login": None if person is None else person.login,
        "roles": sorted(role.value for role in who.roles),
        "scope": str(who.scope),
        "permissions": sorted(one.value for one in who.permissions),
        "second_factor": person is not None and person.has_second_factor,
        "second_factor_missing": who.is_half,
        "recovery_codes_left": left,
    }


def sessions_view(accounts: Accounts, who: Principal) -> dict[str, object]:
    """Return one's own living sessions as JSON."""
    found = [
        {
            "id": one.id,
            "current": one.id == who.session,
            "began_at": iso(one.created_at),
            "seen_at": iso(one.seen_at),
            "ends_at": iso(one.expires_at),
            "address": one.address,
            "browser": one.browser,
        }
        for one in accounts.sessions(who)
    ]
    return {"sessions": found}
