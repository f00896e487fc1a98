"""Show assets: what they are, how they do, and their samples."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from starlette.responses import Response

from machxa_collector.api import shapes
from machxa_collector.api.access import permission, principal_of, request_territory
from machxa_collector.api.answers import MOST_PER_PAGE, answer, cursor_of, key_of, ms_of
from machxa_collector.api.book_views import book_view
from machxa_collector.api.deps import Deps
from machxa_collector.api.units import today
from machxa_collector.api.views import asset_views, curve_view, disk_views, newest_view
from machxa_collector.registry.filling import MOST_DAYS
from machxa_collector.registry.people import Permission
from machxa_collector.store import asset_list, devices, samples
from machxa_collector.store.asset_list import AssetRow, Wanted
from machxa_collector.store.asset_samples import read_asset

router = APIRouter(prefix="/api/v1")
_reads = Depends(permission("assets.read"))

_HOUR_MS = 3_600_000
_DAY_MS = 24 * _HOUR_MS


class Step(Enum):
    """Name a resolution."""

    RAW = "raw"
    FIVE_MINUTES = "5m"
    HOUR = "1h"


_MOST_DAYS = {Step.RAW: 8, Step.FIVE_MINUTES: 100}  # in one answer; hours are few however long they are kept
_SECONDS = {Step.RAW: samples.RAW, Step.FIVE_MINUTES: 300, Step.HOUR: 3600}


def wanted_of(
    unit: Annotated[str | None, Query(max_length=10)] = None,
    status: Annotated[str | None, Query(max_length=10)] = None,
    kind: Annotated[str | None, Query(max_length=40)] = None,
    owner: Annotated[str | None, Query(max_length=10)] = None,
    budget: Annotated[str | None, Query(max_length=200)] = None,
    q: Annotated[str, Query(max_length=100)] = "",
) -> Wanted:
    """Return which assets an address asks for."""
    return Wanted(unit=unit, status=status, kind=kind, owner=owner, budget=budget, text=q)


@router.get("/assets", response_model=shapes.AssetPage, dependencies=[_reads])
def assets(
    request: Request,
    wanted: Annotated[Wanted, Depends(wanted_of)],
    cursor: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=MOST_PER_PAGE)] = 100,
) -> Response:
    """List assets in the order of their ids, each device once; q: words of what identifies or describes it."""
    deps: Deps = request.app.state.deps
    after = str(key_of(cursor, (str,))[0]) if cursor else ""
    rows = asset_list.list_assets(deps.store, after, limit, request_territory(request), wanted)
    now_ms = deps.now_ms()
    following = cursor_of([rows[-1].id]) if len(rows) == limit else None
    views = asset_views(deps.store, rows, now_ms)
    books = [_book(request, deps, row) for row in rows]
    return answer(
        request, {"assets": [{**one, "book": book} for one, book in zip(views, books, strict=True)], "next": following}
    )


@router.get("/assets/{asset_id}", response_model=shapes.AssetDetail, dependencies=[_reads])
def asset(request: Request, asset_id: str) -> Response:
    """Give one asset with its facts and newest readings; for a merged one, what it was merged into."""
    deps: Deps = request.app.state.deps
    row = asset_list.one_asset(deps.store, asset_id, request_territory(request))
    if row is None:
        raise HTTPException(404, "no such asset")
    view = {
        **asset_views(deps.store, [row], deps.now_ms())[0],
        "merged_from": row.merged_from,
        "book": _book(request, deps, row),
        **newest_view(deps.store, row),
    }
    return answer(request, view)


@router.get("/assets/{asset_id}/samples", response_model=shapes.Samples, dependencies=[_reads])
def asset_samples(
    request: Request,
    asset_id: str,
    name: Annotated[str, Query(max_length=100)],
    since: Annotated[datetime | None, Query(alias="from")] = None,
    until: Annotated[datetime | None, Query(alias="to")] = None,
    step: Step = Step.RAW,
) -> Response:
    """Give one metric's points; the last hour unless told."""
    deps: Deps = request.app.state.deps
    row = asset_list.one_asset(deps.store, asset_id, request_territory(request))
    if row is None or (row.agent_pk is None and not devices.watching(deps.store, row.id)):
        raise HTTPException(404, "no such asset, or none that measures")
    end = ms_of(until) if until else deps.now_ms() + 1
    start = ms_of(since) if since else end - _HOUR_MS
    if start > end:
        raise HTTPException(400, "from is later than to")
    most = _MOST_DAYS.get(step)
    if most is not None and end - start > most * _DAY_MS:
        raise HTTPException(
            400, f"step={step.value} is given for at most {most} days at once; ask for less, or coarser"
        )
    curves = read_asset(deps.store, row.id, name, (start, end), _SECONDS[step])
    return answer(request, {"name": name, "step": step.value, "series": [curve_view(curve) for curve in curves]})


@router.get("/assets/{asset_id}/disks", response_model=shapes.Disks, dependencies=[_reads])
def asset_disks(request: Request, asset_id: str) -> Response:
    """Give an asset's file systems: what is left, and in how many days each is full at its pace."""
    deps: Deps = request.app.state.deps
    row = asset_list.one_asset(deps.store, asset_id, request_territory(request))
    if row is None or row.agent_pk is None:
        raise HTTPException(404, "no such asset, or none that measures")
    now_ms = deps.now_ms()
    span = (now_ms - MOST_DAYS * _DAY_MS, now_ms + 1)
    curves = read_asset(deps.store, row.id, "system.filesystem.usage", span, _SECONDS[Step.HOUR])
    return answer(request, {"disks": disk_views(curves, now_ms)})


def _book(request: Request, deps: Deps, row: AssetRow) -> dict[str, object]:
    return book_view(row, today(deps), with_costs=principal_of(request).may(Permission.COSTS_READ))
