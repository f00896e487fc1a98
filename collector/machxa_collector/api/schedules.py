"""Let people have reports come by themselves: their own, and by who may set it, those of others and of groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Request
from starlette.responses import JSONResponse, Response

from machxa_collector.api import schedule_shapes as shapes
from machxa_collector.api.access import permission, principal_of, request_scope
from machxa_collector.api.acts import act
from machxa_collector.api.answers import answer
from machxa_collector.api.deps import Deps
from machxa_collector.api.impact import unit_of
from machxa_collector.api.notifications import own_name, recipient_of
from machxa_collector.api.schedule_views import preview_view, run_view, schedule_views
from machxa_collector.effects.outages import moment
from machxa_collector.notify.periods import before
from machxa_collector.notify.reaching import aliases, recipients
from machxa_collector.notify.report_making import EVERY, NoReport
from machxa_collector.notify.wishes import minute_of
from machxa_collector.registry.people import Permission
from machxa_collector.registry.people.territory import province_of
from machxa_collector.registry.units import Kind
from machxa_collector.store import outbox
from machxa_collector.store import schedules as stored
from machxa_collector.store.acting import acting
from machxa_collector.store.schedules import Schedule

router = APIRouter(prefix="/api/v1/notifications/schedules")
_own = Depends(permission("account.own"))
_Pk = Annotated[int, Path(ge=1, le=2**31 - 1)]
_PRIVATE = {"Cache-Control": "no-store"}
_MOST_RUNS = 24


@router.get("", response_model=shapes.ScheduleList, dependencies=[_own])
def listed(request: Request, everyone: bool = False) -> Response:  # noqa: FBT001, FBT002 - a query parameter
    """List one's own reports; with everyone, all of one's territory, for who may read settings."""
    deps: Deps = request.app.state.deps
    if everyone and not principal_of(request).may(Permission.SETTINGS_READ):
        raise HTTPException(403, "who else gets reports is for those who may read settings")
    found = stored.every(deps.store, None if everyone else recipient_of(request))
    shown = [one for one in found if _covers(request, one.unit)] if everyone else found
    return answer(request, {"schedules": schedule_views(request, shown)})


@router.post("", response_model=shapes.ScheduleShape, status_code=201, dependencies=[_own])
def add(request: Request, asked: shapes.ScheduleRequest) -> Response:
    """Let a report come from the next period on."""
    deps: Deps = request.app.state.deps
    code = unit_of(request, asked.unit)
    recipient = _asked_for(request, asked.recipient, code)
    is_province = deps.live.current().units.history(code)[0].kind is Kind.PROVINCE
    if asked.kind == "brief" and not is_province:
        raise HTTPException(422, "a brief is of a province: unit is its code, such as 86")
    _refuse_too_many(deps, recipient, asked.kind, code)
    now = deps.now_ms()
    new = Schedule(
        pk=0,
        recipient=recipient,
        kind=asked.kind,
        unit=code,
        minute=minute_of(asked.at),
        attach=asked.attach,
        paused=False,
        since=now,
        made_at=now,
        made_by=principal_of(request).name,
    )
    entry = act(request, "schedule.add", f"schedules/{recipient}", kind=asked.kind, unit=code, at=asked.at)
    with acting(deps.store, entry) as connection:
        pk = stored.add(connection, new)
    return JSONResponse(schedule_views(request, [replace(new, pk=pk)])[0], 201, headers=_PRIVATE)


@router.put("/{pk}/paused", response_model=shapes.ScheduleShape, dependencies=[_own])
def pause(request: Request, pk: _Pk, asked: shapes.PausedRequest) -> Response:
    """Hold a report, or let it go on with what becomes due from now on."""
    deps: Deps = request.app.state.deps
    known, now = _known(request, pk), deps.now_ms()
    with acting(deps.store, act(request, "schedule.pause", f"schedules/{pk}", paused=asked.paused)) as connection:
        stored.pause(connection, pk, now, paused=asked.paused)
    return JSONResponse(schedule_views(request, [replace(known, paused=asked.paused)])[0], headers=_PRIVATE)


@router.delete("/{pk}", status_code=204, dependencies=[_own])
def remove(request: Request, pk: _Pk) -> Response:
    """Stop a report; what was sent stays."""
    deps: Deps = request.app.state.deps
    known = _known(request, pk)
    entry = act(request, "schedule.remove", f"schedules/{pk}", kind=known.kind, unit=known.unit, to=known.recipient)
    with acting(deps.store, entry) as connection:
        stored.remove(connection, pk)
    return Response(status_code=204)


@router.get("/{pk}/runs", response_model=shapes.RunList, dependencies=[_own])
def runs(request: Request, pk: _Pk) -> Response:
    """Say what became of the newest periods."""
    deps: Deps = request.app.state.deps
    _known(request, pk)
    return answer(request, {"runs": [run_view(one) for one in stored.last(deps.store, pk, _MOST_RUNS)]})


@router.post("/{pk}/again", response_model=shapes.RunList, dependencies=[_own])
def again(request: Request, pk: _Pk) -> Response:
    """Try the newest period anew that failed: to make it, or to send it."""
    deps: Deps = request.app.state.deps
    _known(request, pk)
    found, now = stored.last(deps.store, pk, 1), deps.now_ms()
    if not found or not (found[0].state == stored.FAILED or found[0].sent == outbox.FAILED):
        raise HTTPException(409, "nothing of this failed for good")
    with acting(deps.store, act(request, "schedule.again", f"schedules/{pk}", period=found[0].period)) as connection:
        if found[0].message is not None:
            outbox.again(connection, found[0].message, now)
        else:
            stored.put(connection, replace(found[0], state=stored.WAITING, tries=0, next_at=now, error=None))
    return JSONResponse({"runs": [run_view(one) for one in stored.last(deps.store, pk, _MOST_RUNS)]}, headers=_PRIVATE)


@router.get("/{pk}/preview", response_model=shapes.PreviewShape, dependencies=[_own])
def preview(request: Request, pk: _Pk) -> Response:
    """Show the message as it would go now."""
    deps: Deps = request.app.state.deps
    known = _known(request, pk)
    reached = {one.id: one for one in recipients(deps.store, deps.live.current().units)}
    first = before(EVERY[known.kind], deps.facts.today())
    try:
        body = preview_view(deps, known, reached.get(known.recipient), first, moment(deps.now_ms()))
    except NoReport as exc:
        raise HTTPException(409, f"there is nothing to show: {exc}") from exc
    return JSONResponse(body, headers=_PRIVATE)


def _asked_for(request: Request, asked: str | None, unit: str) -> str:
    """Return who is to get it; answers 403 for others by who may not set that, 422 for nobody who sees the unit."""
    own = None if asked else recipient_of(request)
    if own is not None:
        return own
    deps: Deps = request.app.state.deps
    if not principal_of(request).may(Permission.SETTINGS_WRITE):
        raise HTTPException(403, "what others get is for those who may change settings")
    named: Mapping[str, str] = aliases(deps.store)
    there = {one.id: one.territory.units for one in recipients(deps.store, deps.live.current().units)}
    who = named.get(str(asked), str(asked))
    if who not in there:
        raise HTTPException(422, "recipient: person/LOGIN of somebody here, or channel/ID of one with rules of its own")
    seen = there[who]
    if seen is not None and unit not in seen:
        raise HTTPException(422, "recipient: who is to get it may not see this unit")
    return who


def _refuse_too_many(deps: Deps, recipient: str, kind: str, unit: str) -> None:
    if stored.is_there(deps.store, recipient, kind, unit):
        raise HTTPException(409, "this report comes already")
    count = stored.count(deps.store)
    if count.get(recipient, 0) >= stored.MOST_OWN or sum(count.values()) >= stored.MOST:
        raise HTTPException(409, f"there are {stored.MOST_OWN} reports already, or {stored.MOST} of everyone")


def _known(request: Request, pk: int) -> Schedule:
    """Return a schedule of one's own, or of one's territory by who may change settings; answers 404 else."""
    deps: Deps = request.app.state.deps
    found = stored.one(deps.store, pk)
    if found is not None and found.recipient == own_name(request):
        return found
    may = principal_of(request).may(Permission.SETTINGS_WRITE)
    if found is None or not may or not _covers(request, found.unit):
        raise HTTPException(404, "no such report of yours")
    return found


def _covers(request: Request, unit: str) -> bool:
    deps: Deps = request.app.state.deps
    return request_scope(request).covers(unit, province_of(deps.live.current().units, unit))
