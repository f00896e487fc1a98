"""Count what stands in a unit: open a stock-take, scan, close it, and make its proposals an act."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Request
from starlette.responses import Response

from machxa_collector.api import stocktake_shapes as shapes
from machxa_collector.api import stocktake_views as views
from machxa_collector.api.access import permission
from machxa_collector.api.deps import Deps
from machxa_collector.api.record_texts import View
from machxa_collector.api.registry import Cursor, Limit, Text, asker_of, told
from machxa_collector.api.registry_asker import Asker
from machxa_collector.store.registry import LiveRegistry
from machxa_collector.store.stocktakes import NotOpen, TooMany

router = APIRouter(prefix="/api/v1")
_reads, _applies = Depends(permission("assets.read")), Depends(permission("assets.write"))
_counts = Depends(permission("stocktakes.write"))
_View = Callable[[LiveRegistry, Asker], View]
Pk = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("/stocktakes", response_model=shapes.StocktakePage, dependencies=[_reads])
def stocktakes(request: Request, unit: Text = "", cursor: Cursor = "", limit: Limit = 50) -> Response:
    """List stock-takes, newest first."""
    return _answered(request, lambda live, asker: views.page(live, asker, unit.strip(), cursor, limit))


@router.post("/stocktakes", response_model=shapes.Opened, status_code=201, dependencies=[_counts])
def open_one(request: Request, asked: shapes.OpenRequest) -> Response:
    """Open a stock-take; 409 when one is open in the unit."""
    return _answered(request, lambda live, asker: views.opened(live, asker, asked.unit, asked.note.strip()), 201)


@router.get("/stocktakes/{stocktake}", response_model=shapes.StocktakeDetail, dependencies=[_reads])
def one(request: Request, stocktake: str) -> Response:
    """Give a stock-take: what is expected, what was scanned, and once it is closed what would change."""
    return _answered(request, lambda live, asker: views.detail(live, asker, stocktake))


@router.post("/stocktakes/{stocktake}/marks", response_model=shapes.Marked, dependencies=[_counts])
def mark(request: Request, stocktake: str, asked: shapes.MarkRequest) -> Response:
    """Keep what was scanned or typed, and say what it is; scanned again, it says the newest. 409 once closed."""
    return _answered(
        request,
        lambda live, asker: views.marked(live, asker, stocktake, asked.code, asked.room, damaged=asked.damaged),
    )


@router.delete("/stocktakes/{stocktake}/marks/{pk}", response_model=shapes.StocktakeDetail, dependencies=[_counts])
def unmark(request: Request, stocktake: str, pk: Pk) -> Response:
    """Forget a mark."""
    return _answered(request, lambda live, asker: views.unmarked(live, asker, stocktake, pk))


@router.post("/stocktakes/{stocktake}/close", response_model=shapes.StocktakeDetail, dependencies=[_counts])
def close(request: Request, stocktake: str) -> Response:
    """Close a stock-take: what differs from the books becomes proposals, nothing is changed."""
    return _answered(request, lambda live, asker: views.closed(live, asker, stocktake))


@router.post("/stocktakes/{stocktake}/apply", response_model=shapes.Applied, dependencies=[_applies])
def apply(request: Request, stocktake: str, asked: shapes.ApplyRequest) -> Response:
    """Make chosen proposals one act; 409 names the assets that have changed since it was closed."""
    return _answered(request, lambda live, asker: views.applied(live, asker, stocktake, asked.assets))


def _answered(request: Request, view: _View, status: int = 200) -> Response:
    deps: Deps = request.app.state.deps
    asker = asker_of(request)
    try:
        return told(request, "assets", lambda: view(deps.live, asker), status)
    except NotOpen as exc:
        raise HTTPException(409, str(exc)) from exc
    except TooMany as exc:
        raise HTTPException(422, str(exc)) from exc
