"""Show who watches for its unit and why, and let people decide otherwise."""

from __future__ import annotations

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import Response

from machxa_collector.api.access import permission, request_scope
from machxa_collector.api.acts import act
from machxa_collector.api.answers import answer, iso
from machxa_collector.api.deps import Deps
from machxa_collector.api.role_shapes import PinRequest, RoleShape, UnitRoles
from machxa_collector.registry.people.territory import province_of
from machxa_collector.store import roles
from machxa_collector.store.roles import Member
from machxa_wire.roles import PC

router = APIRouter(prefix="/api/v1")
_ORDER = {"gateway": 0, "standby": 1, "pc": 2}
_MISSING: dict[int | str, dict[str, object]] = {404: {"description": "no such agent"}}


@router.get("/units/{code}/roles", response_model=UnitRoles, dependencies=[Depends(permission("agents.read"))])
def of_unit(request: Request, code: str) -> Response:
    """Give the roles of a unit's agents, with the reasons of the election."""
    deps: Deps = request.app.state.deps
    if not _sees(request, code):
        raise HTTPException(404, "no such unit")
    those = roles.members(deps.store, (code,))
    shown = sorted((_body(deps, one) for one in those), key=lambda one: (_ORDER[str(one["role"])], str(one["agent"])))
    return answer(request, {"unit": code, "agents": shown})


@router.get(
    "/agents/{agent}/role",
    response_model=RoleShape,
    responses=_MISSING,
    dependencies=[Depends(permission("agents.read"))],
)
def read(request: Request, agent: str) -> Response:
    """Give one agent's role."""
    deps: Deps = request.app.state.deps
    return answer(request, _body(deps, _member(request, agent)))


@router.put(
    "/agents/{agent}/role",
    response_model=RoleShape,
    responses=_MISSING,
    dependencies=[Depends(permission("agents.manage"))],
)
def pin(request: Request, agent: str, asked: PinRequest) -> Response:
    """Pin an agent to a role; it is told within a quarter of a minute."""
    deps: Deps = request.app.state.deps
    _member(request, agent)
    roles.pin(deps.store, agent, asked.role, act(request, "role.pin", f"agent/{agent}", role=asked.role))
    return read(request, agent)


@router.delete(
    "/agents/{agent}/role",
    response_model=RoleShape,
    responses=_MISSING,
    dependencies=[Depends(permission("agents.manage"))],
)
def unpin(request: Request, agent: str) -> Response:
    """Let elections decide again; the role stays until there is a reason to change it."""
    deps: Deps = request.app.state.deps
    _member(request, agent)
    roles.pin(deps.store, agent, None, act(request, "role.unpin", f"agent/{agent}"))
    return read(request, agent)


def _member(request: Request, agent: str) -> Member:
    deps: Deps = request.app.state.deps
    found = roles.one(deps.store, agent)
    if found is None or not _sees(request, found.unit):
        raise HTTPException(404, "no such agent")
    return found


def _sees(request: Request, unit: str | None) -> bool:
    deps: Deps = request.app.state.deps
    units = deps.live.current().units
    if unit is not None and not units.history(unit):
        return False
    return request_scope(request).covers(unit, None if unit is None else province_of(units, unit))


def _body(deps: Deps, member: Member) -> dict[str, object]:
    standing, pinned = member.standing, roles.pin_of(deps.store, member.agent.id) if member.pin else None
    return {
        "agent": member.agent.id,
        "unit": member.unit,
        "role": PC if standing is None else standing.order.role,
        "on_duty": standing is not None and standing.order.on_duty,
        "since": None if standing is None else iso(standing.since),
        "duty_since": None if standing is None else iso(standing.duty_since),
        "reasons": [] if standing is None else list(standing.reasons),
        "presence": member.state or "unknown",
        "pin": None if pinned is None else {"role": pinned.role, "by": pinned.by, "at": iso(pinned.at)},
    }
