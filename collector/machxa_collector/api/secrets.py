"""Set secrets, and tell which there are; their values are never told."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from machxa_collector.api import trust_shapes as shapes
from machxa_collector.api.access import permission, refuse_for_some
from machxa_collector.api.acts import act
from machxa_collector.api.answers import answer, iso
from machxa_collector.api.deps import Deps
from machxa_collector.registry.masking import LEAST
from machxa_collector.store import secrets as stored

router = APIRouter(prefix="/api/v1")

_MOST_CHARACTERS = 4000
_Name = Annotated[str, Path(pattern=r"^[a-z][a-z0-9._-]{0,99}$")]


class SecretRequest(BaseModel):
    """Hold a new value."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)
    value: Annotated[str, Field(min_length=LEAST, max_length=_MOST_CHARACTERS, pattern=r"^[^\x00]*$")]


@router.get("/secrets", response_model=shapes.Secrets, dependencies=[Depends(permission("settings.read"))])
def read(request: Request) -> Response:
    """Give the names of secrets, and since when and by whom they are as they are."""
    deps: Deps = request.app.state.deps
    return answer(request, {"secrets": [_told(one) for one in stored.names(deps.store)]})


@router.put("/secrets/{name}", response_model=shapes.Secret, dependencies=[Depends(permission("settings.write"))])
def put(request: Request, name: _Name, asked: SecretRequest) -> Response:
    """Set a secret; the one before is gone."""
    refuse_for_some(request)
    deps: Deps = request.app.state.deps
    deps.hide(asked.value)
    made = stored.put(deps.store, deps.seals, name, asked.value, act(request, "secret.change", f"secret/{name}"))
    return answer(request, _told(made))


@router.delete("/secrets/{name}", status_code=204, dependencies=[Depends(permission("settings.write"))])
def remove(request: Request, name: _Name) -> Response:
    """Forget a secret."""
    refuse_for_some(request)
    deps: Deps = request.app.state.deps
    if not stored.remove(deps.store, name, act(request, "secret.remove", f"secret/{name}")):
        raise HTTPException(404, "no such secret")
    return Response(status_code=204)


def _told(one: stored.Named) -> dict[str, object]:
    return {"name": one.name, "changed_at": iso(one.changed_at), "changed_by": one.changed_by}
