"""Take quotations and photographs that stand behind prices and assets, and give them to who may see costs."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from machxa_collector.api import planning_shapes as shapes
from machxa_collector.api.access import permission, refuse_for_some, request_territory
from machxa_collector.api.acts import act
from machxa_collector.api.answers import answer, iso
from machxa_collector.api.deps import Deps
from machxa_collector.planning.words import Action, Item
from machxa_collector.registry.attachments import BadAttachment, attachment
from machxa_collector.store import planning_attached as stored

router = APIRouter(prefix="/api/v1")
_costs, _writes = Depends(permission("costs.read")), Depends(permission("assets.write"))
_ASSET = re.compile(r"asset:([0-9A-Za-z_-]{1,64})", re.ASCII)
_PRICES = frozenset(f"price:{item.value}:{action.value}" for item in Item for action in Action)
_NO_SUBJECT = "no such asset, or it stands in no unit; a price is price:ITEM:ACTION"

Subject = Annotated[str, Query(min_length=1, max_length=80)]

_Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("/planning/files", response_model=shapes.AttachedList, dependencies=[_costs])
def files(request: Request, subject: Subject) -> Response:
    """List the files behind asset:ID or price:ITEM:ACTION."""
    deps: Deps = request.app.state.deps
    found = stored.of(deps.store, request_territory(request), [subject])
    return answer(request, {"files": [file_view(one) for one in found]})


@router.post("/planning/files", response_model=shapes.Attached, status_code=201, dependencies=[_writes])
async def attach(
    request: Request, subject: Subject, name: Annotated[str, Query(min_length=1, max_length=200)]
) -> Response:
    """Keep a quotation or photograph: PDF, JPEG or PNG as the body, 6 MB at most, 12 for a subject.

    What it is its bytes say. Pictures lose place, time and owner; the hash is of what is kept. The same file again is
    the one that is there. Behind a price only who sees the whole province keeps any.
    """
    content = await request.body()
    return await run_in_threadpool(kept, request, subject, name, content)


@router.get("/planning/files/{number}", response_class=Response, dependencies=[_costs])
def file(request: Request, number: _Number) -> Response:
    """Give a file as a download."""
    deps: Deps = request.app.state.deps
    found = stored.content(deps.store, request_territory(request), number)
    if found is None:
        raise HTTPException(404, "no such file")
    about, content = found
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": f'attachment; filename="{about.sha256[:12]}{_ending(about.name)}"',
    }
    return Response(content, media_type=about.media_type, headers=headers)


@router.delete("/planning/files/{number}", status_code=204, response_class=Response, dependencies=[_writes])
def take_away(request: Request, number: _Number) -> Response:
    """Take a file away from where it stands; its bytes stay for who audits."""
    deps: Deps = request.app.state.deps
    territory = request_territory(request)
    found = stored.content(deps.store, territory, number)
    if found is not None and found[0].subject.startswith("price:"):
        refuse_for_some(request)
    entry = act(request, "planning.unattach", f"planning/files/{number}")
    if not stored.take_away(deps.store, territory, number, entry):
        raise HTTPException(404, "no such file")
    return Response(status_code=204, headers={"Cache-Control": "no-store"})


def kept(request: Request, subject: str, name: str, content: bytes) -> Response:
    """Keep a file as the route does; answers 404, 409 and 415."""
    deps: Deps = request.app.state.deps
    unit = _unit(request, deps, subject)
    try:
        file = attachment(name, content)
    except BadAttachment as exc:
        raise HTTPException(415, f"the file cannot be kept: {exc}") from exc
    entry = act(request, "planning.attach", subject, name=file.name, sha256=file.sha256, bytes=len(file.content))
    try:
        number = stored.keep(deps.store, subject, unit, file, entry)
    except stored.Full:
        raise HTTPException(409, f"it has {stored.MOST} files already: take one away first") from None
    about = {"number": number, "subject": subject, "name": file.name, "media_type": file.media_type}
    view = {**about, "sha256": file.sha256, "size": len(file.content), "added_at": iso(entry.at)}
    return JSONResponse({**view, "added_by": entry.actor}, 201, headers={"Cache-Control": "no-store"})


def file_view(one: stored.Kept) -> dict[str, object]:
    """Return what is told of a file."""
    view = {"number": one.pk, "subject": one.subject, "name": one.name, "media_type": one.media_type}
    return {**view, "sha256": one.sha256, "size": one.size, "added_at": iso(one.added_at), "added_by": one.added_by}


def _unit(request: Request, deps: Deps, subject: str) -> str | None:
    if subject in _PRICES:
        refuse_for_some(request)
        return None
    asset = _ASSET.fullmatch(subject)
    unit = None if asset is None else stored.unit_of(deps.store, request_territory(request), asset[1])
    if unit is None:
        raise HTTPException(404, _NO_SUBJECT)
    return unit


def _ending(name: str) -> str:
    return f".{name.rpartition('.')[2]}"
