"""Show the registry's records, preview, write and remove them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from machxa_collector.api import registry_acts, registry_views
from machxa_collector.api import registry_shapes as shapes
from machxa_collector.api.access import permission, principal_of
from machxa_collector.api.acts import address_of
from machxa_collector.api.answers import MOST_PER_PAGE, answer
from machxa_collector.api.deps import Deps
from machxa_collector.api.problems import problem
from machxa_collector.api.record_texts import NotThere, View
from machxa_collector.api.registry_acts import Forbidden, conflict_views, fault_view
from machxa_collector.api.registry_asker import Asker
from machxa_collector.store.records import Conflict, Refused

router = APIRouter(prefix="/api/v1")
_reads, _writes = Depends(permission("assets.read")), Depends(permission("assets.write"))

Text = Annotated[str, Query(max_length=100)]
Cursor = Annotated[str, Query(max_length=200)]
Limit = Annotated[int, Query(ge=1, le=MOST_PER_PAGE)]


def asker_of(request: Request) -> Asker:
    """Return who asks, when, and from where."""
    deps: Deps = request.app.state.deps
    return Asker(principal=principal_of(request), now_ms=deps.now_ms(), origin=address_of(request))


def told(request: Request, kind: str, view: Callable[[], View], status: int = 200) -> Response:
    """Return a view as an answer, or the problem that stood in its way, with each record or field to blame."""
    try:
        body = view()
    except NotThere as exc:
        return problem(404, str(exc))
    except Forbidden as exc:
        return problem(403, str(exc))
    except Refused as exc:
        return _with(problem(422, str(exc)), "faults", [fault_view(fault) for fault in exc.faults])
    except Conflict as exc:
        deps: Deps = request.app.state.deps
        views = conflict_views(deps.live, asker_of(request), kind, exc.conflicts)
        return _with(problem(409, str(exc)), "conflicts", views)
    response = answer(request, body)
    if response.status_code == 200:  # noqa: PLR2004 - not for 304
        response.status_code = status
    return response


@router.get("/registry", response_model=shapes.Overview, dependencies=[_reads])
def overview(request: Request) -> Response:
    """Give every kind of record with its fields, and how many there are."""
    deps: Deps = request.app.state.deps
    return answer(request, registry_views.overview(deps.live, asker_of(request)))


@router.get("/registry/{kind}", response_model=shapes.RecordPage, dependencies=[_reads])
def listed(
    request: Request, kind: str, q: Text = "", unit: Text = "", cursor: Cursor = "", limit: Limit = 100
) -> Response:
    """List records, by place (a unit's or a province's code) and by words of their names."""
    deps: Deps = request.app.state.deps
    asker = asker_of(request)
    return told(request, kind, lambda: registry_views.record_page(deps.live, asker, kind, q, unit, cursor, limit))


@router.get("/registry/{kind}/{record_id}", response_model=shapes.RecordDetail, dependencies=[_reads])
def one(request: Request, kind: str, record_id: str, history_cursor: Cursor = "") -> Response:
    """Give a record with its history, newest first."""
    deps: Deps = request.app.state.deps
    asker = asker_of(request)
    return told(request, kind, lambda: registry_views.record_detail(deps.live, asker, kind, record_id, history_cursor))


@router.post("/registry/{kind}/preview", response_model=shapes.PreviewShape, dependencies=[_writes])
def preview(request: Request, kind: str, asked: shapes.PreviewRequest) -> Response:
    """Say what saving would change, what is wrong, and what was assumed in reading; nothing is kept."""
    deps: Deps = request.app.state.deps
    asker = asker_of(request)
    return told(request, kind, lambda: registry_acts.preview(deps.live, asker, kind, asked.id, asked.values))


@router.post("/registry/{kind}", response_model=shapes.Written, status_code=201, dependencies=[_writes])
def create(request: Request, kind: str, asked: shapes.CreateRequest) -> Response:
    """Write a new record."""
    deps: Deps = request.app.state.deps
    asker = asker_of(request)
    return told(request, kind, lambda: registry_acts.create(deps.live, asker, kind, asked.values, asked.note), 201)


@router.put("/registry/{kind}/{record_id}", response_model=shapes.Written, dependencies=[_writes])
def change(request: Request, kind: str, record_id: str, asked: shapes.ChangeRequest) -> Response:
    """Change a record; 409 when it is no longer of the version seen."""
    deps: Deps = request.app.state.deps
    asker = asker_of(request)
    return told(
        request,
        kind,
        lambda: registry_acts.change(deps.live, asker, kind, record_id, asked.values, asked.version, asked.note),
    )


@router.delete("/registry/{kind}/{record_id}", response_model=shapes.Removed, dependencies=[_writes])
def remove(request: Request, kind: str, record_id: str, version: Annotated[str, Query(max_length=64)]) -> Response:
    """Remove a record; an asset that has an agent or a history is kept as disposed. 409 as for a change."""
    deps: Deps = request.app.state.deps
    asker = asker_of(request)
    return told(request, kind, lambda: registry_acts.remove(deps.live, asker, kind, record_id, version))


def _with(response: Response, name: str, members: list[View]) -> Response:
    """Return a problem document with one member more (RFC 9457, 3.2)."""
    body = {**json.loads(bytes(response.body)), name: members}
    return Response(json.dumps(body, ensure_ascii=False), response.status_code, media_type="application/problem+json")
