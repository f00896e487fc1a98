"""Show the systems that communes work with, and take what a province tells of those that nobody can ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from starlette.responses import JSONResponse, Response

from machxa_collector.api import system_shapes as shapes
from machxa_collector.api.access import permission, principal_of, request_scope, request_territory
from machxa_collector.api.acts import act
from machxa_collector.api.answers import answer, iso
from machxa_collector.api.deps import Deps
from machxa_collector.checks.catalogue import Catalogue
from machxa_collector.checks.context import KINDS, Value, refused, standing
from machxa_collector.incidents.worktime import WorkTime
from machxa_collector.registry.people.territory import Territory
from machxa_collector.store import context as stored
from machxa_collector.store.systems import effective, with_troubles

router = APIRouter(prefix="/api/v1")


@router.get("/systems", response_model=shapes.SystemList, dependencies=[Depends(permission("incidents.read"))])
def systems(request: Request, unit: Annotated[str | None, Query(max_length=10)] = None) -> Response:
    """List the systems of the catalogue, how each is known, and what was told of those that nobody can ask."""
    deps: Deps = request.app.state.deps
    catalogue, troubles = with_troubles(deps.store)
    values = context_views(deps, catalogue, request_territory(request))
    views = [
        {
            "id": one.id,
            "vi": one.vi,
            "en": one.en,
            "owner": one.owner.value,
            "source": one.source.value,
            "system_class": one.system_class,
            "groups": list(one.groups),
            "enabled": one.enabled,
            "checks": [check.id for check in one.checks],
            "context": [view for view in values.get(one.id, ()) if unit is None or view["unit"] in (None, unit)],
        }
        for one in catalogue.systems
    ]
    return answer(request, {"version": catalogue.version, "troubles": list(troubles), "systems": views})


@router.put("/context", response_model=shapes.ContextTaken, dependencies=[Depends(permission("imports.write"))])
def tell(request: Request, asked: shapes.ContextRequest) -> Response:
    """Take values of systems that nobody can ask: all or none; what is older than what is known is passed over."""
    deps: Deps = request.app.state.deps
    catalogue, now, who = effective(deps.store), deps.now_ms(), principal_of(request).name
    units = {one.unit for one in asked.values}
    _refuse_elsewhere(deps, request, units)
    values = [_value(catalogue, one, now, who) for one in asked.values]
    told = ", ".join(sorted({one.system for one in values}))
    new = stored.take(deps.store, values, act(request, "context.tell", "systems", values=len(values), systems=told))
    if new is None:
        raise HTTPException(422, f"more than {stored.MOST} values are known already; name parts that stay the same")
    return JSONResponse({"taken": new, "known_already": len(values) - new}, headers={"Cache-Control": "no-store"})


def context_views(deps: Deps, catalogue: Catalogue, territory: Territory) -> Mapping[str, list[dict[str, object]]]:
    """Return what was told of each system, for a territory, with what it says now."""
    sources = {one.id: one.source for one in catalogue.systems}
    work, now = WorkTime(deps.live.current().calendars), deps.now_ms()
    found: dict[str, list[dict[str, object]]] = {}
    for value in stored.known(deps.store, territory):
        kind = KINDS.get(sources[value.system], {}).get(value.name) if value.system in sources else None
        if kind is None:
            continue  # the catalogue knows the system otherwise by now

        def worked(start: int, end: int, unit: str = value.unit) -> int | None:
            return work.worked(unit, start, end) if unit and work.knows(unit) else None

        says = standing(kind, value, now, worked)
        found.setdefault(value.system, []).append(
            {
                "name": value.name,
                "unit": value.unit or None,
                "part": value.part or None,
                "number": value.number,
                "word": value.word,
                "at": iso(value.at),
                "age_seconds": max(0, now - value.at) // 1000,
                "state": says.value,
                "told_by": value.told_by,
            }
        )
    return found


def _refuse_elsewhere(deps: Deps, request: Request, units: set[str | None]) -> None:
    """Answer 403 where somebody tells of what is not in their territory: the whole province is a province's."""
    territory, scope = request_territory(request), request_scope(request)
    known = deps.live.current().units
    for unit in units:
        if unit is None and not scope.is_wide:
            raise HTTPException(403, "only a province tells of all its units: name a unit")
        if unit is not None and (
            not known.history(unit) or (territory.units is not None and unit not in territory.units)
        ):
            raise HTTPException(403, f"unit {unit!r} is not in your territory")


def _value(catalogue: Catalogue, told: shapes.ContextValueRequest, now: int, who: str) -> Value:
    """Return a value as it is kept; answers 422 for one that its system does not have."""
    source = next((one.source for one in catalogue.systems if one.id == told.system), None)
    kinds = {} if source is None else KINDS.get(source, {})
    kind = kinds.get(told.name)
    if kind is None:
        names = ", ".join(kinds) or "no value is told of it"
        raise HTTPException(422, f"system {told.system!r} has no value {told.name!r}: {names}")
    at = now if told.at is None else min(told.at, now)
    why = refused(kind, told.number, told.word, now)
    if why is not None:
        raise HTTPException(422, f"{told.system} {told.name}: {why}")
    return Value(
        system=told.system,
        name=told.name,
        unit=told.unit or "",
        part=told.part,
        number=told.number,
        word=told.word,
        at=at,
        received_at=now,
        told_by=who,
    )
