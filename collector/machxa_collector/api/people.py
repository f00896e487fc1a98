"""Let administrators look after accounts and API tokens."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse, Response

from machxa_collector.api import account_shapes as shapes
from machxa_collector.api.access import accounts_of, origin_of, permission, principal_of, staff_of
from machxa_collector.api.answers import iso
from machxa_collector.api.sign_in import seated
from machxa_collector.api.staff import Rights
from machxa_collector.store.api_tokens import TokenRow
from machxa_collector.store.people import Person

router = APIRouter(prefix="/api/v1")
_reads = [Depends(permission("people.read"))]
_manages = [Depends(permission("people.manage"))]
_tokens = [Depends(permission("tokens.manage"))]
_PRIVATE = {"Cache-Control": "no-store"}

INVITED = "/account/invited?token="


@router.get("/people", response_model=shapes.PeopleList, dependencies=_reads)
def people(request: Request) -> Response:
    """List the accounts within one's own territory."""
    found = staff_of(request).people(principal_of(request))
    return JSONResponse({"people": [person_view(one) for one in found]}, headers=_PRIVATE)


@router.post("/people", status_code=201, response_model=shapes.Invitation, dependencies=_manages)
def add(request: Request, asked: shapes.NewPersonRequest) -> Response:
    """Make an account; give the person the path in the answer, in person or by a channel that is theirs."""
    rights = Rights(roles=asked.roles, scope=asked.scope)
    person, secret = staff_of(request).add(principal_of(request), asked.login, asked.name, rights)
    return JSONResponse({"person": person, "path": INVITED + secret}, 201, headers=_PRIVATE)


@router.post("/people/first", response_model=shapes.SignedIn, dependencies=_manages)
def add_first(request: Request, asked: shapes.FirstRequest) -> Response:
    """Make the first administrator with a one-time link, and sign in as that account."""
    accounts, who = accounts_of(request), principal_of(request)
    accounts.check_password(asked.password, (asked.login, asked.name))
    person = staff_of(request).add_first(who, asked.login, asked.name)
    seat = accounts.first_password(person, asked.password, origin_of(request))
    accounts.sign_out(who)
    return seated(request, seat, JSONResponse({"second_factor_missing": seat.is_half}))


@router.get("/people/{person_id}", response_model=shapes.PersonShape, dependencies=_reads)
def person(request: Request, person_id: str) -> Response:
    """Give one account."""
    return _told(staff_of(request).person(principal_of(request), person_id))


@router.put("/people/{person_id}", response_model=shapes.PersonShape, dependencies=_manages)
def change(request: Request, person_id: str, asked: shapes.PersonRequest) -> Response:
    """Change what an account is called and may do; its sessions end."""
    rights = Rights(roles=asked.roles, scope=asked.scope)
    return _told(staff_of(request).change(principal_of(request), person_id, asked.name, rights))


@router.put("/people/{person_id}/disabled", response_model=shapes.PersonShape, dependencies=_manages)
def disable(request: Request, person_id: str, asked: shapes.DisabledRequest) -> Response:
    """Take an account out of use, or into use again; its sessions end."""
    return _told(staff_of(request).set_disabled(principal_of(request), person_id, disabled=asked.disabled))


@router.post("/people/{person_id}/invitation", status_code=201, response_model=shapes.Invitation, dependencies=_manages)
def invite(request: Request, person_id: str) -> Response:
    """Let a person set a new password; earlier invitations end."""
    secret = staff_of(request).invite(principal_of(request), person_id)
    return JSONResponse({"person": person_id, "path": INVITED + secret}, 201, headers=_PRIVATE)


@router.delete("/people/{person_id}/second-factor", response_model=shapes.PersonShape, dependencies=_manages)
def forget_second_factor(request: Request, person_id: str) -> Response:
    """Forget a second factor that its owner has lost."""
    return _told(staff_of(request).forget_second_factor(principal_of(request), person_id))


@router.get("/tokens", response_model=shapes.TokenList, dependencies=_tokens)
def tokens(request: Request) -> Response:
    """List the named API tokens within one's own territory."""
    found = staff_of(request).tokens(principal_of(request))
    return JSONResponse({"tokens": [token_view(one) for one in found]}, headers=_PRIVATE)


@router.post("/tokens", status_code=201, response_model=shapes.NewToken, dependencies=_tokens)
def add_token(request: Request, asked: shapes.NewTokenRequest) -> Response:
    """Make an API token; its secret is told this once."""
    rights = Rights(roles=asked.roles, scope=asked.scope)
    token, secret = staff_of(request).add_token(
        principal_of(request), asked.name, rights, asked.permissions, asked.days
    )
    return JSONResponse({"id": token, "token": secret}, 201, headers=_PRIVATE)


@router.delete("/tokens/{token_id}", status_code=204, dependencies=_tokens)
def revoke_token(request: Request, token_id: str) -> Response:
    """End an API token at once."""
    staff_of(request).revoke_token(principal_of(request), token_id)
    return Response(status_code=204)


def person_view(one: Person) -> dict[str, object]:
    """Return an account as JSON."""
    return {
        "id": one.id,
        "login": one.login,
        "name": one.name,
        "roles": sorted(role.value for role in one.roles),
        "scope": str(one.scope),
        "has_password": one.has_password,
        "second_factor": one.has_second_factor,
        "disabled": one.disabled_at is not None,
        "created_at": iso(one.created_at),
        "created_by": one.created_by,
        "signed_in_at": iso(one.signed_in_at),
    }


def token_view(one: TokenRow) -> dict[str, object]:
    """Return an API token as JSON, without its secret."""
    return {
        "id": one.id,
        "name": one.name,
        "roles": sorted(role.value for role in one.roles),
        "permissions": None if one.permissions is None else sorted(allowed.value for allowed in one.permissions),
        "scope": str(one.scope),
        "made_by": one.made_by,
        "made_at": iso(one.made_at),
        "expires_at": iso(one.expires_at),
        "revoked_at": iso(one.revoked_at),
    }


def _told(one: Person) -> Response:
    return JSONResponse(person_view(one), headers=_PRIVATE)
