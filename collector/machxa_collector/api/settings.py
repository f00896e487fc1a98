"""Read and change how often agents sample and send."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from machxa_collector.api import shapes
from machxa_collector.api.access import permission, refuse_for_some
from machxa_collector.api.acts import act
from machxa_collector.api.answers import answer
from machxa_collector.api.deps import Deps
from machxa_collector.store import policies
from machxa_collector.store import settings as stored
from machxa_wire.downward import MAX_BATCH_SECONDS, MAX_SAMPLE_SECONDS, MIN_SAMPLE_SECONDS
from machxa_wire.policy import outside
from machxa_wire.records import Settings

router = APIRouter(prefix="/api/v1")


class SettingsRequest(BaseModel):
    """Hold new settings, in seconds."""

    model_config = ConfigDict(extra="forbid", strict=True)
    sample_seconds: Annotated[int, Field(ge=MIN_SAMPLE_SECONDS, le=MAX_SAMPLE_SECONDS)]
    batch_seconds: Annotated[int, Field(ge=MIN_SAMPLE_SECONDS, le=MAX_BATCH_SECONDS)]


@router.get("/settings", response_model=shapes.SettingsShape, dependencies=[Depends(permission("settings.read"))])
def read(request: Request) -> Response:
    """Give the settings of all agents."""
    deps: Deps = request.app.state.deps
    return answer(request, _body(stored.current(deps.store)))


@router.put("/settings", response_model=shapes.SettingsShape, dependencies=[Depends(permission("settings.write"))])
def change(request: Request, asked: SettingsRequest) -> Response:
    """Change the settings of all agents; each takes them up when it hears them."""
    refuse_for_some(request)
    if asked.batch_seconds < asked.sample_seconds:
        raise HTTPException(422, "batch_seconds is less than sample_seconds: a batch holds at least one sample")
    deps: Deps = request.app.state.deps
    told = outside(policies.newest(deps.store), Settings(0, asked.sample_seconds, asked.batch_seconds))
    if told is not None:
        raise HTTPException(422, f"{told}; sign and install another policy first")
    entry = act(request, "settings.change", "settings/all", **asked.model_dump())
    changed = stored.change(deps.store, asked.sample_seconds, asked.batch_seconds, entry)
    deps.publish_settings(changed, None)
    return answer(request, _body(changed))


def _body(settings: Settings) -> dict[str, int]:
    return {
        "version": settings.version,
        "sample_seconds": settings.sample_seconds,
        "batch_seconds": settings.batch_seconds,
    }
