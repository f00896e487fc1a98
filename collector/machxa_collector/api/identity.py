"""Show how an asset is known, and let people merge, split, move and decide."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request
from starlette.responses import Response

from machxa_collector.api import identity_shapes as shapes
from machxa_collector.api.access import permission, request_territory
from machxa_collector.api.acts import act
from machxa_collector.api.answers import MOST_PER_PAGE, answer, cursor_of, key_of, ms_of
from machxa_collector.api.deps import Deps
from machxa_collector.api.identity_views import finding_view, identity_view
from machxa_collector.api.seen import seen_asset
from machxa_collector.store import asset_list, identity_acts, identity_read, moves
from machxa_collector.store.identity_acts import CannotMerge, Decided
from machxa_collector.store.moves import CannotMove

Pk = Annotated[int, Path(ge=1, le=2**63 - 1)]  # a database's whole number

router = APIRouter(prefix="/api/v1")
_reads, _writes = Depends(permission("assets.read")), Depends(permission("assets.write"))
_Done = TypeVar("_Done")


@router.get("/assets/{asset_id}/identity", response_model=shapes.IdentityShape, dependencies=[_reads])
def identity(request: Request, asset_id: str) -> Response:
    """Say which device an asset is: its marks, agents, merges, places and findings."""
    deps: Deps = request.app.state.deps
    row = seen_asset(request, asset_id)
    if row is None:
        raise HTTPException(404, "no such asset")
    stands = row.id
    known, names, agents = identity_read.identity_of(deps.store, stands)
    return answer(request, identity_view(stands, known, _seen_names(request, names), agents))


@router.get("/identity-findings", response_model=shapes.FindingPage, dependencies=[_reads])
def findings(
    request: Request,
    is_open: Annotated[bool | None, Query(alias="open")] = None,
    cursor: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=MOST_PER_PAGE)] = 100,
) -> Response:
    """List what the vote on identities found; a page may be short where others' territory lies between."""
    deps: Deps = request.app.state.deps
    last = key_of(cursor, (int,))[0] if cursor else 0
    after = last if isinstance(last, int) else 0
    found, names, agents = identity_read.list_findings(deps.store, is_open=is_open, after=after, most=limit)
    seen = _seen_names(request, names)
    views = [finding_view(one, seen, agents) for one in found if seen.keys() & {one.asset, one.about}]
    following = cursor_of([found[-1].pk]) if len(found) == limit else None
    return answer(request, {"findings": views, "next": following})


@router.post("/identity-findings/{pk}/decide", response_model=shapes.DecidedShape, dependencies=[_writes])
def decide(request: Request, pk: Pk, asked: shapes.DecideRequest) -> Response:
    """Settle an open finding: one device, two for good, or over for now."""
    deps: Deps = request.app.state.deps
    finding = identity_read.one_finding(deps.store, pk)
    if finding is None:
        raise HTTPException(404, "no such finding")
    for named in (finding.asset, finding.about or finding.asset):
        _seen(request, named)
    entry = act(request, "identity.decide", f"asset/{finding.asset}", finding=pk, decision=asked.decision)
    _done(lambda: identity_acts.decide(deps.store, entry, pk, Decided(asked.decision)))
    return answer(request, {"finding": pk})


@router.post("/assets/{asset_id}/merge", response_model=shapes.Merged, dependencies=[_writes])
def merge(request: Request, asset_id: str, asked: shapes.MergeRequest) -> Response:
    """Let this asset absorb another record of the same device; nothing is lost, and it can be undone."""
    deps: Deps = request.app.state.deps
    kept, absorbed = _seen(request, asset_id), _seen(request, asked.absorb)
    entry = act(request, "asset.merge", f"asset/{kept}", absorbed=absorbed)
    pk = _done(lambda: identity_acts.merge_assets(deps.store, entry, kept, absorbed))
    return answer(request, {"merge": pk, "kept": kept, "absorbed": absorbed})


@router.post("/merges/{pk}/undo", response_model=shapes.Merged, dependencies=[_writes])
def undo(request: Request, pk: Pk) -> Response:
    """Take a merge back: the absorbed asset is shown again, with the agents it had."""
    deps: Deps = request.app.state.deps
    found = identity_read.one_merge(deps.store, pk)
    if found is None:
        raise HTTPException(404, "no such merge")
    _seen(request, found.kept)
    entry = act(request, "asset.unmerge", f"asset/{found.kept}", absorbed=found.absorbed)
    kept, absorbed = _done(lambda: identity_acts.undo_merge(deps.store, entry, pk))
    return answer(request, {"merge": pk, "kept": kept, "absorbed": absorbed})


@router.post("/assets/{asset_id}/split", response_model=shapes.Split, dependencies=[_writes])
def split(request: Request, asset_id: str, asked: shapes.SplitRequest) -> Response:
    """Give one of the asset's agents a record of its own again."""
    deps: Deps = request.app.state.deps
    stands = _seen(request, asset_id)
    entry = act(request, "asset.split", f"asset/{stands}", agent=asked.agent)
    parted = _done(lambda: identity_acts.split_asset(deps.store, entry, stands, asked.agent))
    return answer(request, {"asset": parted})


@router.post("/assets/{asset_id}/move", response_model=shapes.Moved, dependencies=[_writes])
def move(request: Request, asset_id: str, asked: shapes.MoveRequest) -> Response:
    """Say that an asset stands in another unit, from now on or since a past time; what it told stays with it."""
    deps: Deps = request.app.state.deps
    stands, unit = _seen(request, asset_id), asked.unit
    territory = request_territory(request)
    if not deps.live.current().units.history(unit) or (territory.units is not None and unit not in territory.units):
        raise HTTPException(422, "unit is the code of no unit in your territory")
    at = deps.now_ms() if asked.at is None else ms_of(asked.at)
    entry = act(request, "asset.move", f"asset/{stands}", unit=unit)
    batch = _done(lambda: moves.move_asset(deps.store, entry, stands, unit, at, asked.note))
    return answer(request, {"batch": batch})


def _seen(request: Request, asset_id: str) -> str:
    """Return the record that stands for an asset; answers 404 outside the territory of who asks."""
    deps: Deps = request.app.state.deps
    row = asset_list.one_asset(deps.store, asset_id, request_territory(request))
    if row is None:
        raise HTTPException(404, "no such asset")
    return row.id


def _seen_names(request: Request, names: Mapping[str, str]) -> dict[str, str]:
    """Return the names of those assets that lie in the territory of who asks."""
    deps: Deps = request.app.state.deps
    territory = request_territory(request)
    return {one: name for one, name in names.items() if asset_list.one_asset(deps.store, one, territory) is not None}


def _done(work: Callable[[], _Done]) -> _Done:
    try:
        return work()
    except (CannotMerge, CannotMove) as exc:
        raise HTTPException(409, str(exc)) from exc
