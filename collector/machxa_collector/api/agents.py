"""Decide on requests to enrol, and revoke agents."""

from __future__ import annotations

import json
from typing import Literal

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import Response

from machxa_collector.api.access import permission, principal_of, request_scope
from machxa_collector.api.answers import answer, iso
from machxa_collector.api.deps import Deps
from machxa_collector.api.enrolment_shapes import (
    ApproveRequest,
    EnrolmentList,
    EnrolmentShape,
    RevokedShape,
    RevokeRequest,
)
from machxa_collector.registry.certificates import Reason
from machxa_collector.registry.enrolment import State
from machxa_collector.store import certificates, enrolment_requests
from machxa_collector.store.enrolment_requests import Decision

router = APIRouter(prefix="/api/v1")
_manages = Depends(permission("agents.manage"))
_NOT_FOUND = "no request with this id waits for a decision"


@router.get("/enrolments", response_model=EnrolmentList, dependencies=[_manages])
def listed(request: Request, state: Literal["pending", "approved", "refused"] | None = None) -> Response:
    """Give the requests to enrol; they stand in no unit yet, so only who sees beyond units sees them."""
    deps: Deps = request.app.state.deps
    rows = enrolment_requests.listed(deps.store, None if state is None else State(state))
    seen = rows if request_scope(request).is_wide else ()
    return answer(request, {"enrolments": [_body(one) for one in seen]})


@router.post("/enrolments/{id_}/approve", response_model=EnrolmentShape, dependencies=[_manages])
def approve(request: Request, id_: str, asked: ApproveRequest) -> Response:
    """Let a computer in; its agent gets its identity when it asks next."""
    who = principal_of(request).name
    decision = Decision(state=State.APPROVED, by=who, same_asset=asked.same_asset, unit=asked.unit)
    return _decided(request, id_, decision)


@router.post("/enrolments/{id_}/refuse", response_model=EnrolmentShape, dependencies=[_manages])
def refuse(request: Request, id_: str) -> Response:
    """Keep a computer out."""
    return _decided(request, id_, Decision(state=State.REFUSED, by=principal_of(request).name))


@router.post("/agents/{agent}/revoke", response_model=RevokedShape, dependencies=[_manages])
def revoke(request: Request, agent: str, asked: RevokeRequest) -> Response:
    """Take an agent's key and certificates out of force, at once and for good; true if it was in force until now."""
    deps: Deps = request.app.state.deps
    who = principal_of(request).name
    if not request_scope(request).is_wide:
        raise HTTPException(404, "no such agent")
    changed = certificates.revoke_agent(deps.store, agent, deps.now_ms(), who, Reason(asked.reason))
    if changed is None:
        raise HTTPException(404, "no such agent")
    deps.certifier.revoked()
    return answer(request, {"agent": agent, "revoked": changed})


def _decided(request: Request, id_: str, decision: Decision) -> Response:
    deps: Deps = request.app.state.deps
    decided = None
    if request_scope(request).is_wide:
        decided = enrolment_requests.decide(deps.store, id_, decision, deps.now_ms())
    if decided is None:
        raise HTTPException(404, _NOT_FOUND)
    return answer(request, _body(decided))


def _body(one: enrolment_requests.Request) -> dict[str, object]:
    return {
        "id": one.id,
        "state": one.state.value,
        "at": iso(one.at),
        "hostname": one.hostname,
        "role": one.role,
        "address": one.address,
        "uuid": one.board,
        "serial": one.serial,
        "machine_id": one.machine,
        "fingerprint": one.fingerprint,
        "alike": json.loads(one.alike),
        "again": one.again,
        "agent": one.agent,
        "decided_by": one.decided_by,
        "decided_at": iso(one.decided_at),
    }
