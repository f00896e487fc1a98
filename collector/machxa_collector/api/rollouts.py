"""Watch how settings and policies spread, and hold them; how often agents sample is asked for in settings.py."""

from __future__ import annotations

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import Response

from machxa_collector.api import trust_shapes as shapes
from machxa_collector.api.access import permission
from machxa_collector.api.acts import act
from machxa_collector.api.answers import answer, iso
from machxa_collector.api.deps import Deps
from machxa_collector.registry.rollout import Kind
from machxa_collector.store import policies
from machxa_collector.store import rollouts as stored
from machxa_wire.policy import Policy, to_base64

router = APIRouter(prefix="/api/v1")

_MOST = 100


@router.get("/policy", response_model=shapes.PolicyShape, dependencies=[Depends(permission("policies.read"))])
def policy(request: Request) -> Response:
    """Give what the newest installed policy allows; version 0 is none, and no host may be asked."""
    deps: Deps = request.app.state.deps
    return answer(request, _policy(policies.newest(deps.store)))


@router.get("/rollouts", response_model=shapes.Rollouts, dependencies=[Depends(permission("policies.read"))])
def read(request: Request) -> Response:
    """Give the newest rollouts."""
    deps: Deps = request.app.state.deps
    return answer(request, {"rollouts": [_told(one) for one in stored.every(deps.store)[:_MOST]]})


@router.post(
    "/rollouts/{kind}/pause",
    response_model=shapes.Rollouts,
    responses={404: {"description": "no such rollout is under way"}},
    dependencies=[Depends(permission("policies.write"))],
)
def pause(request: Request, kind: Kind) -> Response:
    """Widen no further."""
    deps: Deps = request.app.state.deps
    return _turned(request, stored.pause(deps.store, kind, act(request, "rollout.pause", kind.value)))


@router.post(
    "/rollouts/{kind}/resume",
    response_model=shapes.Rollouts,
    responses={404: {"description": "no such rollout is held"}},
    dependencies=[Depends(permission("policies.write"))],
)
def resume(request: Request, kind: Kind) -> Response:
    """Go on with the ring at hand, watched anew."""
    deps: Deps = request.app.state.deps
    return _turned(request, stored.resume(deps.store, kind, act(request, "rollout.resume", kind.value)))


def _turned(request: Request, done: bool) -> Response:  # noqa: FBT001 - whether the act changed anything
    if not done:
        raise HTTPException(404, "no such rollout: see /api/v1/rollouts")
    return read(request)


def _told(one: stored.Rollout) -> dict[str, object]:
    return {
        "kind": one.kind.value,
        "version": one.version,
        "previous": one.previous,
        "percent": one.percent,
        "state": one.state.value,
        "began_at": iso(one.began_at),
        "stage_at": iso(one.stage_at),
        "reason": one.reason,
    }


def _policy(one: Policy) -> dict[str, object]:
    return {
        "version": one.version,
        "hosts": list(one.hosts),
        "checks": list(one.checks),
        "sample_seconds": list(one.sample_seconds),
        "batch_seconds": list(one.batch_seconds),
        "cpu_seconds_per_hour": list(one.cpu_seconds_per_hour),
        "memory_mb": list(one.memory_mb),
        "mb_per_day": list(one.mb_per_day),
        "next_key": None if one.next_key is None else to_base64(one.next_key),
    }
