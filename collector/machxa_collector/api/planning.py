"""Show what is outdated, lacking and worth buying, plans under ceilings, and keep what they rest on."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from starlette.responses import JSONResponse, Response

from machxa_collector.api import planning_shapes as shapes
from machxa_collector.api.access import permission, refuse_for_some, request_territory
from machxa_collector.api.acts import act
from machxa_collector.api.answers import MOST_PER_PAGE, answer, cursor_of, iso, key_of
from machxa_collector.api.deps import Deps
from machxa_collector.api.planning_views import finding_view, gap_view, paper_view, plan_view
from machxa_collector.planning.more_tables import coverage
from machxa_collector.planning.outcome import Outcome, settled
from machxa_collector.planning.words import Action
from machxa_collector.purchasing.kept import needs_seen, seen_from
from machxa_collector.purchasing.papers import BadPaper, PaperKind, checked
from machxa_collector.store import planning as stored

router = APIRouter(prefix="/api/v1")
_reads, _costs = Depends(permission("assets.read")), Depends(permission("costs.read"))
_writes = Depends(permission("assets.write"))
_MOST_VND = 10**15

Name = Annotated[str, Query(alias="scenario", max_length=60)]
Ceiling = Annotated[int | None, Query(ge=0, le=_MOST_VND)]
Limit = Annotated[int, Query(ge=1, le=MOST_PER_PAGE)]
CursorText = Annotated[str, Query(max_length=200)]
UnitCode = Annotated[str | None, Query(max_length=10)]
KindWord = Literal["rules", "prices", "units", "scenario", "previous"]


@router.get("/planning/needs", response_model=shapes.NeedPage, dependencies=[_reads])
def needs(
    request: Request,
    unit: UnitCode = None,
    cursor: CursorText = "",
    limit: Limit = 100,
    only: Literal["lacking"] | None = None,
) -> Response:
    """List what units may have, have and lack, by unit and class; only=lacking: where something does."""
    deps: Deps = request.app.state.deps
    after = tuple(map(str, key_of(cursor, (str, str)))) if cursor else ("", "")
    found = needs_seen(deps.plans.needs(), request_territory(request))
    rows = [
        (gap, one.commune.name)
        for one in found.units
        if unit is None or one.commune.code == unit
        for gap in one.gaps
        if (gap.unit, gap.item.value) > after
        and (only is None or gap.missing_capability or (gap.lacking.high or 0) > 0)
    ]
    rows.sort(key=lambda one: (one[0].unit, one[0].item.value))
    shown = rows[:limit]
    following = cursor_of([shown[-1][0].unit, shown[-1][0].item.value]) if len(rows) > limit else None
    body = {
        "on": found.basis.today.isoformat(),
        "stamp": deps.plans.situation().stamp,
        "coverage": coverage(found.units),
        "needs": [gap_view(gap, name) for gap, name in shown],
        "next": following,
    }
    return answer(request, body)


@router.get("/findings", response_model=shapes.FindingPage, dependencies=[_costs])
def findings(
    request: Request,
    unit: UnitCode = None,
    action: Annotated[Action | None, Query()] = None,
    cursor: CursorText = "",
    limit: Limit = 100,
) -> Response:
    """List what is found of assets: score, advice, the right to be disposed of, what reaches the end of its support."""
    deps: Deps = request.app.state.deps
    after = str(key_of(cursor, (str,))[0]) if cursor else ""
    found = needs_seen(deps.plans.needs(), request_territory(request))
    rows = [
        one
        for told in found.units
        if unit is None or told.commune.code == unit
        for one in told.judged
        if one.asset.id > after and action in (None, one.advice.action)
    ]
    rows.sort(key=lambda one: one.asset.id)
    shown = rows[:limit]
    body = {
        "on": found.basis.today.isoformat(),
        "stamp": deps.plans.situation().stamp,
        "findings": [finding_view(one, found.basis.rules, found.basis.today) for one in shown],
        "next": cursor_of([shown[-1].asset.id]) if len(rows) > limit else None,
    }
    return answer(request, body)


@router.get("/planning/plan", response_model=shapes.PlanShape, dependencies=[_costs])
def plan(
    request: Request,
    name: Name = "",
    ceiling: Ceiling = None,
    cursor: CursorText = "",
    limit: Limit = 100,
) -> Response:
    """Give the plan of a saved scenario, or of a shared ceiling alone; its lines in order, paid ones first.

    The plan is one for all units; who may see some of them sees their part of it, and sums of that part.
    """
    found = outcome_of(request, name, ceiling)
    start = int(str(key_of(cursor, (int,))[0])) if cursor else 0
    lines = list(settled(found))
    shown = lines[max(0, start) : max(0, start) + limit]
    following = cursor_of([start + limit]) if len(lines) > start + limit else None
    return answer(request, plan_view(found, shown, following))


@router.get("/planning/papers", response_model=shapes.PaperList, dependencies=[_costs])
def papers(request: Request) -> Response:
    """List what planning rests on: rules, prices, staff of units, scenarios, each with its newest version."""
    deps: Deps = request.app.state.deps
    found = [one for kind in PaperKind for one in stored.named(deps.store, kind.value)]
    return answer(request, {"papers": [paper_view(one, whole=False) for one in found]})


@router.get("/planning/papers/{kind}", response_model=shapes.PaperShape, dependencies=[_costs])
def paper(request: Request, kind: KindWord, name: Annotated[str, Query(max_length=60)] = "") -> Response:
    """Give a paper whole; only to who sees the whole province, since it speaks of all units."""
    refuse_for_some(request)
    deps: Deps = request.app.state.deps
    found = stored.newest(deps.store, kind, name)
    if found is None:
        raise HTTPException(404, "no such paper")
    return answer(request, paper_view(found, whole=True))


@router.put("/planning/papers/{kind}", response_model=shapes.PaperAbout, status_code=201, dependencies=[_writes])
def keep(request: Request, kind: KindWord, asked: shapes.PaperRequest) -> Response:
    """Keep a paper's next version with a reason; 422 says what in it cannot be used. A scenario has a name."""
    refuse_for_some(request)
    deps: Deps = request.app.state.deps
    if (kind == PaperKind.SCENARIO.value) != bool(asked.name):
        raise HTTPException(422, "a scenario, and only that, has a name")
    entry = act(request, "planning.keep", f"planning/{kind}/{asked.name}", reason=asked.reason)
    if asked.content is None:
        if stored.newest(deps.store, kind, asked.name) is None:
            raise HTTPException(404, "no such paper")
        version = stored.take_away(deps.store, kind, asked.name, asked.reason, entry)
    else:
        try:
            text = checked(PaperKind(kind), asked.name, asked.content.encode("utf-8", "replace"))
        except BadPaper as refused:
            raise HTTPException(422, str(refused)) from refused
        version = stored.keep(deps.store, kind, asked.name, text, asked.reason, entry)
    told = {"kind": kind, "name": asked.name, "version": version, "made_by": entry.actor, "reason": asked.reason}
    view = {**told, "made_at": iso(entry.at)}
    return JSONResponse(view, 201, headers={"Cache-Control": "no-store"})


def outcome_of(request: Request, name: str, ceiling: int | None) -> Outcome:
    """Return what somebody may see of a plan; answers 404 where no scenario has the name."""
    deps: Deps = request.app.state.deps
    found = deps.plans.plan(name, ceiling)
    if found is None:
        raise HTTPException(404, "no scenario is kept under this name")
    return seen_from(found, request_territory(request))
