"""Decide on requests to enrol, and revoke agents."""

from __future__ import annotations

import json
from typing import Literal

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import Response

from machxa_collector.api.access import permission, principal_of, request_scope
from machxa_collector.api.acts import act
from machxa_collector.api.answers import answer, iso
from machxa_collector.api.deps import Deps
from machxa_collector.api.enrolment_shapes import (
    ApproveRequest,
    EnrolmentList,
    EnrolmentShape,
    RevokedShape,
    RevokeRequest,
)
from machxa_collector.registry.audit import Entry
from machxa_collector.registry.certificates import Reason
from machxa_collector.registry.enrolment import State
from machxa_collector.registry.people.territory import province_of
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
    if asked.unit is not None and not _sees(request, asked.unit):
        raise HTTPException(422, "unit: no unit of your territory")
    decision = Decision(state=State.APPROVED, by=who, same_asset=asked.same_asset, unit=asked.unit)
    entry = act(request, "enrolment.approve", f"enrolment/{id_}", same_asset=asked.same_asset, unit=asked.unit)
    return _decided(request, id_, decision, entry)


@router.post("/enrolments/{id_}/refuse", response_model=EnrolmentShape, dependencies=[_manages])
def refuse(request: Request, id_: str) -> Response:
    """Keep a computer out."""
    decision = Decision(state=State.REFUSED, by=principal_of(request).name)
    return _decided(request, id_, decision, act(request, "enrolment.refuse", f"enrolment/{id_}"))


@router.post("/agents/{agent}/revoke", response_model=RevokedShape, dependencies=[_manages])
def revoke(request: Request, agent: str, asked: RevokeRequest) -> Response:
    """Take an agent's key and certificates out of force, at once and for good; true if it was in force until now."""
    deps: Deps = request.app.state.deps
    stands = certificates.unit_of(deps.store, agent)
    if stands is None or not _sees(request, stands[0]):
        raise HTTPException(404, "no such agent")
    entry = act(request, "agent.revoke", f"agent/{agent}", reason=asked.reason)
    changed = certificates.revoke_agent(deps.store, agent, Reason(asked.reason), entry)
    deps.certifier.revoked()
    return answer(request, {"agent": agent, "revoked": bool(changed)})


def _sees(request: Request, unit: str | None) -> bool:
    """Return whether a unit is known and lies in the territory of who asks."""
    deps: Deps = request.app.state.deps
    units = deps.live.current().units
    if unit is not None and not units.history(unit):
        return False
    return request_scope(request).covers(unit, None if unit is None else province_of(units, unit))


def _decided(request: Request, id_: str, decision: Decision, entry: Entry) -> Response:
    deps: Deps = request.app.state.deps
    decided = None
    if request_scope(request).is_wide:
        decided = enrolment_requests.decide(deps.store, id_, decision, entry)
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
