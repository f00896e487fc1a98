"""Find administrative units and show their history."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from machxa_collector.api import unit_shapes as shapes
from machxa_collector.api import unit_views
from machxa_collector.api.access import permission
from machxa_collector.api.answers import answer
from machxa_collector.api.deps import Deps
from machxa_collector.api.problems import problem
from machxa_collector.api.record_texts import NotThere
from machxa_collector.api.registry import Cursor, Limit, Text
from machxa_collector.registry.calendar import LOCAL
from machxa_collector.registry.units import Kind

router = APIRouter(prefix="/api/v1")
Tier = Literal["province", "commune", "centre"]
_reads = Depends(permission("units.read"))


@router.get("/units", response_model=shapes.UnitPage, dependencies=[_reads])
def units(
    request: Request,
    q: Text = "",
    province: Annotated[str, Query(max_length=10)] = "",
    kind: Tier | None = None,
    on: date | None = None,
    cursor: Cursor = "",
    limit: Limit = 100,
) -> Response:
    """Find units in force on a day (today unless told) by what people type, or list them by code."""
    deps: Deps = request.app.state.deps
    tier = None if kind is None else Kind(kind)
    return answer(request, unit_views.unit_page(deps.live, q, province, tier, on or today(deps), cursor, limit))


@router.get("/units/{code}", response_model=shapes.UnitDetail, dependencies=[_reads])
def unit(request: Request, code: str, on: date | None = None) -> Response:
    """Give a unit with every row of its history, and how many units of each type lie in it."""
    deps: Deps = request.app.state.deps
    try:
        return answer(request, unit_views.unit_detail(deps.live, code, on or today(deps)))
    except NotThere as exc:
        return problem(404, str(exc))


def today(deps: Deps) -> date:
    """Return the civil day in Việt Nam."""
    return datetime.fromtimestamp(deps.now_ms() / 1000, UTC).astimezone(LOCAL).date()
