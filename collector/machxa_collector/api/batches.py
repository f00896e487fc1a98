"""Show the acts on the registry, and take them back."""

from __future__ import annotations

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import Response

from machxa_collector.api import history_views, registry_acts
from machxa_collector.api import registry_shapes as shapes
from machxa_collector.api.access import permission
from machxa_collector.api.answers import answer
from machxa_collector.api.deps import Deps
from machxa_collector.api.registry import Cursor, Limit, Text, asker_of, told
from machxa_collector.store import record_history

router = APIRouter(prefix="/api/v1")


@router.get("/batches", response_model=shapes.BatchPage, dependencies=[Depends(permission("assets.read"))])
def batches(request: Request, kind: Text = "", cursor: Cursor = "", limit: Limit = 100) -> Response:
    """List acts on the registry, newest first."""
    deps: Deps = request.app.state.deps
    return answer(request, history_views.batch_page(deps.live, asker_of(request), kind, cursor, limit))


@router.get("/batches/{batch}", response_model=shapes.BatchDetail, dependencies=[Depends(permission("assets.read"))])
def batch(request: Request, batch: str, cursor: Cursor = "", limit: Limit = 100) -> Response:
    """Give an act with what it changed, before and after."""
    deps: Deps = request.app.state.deps
    view = history_views.batch_detail(deps.live, asker_of(request), batch, cursor, limit)
    if view is None:
        raise HTTPException(404, "no such act")
    return answer(request, view)


@router.post("/batches/{batch}/undo", response_model=shapes.Undone, dependencies=[Depends(permission("assets.write"))])
def undo(request: Request, batch: str) -> Response:
    """Take an act back by a new one; 409 names the records that have changed since."""
    deps: Deps = request.app.state.deps
    act = record_history.one_batch(deps.store, batch)
    return told(
        request,
        "assets" if act is None else act.kind,
        lambda: registry_acts.undo(deps.live, asker_of(request), batch),
    )
