"""Say whether the collector lives, is ready, and how it does."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import JSONResponse, PlainTextResponse, Response

from machxa_collector.api import shapes
from machxa_collector.api.access import anyone, permission, request_territory
from machxa_collector.api.deps import Deps
from machxa_collector.api.within_units import Within

router = APIRouter()


@router.get("/healthz", response_model=shapes.Health, dependencies=[Depends(anyone)])
def healthz() -> dict[str, bool]:
    """Say that the process answers; nothing more."""
    return {"ok": True}


@router.get(
    "/readyz",
    response_model=shapes.Readiness,
    responses={503: {"model": shapes.Readiness}},
    dependencies=[Depends(anyone)],
)
def readyz(request: Request) -> Response:
    """Say whether a canary went end to end within the last minute, 503 with the reasons otherwise."""
    deps: Deps = request.app.state.deps
    checks = deps.readiness()
    ready = all(check.ok for check in checks.values())
    told = {name: {"ok": check.ok, "detail": check.detail} for name, check in checks.items()}
    return JSONResponse({"ready": ready, "checks": told}, 200 if ready else 503)


@router.get("/metrics", response_class=PlainTextResponse, dependencies=[Depends(permission("metrics.read"))])
def metrics(request: Request) -> Response:
    """Give all meters as Prometheus text; what is told by unit, of the units alone that whoever asks may see."""
    deps: Deps = request.app.state.deps
    held = request_territory(request).units
    shown = deps.registry if held is None else Within(deps.registry, held)
    return Response(generate_latest(shown), media_type=CONTENT_TYPE_LATEST)
