"""Make, list and end the tokens by which computers enrol."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.responses import JSONResponse, Response

from machxa_collector.api.access import permission, request_scope, request_territory
from machxa_collector.api.acts import act
from machxa_collector.api.answers import answer, iso
from machxa_collector.api.deps import Deps
from machxa_collector.api.shapes import Moment
from machxa_collector.registry.people.territory import province_of
from machxa_collector.store import enrol_tokens as stored

router = APIRouter(prefix="/api/v1/enrolment-tokens")
_manages = Depends(permission("agents.manage"))
_DAY_MS = 86_400_000
_PRIVATE = {"Cache-Control": "no-store"}


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class EnrolTokenShape(_Shape):
    """Hold what may be told of a token; unit null: what comes with it stands in none yet."""

    id: str
    unit: str | None
    note: str
    approves: bool
    uses_left: int | None
    created_at: Moment
    expires_at: Moment | None


class EnrolTokenList(_Shape):
    """Hold the tokens of one's territory that still open something."""

    tokens: list[EnrolTokenShape]


class NewEnrolToken(_Shape):
    """Hold a new token's secret, told this once, and the fingerprint of the centre's authority to compare."""

    id: str
    token: str
    fingerprint: str
    unit: str | None
    uses: int
    expires_at: Moment


class EnrolTokenRequest(BaseModel):
    """Ask for a token that lets so many computers in at once, into a unit; null: into none yet."""

    model_config = ConfigDict(extra="forbid", strict=True)
    unit: Annotated[str, StringConstraints(min_length=2, max_length=10)] | None = None
    uses: Annotated[int, Field(ge=1, le=500)] = 1
    days: Annotated[int, Field(ge=1, le=30)] = 1


@router.get("", response_model=EnrolTokenList, dependencies=[_manages])
def listed(request: Request) -> Response:
    """List the tokens of one's territory that still open something."""
    deps: Deps = request.app.state.deps
    found = stored.listed(deps.store, request_territory(request), deps.now_ms())
    return answer(
        request,
        {
            "tokens": [
                {
                    "id": one.id,
                    "unit": one.unit,
                    "note": one.note,
                    "approves": one.approves,
                    "uses_left": one.uses_left,
                    "created_at": iso(one.created_at),
                    "expires_at": iso(one.expires_at),
                }
                for one in found
            ]
        },
    )


@router.post("", response_model=NewEnrolToken, status_code=201, dependencies=[_manages])
def make(request: Request, asked: EnrolTokenRequest) -> Response:
    """Make a token; its secret is told this once."""
    deps: Deps = request.app.state.deps
    units, unit = deps.live.current().units, asked.unit
    is_known = unit is None or bool(units.history(unit))
    if not is_known or not request_scope(request).covers(unit, None if unit is None else province_of(units, unit)):
        raise HTTPException(422, "unit: no unit of your territory")
    entry = act(request, "token.enrol", "", unit=unit, uses=asked.uses, days=asked.days)
    id_, secret = stored.make(deps.store, unit, asked.uses, asked.days * _DAY_MS, entry)
    body = {
        "id": id_,
        "token": secret,
        "fingerprint": deps.certifier.fingerprint,
        "unit": unit,
        "uses": asked.uses,
        "expires_at": iso(entry.at + asked.days * _DAY_MS),
    }
    return JSONResponse(body, 201, headers=_PRIVATE)


@router.delete("/{token}", status_code=204, dependencies=[_manages])
def end(request: Request, token: Annotated[str, Path(pattern="^[0-9a-f]{16}$")]) -> Response:
    """End a token at once; who enrolled with it stays."""
    deps: Deps = request.app.state.deps
    entry = act(request, "token.enrol.end", f"enrolment-tokens/{token}")
    if not stored.end(deps.store, request_territory(request), token, deps.now_ms(), entry):
        raise HTTPException(404, "no such token")
    return Response(status_code=204)
