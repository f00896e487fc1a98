"""Enrol agents."""

from __future__ import annotations

import base64
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.responses import JSONResponse, Response

from machxa_collector.api import shapes
from machxa_collector.api.access import anyone
from machxa_collector.api.deps import Deps
from machxa_collector.api.problems import problem
from machxa_collector.store import enrolment, settings

router = APIRouter()

_Name = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f\x7f]+$")]


class EnrolRequest(BaseModel):
    """Hold what an agent asks with."""

    model_config = ConfigDict(extra="forbid", strict=True)
    token: Annotated[str, Field(min_length=1, max_length=200)]
    hostname: _Name
    role: Literal["pc", "gateway"] = "pc"


@router.post("/api/v1/enrol", status_code=201, response_model=shapes.EnrolledAgent, dependencies=[Depends(anyone)])
def enrol(request: Request, asked: EnrolRequest) -> Response:
    """Give an agent its id, shard and key for a good token; one answer for every other."""
    deps: Deps = request.app.state.deps
    given = enrolment.enrol(deps.store, asked.token, asked.hostname, asked.role, deps.now_ms(), deps.new_key())
    if given is None:
        return problem(403, "this token opens nothing: it is unknown, spent or expired; make another")
    current = settings.current(deps.store)
    if current.version:
        deps.publish_settings(current, given.agent)
    body = {
        "agent": given.agent,
        "shard": given.shard,
        "key": base64.urlsafe_b64encode(given.key).decode().rstrip("="),
        "broker": {"host": deps.broker.host, "port": deps.broker.port, "tls": deps.broker.tls},
    }
    return JSONResponse(body, 201, headers={"Cache-Control": "no-store"})
