"""Show incidents with their evidence, and take what people do about them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from starlette.responses import JSONResponse, Response

from machxa_collector.api import incident_shapes as shapes
from machxa_collector.api.access import permission, principal_of, request_territory
from machxa_collector.api.acts import act as entry_of
from machxa_collector.api.answers import MOST_PER_PAGE, answer, cursor_of, key_of, ms_of
from machxa_collector.api.deps import Deps
from machxa_collector.api.incident_scope import may_do, seen_from
from machxa_collector.api.incident_views import NameOf, detail_view, incident_view
from machxa_collector.api.systems import context_views
from machxa_collector.api.units import today
from machxa_collector.incidents.acts import NEEDS, Act, ActKind, handling_of
from machxa_collector.incidents.incident import Incident
from machxa_collector.registry.people.territory import Territory
from machxa_collector.registry.records import KINDS
from machxa_collector.store import incidents as stored
from machxa_collector.store.incidents import Wanted
from machxa_collector.store.records_read import get_many
from machxa_collector.store.systems import effective
from machxa_collector.store.watched import assets_by_agent

router = APIRouter(prefix="/api/v1")
_reads = Depends(permission("incidents.read"))
_POSTS, _BAD, _MOST_CONTEXT = "staff", ("warning", "down", "stale"), 50
_FIELDS = ("owner", "until", "text", "number", "at", "to", "cause", "reason", "into")


@router.get("/incidents", response_model=shapes.IncidentPage, dependencies=[_reads])
def incidents(
    request: Request,
    is_open: Annotated[bool | None, Query(alias="open")] = None,
    since: Annotated[datetime | None, Query(alias="from")] = None,
    unit: Annotated[str | None, Query(max_length=10)] = None,
    cause: shapes.CauseWord | None = None,
    cursor: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=MOST_PER_PAGE)] = 100,
) -> Response:
    """List the incidents of one's territory that nothing else explains, those noticed last first."""
    deps: Deps = request.app.state.deps
    after = None
    if cursor:
        at, id_ = key_of(cursor, (int, str))
        after = (int(str(at)), str(id_))
    wanted = Wanted(is_open=is_open, since=None if since is None else ms_of(since), unit=unit, cause=cause)
    territory = request_territory(request)
    found = stored.page(deps.store, territory, wanted, after, limit + 1)
    shown = found[:limit]
    acts = stored.acts_of(deps.store, [one.id for one in shown])
    following = cursor_of([shown[-1].noticed_at, shown[-1].id]) if len(found) > limit else None
    name_of = _namer(deps, [one.subject for one in shown])
    views = [incident_view(seen_from(one, territory), acts.get(one.id, ()), name_of) for one in shown]
    return answer(request, {"incidents": views, "next": following})


@router.get("/incidents/{incident_id}", response_model=shapes.IncidentDetail, dependencies=[_reads])
def incident(request: Request, incident_id: str) -> Response:
    """Give one incident with why it is judged so, what it explains, and what people did."""
    deps: Deps = request.app.state.deps
    found = stored.one(deps.store, request_territory(request), incident_id)
    if found is None:
        raise HTTPException(404, "no such incident")
    return answer(request, _detail(deps, found.id, request))


@router.post(
    "/incidents/{incident_id}/acts",
    status_code=201,
    response_model=shapes.IncidentDetail,
    dependencies=[Depends(permission("incidents.handle"))],
)
def act(request: Request, incident_id: str, asked: shapes.ActRequest) -> Response:
    """Write down what somebody does about an incident, and give it as it stands then."""
    deps: Deps = request.app.state.deps
    territory = request_territory(request)
    kind = ActKind(asked.kind)
    given = {name: getattr(asked, name) for name in _FIELDS if getattr(asked, name) is not None}
    if set(given) != set(NEEDS[kind]):
        needed = ", ".join(NEEDS[kind]) or "nothing else"
        raise HTTPException(422, f"{kind.value} needs {needed}")
    asked_about = stored.one(deps.store, territory, incident_id)
    if asked_about is None:
        raise HTTPException(404, "no such incident")
    _refuse_for_others(kind, asked_about, territory)
    if kind is ActKind.MERGE:
        into = str(given["into"])
        other = stored.one(deps.store, territory, into)
        if into == incident_id or other is None:
            raise HTTPException(422, "into names no other incident")
        if other.merged_into == incident_id or _is_part_of(deps, into, incident_id):
            raise HTTPException(422, "into is itself a part of this incident")
        _refuse_for_others(kind, other, territory)
    done = Act(at=deps.now_ms(), actor=principal_of(request).name, kind=kind, detail=given)
    entry = entry_of(request, f"incident.{kind.value}", f"incidents/{incident_id}", **given)
    stored.add_act(deps.store, incident_id, done, entry)
    return JSONResponse(_detail(deps, incident_id, request), 201, headers={"Cache-Control": "no-store"})


def _refuse_for_others(kind: ActKind, one: Incident, territory: Territory) -> None:
    """Answer 403 where an act would change an incident for units that are not theirs who asks."""
    seen = seen_from(one, territory)
    if not may_do(kind, seen):
        raise HTTPException(403, f"this incident touches {seen.other_units} other units; write a note or a ticket")


def _is_part_of(deps: Deps, incident_id: str, whole: str) -> bool:
    """Return whether people made an incident a part of another: a circle of them would be told to nobody."""
    seen: set[str] = set()
    at: str | None = incident_id
    while at is not None and at not in seen:
        seen.add(at)
        at = handling_of(stored.acts_of(deps.store, [at]).get(at, ())).merged_into
        if at == whole:
            return True
    return False


def _detail(deps: Deps, incident_id: str, request: Request) -> dict[str, object]:
    territory = request_territory(request)
    found = stored.one(deps.store, territory, incident_id)
    if found is None:
        raise HTTPException(404, "no such incident")
    acts = stored.acts_of(deps.store, [incident_id]).get(incident_id, ())
    explained = stored.children(deps.store, territory, incident_id)
    witnesses = assets_by_agent(deps.store, [sign.source for sign in found.evidence])
    subjects = [one.subject for one in (found, *explained)]
    name_of = _namer(deps, [*subjects, *witnesses.values(), *(sign.source for sign in found.evidence)], witnesses)
    seen = seen_from(found, territory)
    below = [seen_from(one, territory) for one in explained]
    return detail_view(seen, acts, below, _context(deps, seen.incident, territory), name_of)


def _context(deps: Deps, one: Incident, territory: Territory) -> list[dict[str, object]]:
    """Return what was told of systems that nobody can ask and may bear on an incident, the incident's own first."""
    found = [
        {"system": system, **view}
        for system, views in context_views(deps, effective(deps.store), territory).items()
        for view in views
        if view["unit"] is None or view["unit"] in one.units
        if system in (one.subject, _POSTS) or view["state"] in _BAD
    ]
    return sorted(found, key=lambda view: (view["system"] != one.subject, str(view["system"])))[:_MOST_CONTEXT]


def _namer(deps: Deps, subjects: Collection[str], witnesses: Mapping[str, str] | None = None) -> NameOf:
    """Return what names units, systems, and of assets those that are subjects here; witnesses are agents' assets."""
    known = get_many(deps.store, KINDS["assets"], subjects)
    systems = {one.id: one.vi for one in effective(deps.store).systems}
    units, day = deps.live.current().units, today(deps)

    def name_of(code: str) -> str | None:
        code = (witnesses or {}).get(code, code)
        if code in known:
            return str(known[code].record["name"])
        if code in systems:
            return systems[code]
        rows = units.history(code)
        unit = units.unit(code, day) or (rows[-1] if rows else None)
        return None if unit is None else unit.full_name

    return name_of
