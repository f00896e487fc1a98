"""Show when a unit works, and measure its working time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from starlette.responses import Response

from machxa_collector.api import calendar_views
from machxa_collector.api import unit_shapes as shapes
from machxa_collector.api.access import permission
from machxa_collector.api.answers import answer
from machxa_collector.api.calendar_views import MOST_DAYS
from machxa_collector.api.deps import Deps
from machxa_collector.api.problems import problem
from machxa_collector.api.record_texts import NotThere
from machxa_collector.api.units import today
from machxa_collector.registry.calendar import FIRST_YEAR, LAST_YEAR, LOCAL, Clock, OutsideCalendar

router = APIRouter(prefix="/api/v1")
_reads = Depends(permission("units.read"))
_DEFAULT_DAYS = 31


@router.get("/calendars/{unit}", response_model=shapes.CalendarShape, dependencies=[_reads])
def days(
    request: Request,
    unit: str,
    since: Annotated[date | None, Query(alias="from")] = None,
    until: Annotated[date | None, Query(alias="to")] = None,
) -> Response:
    """Give the plan of each day, both ends included; the 31 days from today unless told."""
    deps: Deps = request.app.state.deps
    first = since or today(deps)
    if not FIRST_YEAR <= first.year <= LAST_YEAR:
        raise HTTPException(400, f"calendars reach from {FIRST_YEAR} to {LAST_YEAR}")
    last = until or min(first + timedelta(days=_DEFAULT_DAYS - 1), date(LAST_YEAR, 12, 31))
    if not first <= last <= date(LAST_YEAR, 12, 31) or (last - first).days >= MOST_DAYS:
        raise HTTPException(400, f"from and to are days in order, at most {MOST_DAYS} of them, up to {LAST_YEAR}")
    try:
        return answer(request, calendar_views.calendar_days(deps.live, unit, first, last))
    except NotThere as exc:
        return problem(404, str(exc))


@router.get("/calendars/{unit}/working-time", response_model=shapes.WorkingTime, dependencies=[_reads])
def working_time(
    request: Request,
    unit: str,
    since: Annotated[datetime, Query(alias="from")],
    until: Annotated[datetime, Query(alias="to")],
    clock: Clock = Clock.ACTUAL,
) -> Response:
    """Give the working time between two moments in seconds; a moment without zone is Việt Nam's."""
    deps: Deps = request.app.state.deps
    start, end = (one if one.tzinfo else one.replace(tzinfo=LOCAL) for one in (since, until))
    try:
        return answer(request, calendar_views.working_time(deps.live, unit, start, end, clock))
    except NotThere as exc:
        return problem(404, str(exc))
    except (OutsideCalendar, OverflowError) as exc:
        raise HTTPException(400, f"calendars reach from {FIRST_YEAR} to {LAST_YEAR}") from exc
