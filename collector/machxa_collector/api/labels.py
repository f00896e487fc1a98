"""Give what a label of an asset says, and tell which asset a label's code names."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from machxa_collector.api.access import permission
from machxa_collector.api.answers import answer, cursor_of, key_of
from machxa_collector.api.deps import Deps
from machxa_collector.api.record_texts import title_of
from machxa_collector.api.registry import Cursor, Text, asker_of
from machxa_collector.api.registry_views import unit_name
from machxa_collector.api.shapes import Cursor as NextCursor
from machxa_collector.registry.inventory.stocktake import LABEL, code_of
from machxa_collector.registry.people import Permission
from machxa_collector.registry.people.territory import territory_of
from machxa_collector.registry.records import KINDS
from machxa_collector.registry.records.asset_kind import GONE
from machxa_collector.store import records_read, stocktakes
from machxa_collector.store.record_rows import Stored
from machxa_collector.store.registry import Snapshot

router = APIRouter(prefix="/api/v1")
MOST_LABELS = 240  # ten sheets of 24
_reads = Depends(permission("assets.read"))
_ASSETS = KINDS["assets"]
_UNLABELLED = GONE | {"draft"}


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class LabelShape(_Shape):
    """Hold what a label says. address is all that its QR code holds: where this centre tells of the asset."""

    asset: str
    code: str | None
    name: str
    unit: str | None
    address: str


class LabelPage(_Shape):
    """Hold labels, on each page in the order of their units and codes."""

    labels: list[LabelShape]
    next: NextCursor


class OpenShape(_Shape):
    """Name a stock-take in which the asset can be counted."""

    id: str
    unit: str | None


class NamedShape(LabelShape):
    """Hold the asset that a label names, and the open stock-takes of the territory of who asks, if they may count."""

    status: str
    location: str | None
    open: list[OpenShape]


@router.get("/labels", response_model=LabelPage, dependencies=[_reads])
def labels(
    request: Request,
    asset: Annotated[list[str] | None, Query(max_length=MOST_LABELS)] = None,
    unit: Text = "",
    q: Text = "",
    cursor: Cursor = "",
) -> Response:
    """List labels: of these assets, or of those of a unit that are confirmed and not gone, up to 240 at once."""
    deps: Deps = request.app.state.deps
    asker, now = asker_of(request), deps.live.current()
    if asset:
        found = records_read.get_many(deps.store, _ASSETS, {one[:36] for one in asset})
        listed = [found[one] for one in asset if one in found]
        chosen = [one for one in listed if asker.sees(now.units, _ASSETS, one.record["unit"])]
        return answer(request, {"labels": [_label(request, now, one) for one in chosen], "next": None})
    key = key_of(cursor, (str, str)) if cursor else None
    after = None if key is None else (str(key[0]), str(key[1]))
    page = records_read.page(deps.store, _ASSETS, asker.chosen(now.units, _ASSETS, unit.strip(), q), after, MOST_LABELS)
    following = cursor_of(list(records_read.key_of(_ASSETS, page[-1]))) if len(page) == MOST_LABELS else None
    shown = [one for one in page if one.record["status"] not in _UNLABELLED]
    ordered = sorted(shown, key=lambda one: (str(one.record["unit"]), str(one.record["code"] or "~"), one.id))
    return answer(request, {"labels": [_label(request, now, one) for one in ordered], "next": following})


@router.get("/label", response_model=NamedShape, dependencies=[_reads])
def named(request: Request, code: Annotated[str, Query(min_length=1, max_length=500)]) -> Response:
    """Tell which asset a label's code names; 404 for none, and for several of one code in one's territory."""
    deps: Deps = request.app.state.deps
    asker, now = asker_of(request), deps.live.current()
    found = records_read.get_many(deps.store, _ASSETS, set(deps.live.known().assets(code_of(code))))
    seen = [one for one in found.values() if asker.sees(now.units, _ASSETS, one.record["unit"])]
    if len(seen) != 1:
        raise HTTPException(404, "no asset of this code" if not seen else "several assets of this code")
    territory = territory_of(asker.principal.scope, now.units)
    counts = asker.principal.may(Permission.STOCKTAKES_WRITE)
    running = stocktakes.open_in(deps.store, territory) if counts else ()
    view = {
        **_label(request, now, seen[0]),
        "status": seen[0].record["status"],
        "location": seen[0].record["location"],
        "open": [{"id": one.id, "unit": _unit(now, one.unit)} for one in running],
    }
    return answer(request, view)


def _label(request: Request, now: Snapshot, one: Stored) -> dict[str, object]:
    code = one.record["code"]
    base = str(request.base_url).rstrip("/")
    return {
        "asset": one.id,
        "code": code,
        "name": title_of(_ASSETS, one),
        "unit": _unit(now, one.record["unit"]),
        "address": f"{base}{LABEL}{quote(str(code or one.id), safe='')}",
    }


def _unit(now: Snapshot, code: object) -> str | None:
    told = unit_name(now, None if code is None else str(code))
    return None if told is None else str(told["full_name"])
