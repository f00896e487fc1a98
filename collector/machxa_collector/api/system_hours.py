"""Show hour by hour at how many sites each work system was well, slow, or hung or failed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from starlette.responses import Response

from machxa_collector.api import system_hour_shapes as shapes
from machxa_collector.api.access import permission, request_territory
from machxa_collector.api.answers import answer, cursor_of, iso, key_of
from machxa_collector.api.deps import Deps
from machxa_collector.api.system_hour_views import CSV_TITLES, csv_rows, group_views, system_view
from machxa_collector.api.tongue import AskedLanguage
from machxa_collector.checks.catalogue import System
from machxa_collector.incidents.hours import HOUR_MS
from machxa_collector.incidents.incident import Incident
from machxa_collector.registry.people.territory import Territory
from machxa_collector.sheets.write import write_csv
from machxa_collector.store import availability, incidents
from machxa_collector.store.systems import effective
from machxa_collector.strips.groups import grouped, numbers_of
from machxa_collector.strips.keeper import WEEK_HOURS
from machxa_wire.catalogue import ANCHOR

router = APIRouter(prefix="/api/v1")
_reads = Depends(permission("incidents.read"))
_MOST_INCIDENTS = 400
_PER_PAGE = 20
Hours = Annotated[int, Query(ge=1, le=WEEK_HOURS)]


@router.get("/systems/hours", response_model=shapes.HoursShape, dependencies=[_reads])
def all_hours(request: Request, hours: Hours = 24) -> Response:
    """Give the hours of every system that agents check, over one's territory, up to the running hour."""
    deps, territory = _asked(request)
    span = _span(deps, hours)
    known = [one for one in effective(deps.store).systems if _is_checked(one)]
    since = availability.watched_since(deps.store, territory)
    cells = deps.strips.of_all([one.id for one in known], territory.units, since, span)
    troubles = _incidents(deps, territory, known, span)
    views = [system_view(one, cells[one.id], troubles.get(one.id, ())) for one in known]
    return answer(request, {**_head(deps, span), "systems": views})


@router.get("/systems/{system}/hours", response_model=shapes.OneSystemHoursShape, dependencies=[_reads])
def hours_of_one(
    request: Request,
    system: str,
    hours: Hours = WEEK_HOURS,
    by: shapes.GroupBy = shapes.GroupBy.PROVIDER,
    cursor: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Give one system's hours over one's territory and over each group of its sites, with the numbers behind them."""
    deps, territory = _asked(request)
    span, one = _span(deps, hours), _system(deps, system)
    since = availability.watched_since(deps.store, territory)
    groups = grouped(deps.live, sorted(since), by.value)
    after = str(key_of(cursor, (str,))[0]) if cursor else None
    first = next((place + 1 for place, group in enumerate(groups) if group.id == after), 0)
    shown = groups[first : first + _PER_PAGE]
    cells = deps.strips.of_all([one.id], territory.units, since, span)[one.id]
    strips = deps.strips.of_groups(one.id, [group.units for group in shown], since, span)
    numbers, totals = numbers_of(deps.store, one.id, territory.units, shown, span)
    views = group_views(shown, strips, totals)
    following = cursor_of([shown[-1].id]) if len(groups) > first + len(shown) else None
    whole = system_view(one, cells, _incidents(deps, territory, [one], span).get(one.id, ()))
    body = {**_head(deps, span), **whole, "numbers": numbers, "by": by.value, "groups": views, "next": following}
    return answer(request, body)


@router.get("/systems/{system}/hours.csv", response_class=Response, dependencies=[_reads])
def hours_file(request: Request, system: str, language: AskedLanguage, hours: Hours = WEEK_HOURS) -> Response:
    """Give one system's hours as a CSV file."""
    deps, territory = _asked(request)
    span, one = _span(deps, hours), _system(deps, system)
    since = availability.watched_since(deps.store, territory)
    cells = deps.strips.of_all([one.id], territory.units, since, span)[one.id]
    numbers, _ = numbers_of(deps.store, one.id, territory.units, (), span)
    headers = {"Content-Disposition": f'attachment; filename="{one.id}-hours.csv"', "Cache-Control": "no-store"}
    parts = write_csv([*map(language.say, CSV_TITLES)], csv_rows(span, cells, numbers))
    return Response(b"".join(parts), media_type="text/csv; charset=utf-8", headers=headers)


def _asked(request: Request) -> tuple[Deps, Territory]:
    deps: Deps = request.app.state.deps
    return deps, request_territory(request)


def _span(deps: Deps, hours: int) -> range:
    stop = deps.now_ms() // HOUR_MS + 1
    return range(stop - hours, stop)


def _head(deps: Deps, span: range) -> dict[str, object]:
    return {"at": iso(deps.now_ms()), "first": iso(span.start * HOUR_MS), "hours": len(span)}


def _is_checked(one: System) -> bool:
    return one.enabled and any(check.kind != ANCHOR for check in one.checks)


def _system(deps: Deps, system: str) -> System:
    found = next((one for one in effective(deps.store).systems if one.id == system and _is_checked(one)), None)
    if found is None:
        raise HTTPException(404, "agents check no system of this name")
    return found


def _incidents(
    deps: Deps, territory: Territory, known: list[System], span: range
) -> Mapping[str, tuple[Incident, ...]]:
    found: dict[str, tuple[Incident, ...]] = {}
    ids = [one.id for one in known]
    for one in incidents.of_systems(deps.store, territory, ids, span.start * HOUR_MS, _MOST_INCIDENTS):
        found[one.subject] = (*found.get(one.subject, ()), one)
    return found
