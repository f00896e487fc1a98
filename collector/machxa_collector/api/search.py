"""Find communes, devices and a dossier by one text."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from machxa_collector.api.access import permission, principal_of, request_territory
from machxa_collector.api.answers import answer
from machxa_collector.api.deps import Deps
from machxa_collector.api.search_shapes import SearchShape
from machxa_collector.api.search_views import search_view

router = APIRouter(prefix="/api/v1")


@router.get("/search", response_model=SearchShape, dependencies=[Depends(permission("assets.read"))])
def search(
    request: Request,
    q: Annotated[str, Query(max_length=100)] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 10,
) -> Response:
    """Find communes (old names too), devices (name, code, model, serial, address) and a dossier by its whole number.

    Marks and letter case count nothing, nor do dashes and spaces in serials. Units and dossiers are for who may read
    incidents; all is of the territory of who asks.
    """
    deps: Deps = request.app.state.deps
    return answer(request, search_view(deps, principal_of(request), request_territory(request), q, limit))
