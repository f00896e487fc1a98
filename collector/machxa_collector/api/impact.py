"""Answer what outages do to dossiers: held up, at risk, late and why. Every figure opens to its inputs."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request
from starlette.responses import Response

from machxa_collector.api import impact_shapes as shapes
from machxa_collector.api.access import permission, request_territory
from machxa_collector.api.answers import answer
from machxa_collector.api.deps import Deps
from machxa_collector.api.impact_views import (
    Json,
    basis_view,
    incident_view,
    late_view,
    month_view,
    risk_view,
    unit_view,
)
from machxa_collector.effects.asking import incident_impact, incident_unit_impact, unit_impact
from machxa_collector.effects.overdue import explain_rows, month_of
from machxa_collector.effects.risk import unit_risk
from machxa_collector.registry.calendar import FIRST_YEAR, LAST_YEAR
from machxa_collector.registry.people.territory import province_of
from machxa_collector.store import incidents as stored

router = APIRouter(prefix="/api/v1/dossiers")
_reads = Depends(permission("incidents.read"))
_Code = Annotated[str, Query(max_length=10)]
_MOST_RISKS = 200
_UNIT = "a unit of yours is needed: unit=, the code of one that the registry knows"


@router.get("/impact", response_model=shapes.UnitImpactShape | shapes.IncidentImpactShape, dependencies=[_reads])
def impact(
    request: Request,
    incident: Annotated[str, Query(max_length=32)] = "",
    unit: _Code = "",
    day: date | None = None,
) -> Response:
    """Say what is held up: by an incident in all its units of one's territory, or with unit in that one, opened.

    With unit alone: jointly by all that was wrong on a day (today unless told), up to now.
    """
    deps: Deps = request.app.state.deps
    if not incident:
        code = unit_of(request, unit)
        asked = day or deps.facts.today()
        if not FIRST_YEAR <= asked.year < LAST_YEAR:
            raise HTTPException(422, f"day is {asked}, expected one from {FIRST_YEAR} on, before {LAST_YEAR}")
        found = unit_impact(deps.facts, code, asked)
        if found is None:
            raise HTTPException(404, _UNIT)
        return answer(request, unit_view(found, _basis(deps, code)))
    territory = request_territory(request)
    known = stored.one(deps.store, territory, incident)
    if known is None:
        raise HTTPException(404, "no such incident")
    units = [code for code in known.units if territory.units is None or code in territory.units]
    if not unit:
        first = next((code for code in units if deps.live.current().units.history(code)), None)
        return answer(request, incident_view(incident_impact(deps.facts, known, units), _basis(deps, first)))
    one = incident_unit_impact(deps.facts, known, unit) if unit in units else None
    if one is None:
        raise HTTPException(404, "the incident does not touch this unit")
    return answer(request, unit_view(one, _basis(deps, unit)))


@router.get("/at-risk", response_model=shapes.UnitRiskShape, dependencies=[_reads])
def risk(request: Request, unit: _Code) -> Response:
    """List a unit's dossiers that will not be done by their due time, least slack first, with all it rests on."""
    deps: Deps = request.app.state.deps
    code = unit_of(request, unit)
    found = unit_risk(deps.facts, code)
    if found is None:
        raise HTTPException(404, _UNIT)
    return answer(request, risk_view(found, _basis(deps, code), _MOST_RISKS))


@router.get("/overdue", response_model=shapes.MonthShape, dependencies=[_reads])
def overdue(
    request: Request, unit: _Code, month: Annotated[str, Query(pattern=r"^20\d\d-(0[1-9]|1[0-2])$")]
) -> Response:
    """Split the late hours of a unit's month over K1 to K5, and give how late records came (F8)."""
    deps: Deps = request.app.state.deps
    code = unit_of(request, unit)
    first = date.fromisoformat(f"{month}-01")
    if not FIRST_YEAR <= first.year < LAST_YEAR:
        raise HTTPException(422, f"calendars reach from {FIRST_YEAR} to {LAST_YEAR}")
    return answer(request, month_view(month_of(deps.facts, code, first), _basis(deps, code)))


@router.get("/explain/{number}", response_model=shapes.LateDossiers, dependencies=[_reads])
def explain(request: Request, number: Annotated[str, Path(min_length=1, max_length=64)]) -> Response:
    """Explain why a dossier is late, as a split that a person may sign; it is never written back."""
    deps: Deps = request.app.state.deps
    territory = request_territory(request)
    rows = [row for row in deps.facts.dossiers.named(number) if territory.units is None or row.unit in territory.units]
    if not rows:
        raise HTTPException(404, "no such dossier")
    told = [one for row in rows for one in explain_rows(deps.facts, row.unit, [row])[0]]
    return answer(
        request,
        {
            "number": number,
            "is_late": bool(told),
            "dossiers": [late_view(one) for one in told],
            "basis": _basis(deps, rows[0].unit),
        },
    )


def unit_of(request: Request, code: str) -> str:
    """Return the code of a unit of one's territory that the registry knows; answers 404."""
    deps: Deps = request.app.state.deps
    territory = request_territory(request)
    is_known = bool(deps.live.current().units.history(code))
    if not is_known or not (territory.units is None or code in territory.units):
        raise HTTPException(404, _UNIT)
    return code


def _basis(deps: Deps, code: str | None) -> Json:
    province = None if code is None else province_of(deps.live.current().units, code) or code
    return basis_view(deps.facts, code, () if province is None else (province,))
