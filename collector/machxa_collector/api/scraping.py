"""Tell Prometheus what to scrape, and give what devices said last: of one device, or of all in a unit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import Enum
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel
from starlette.responses import PlainTextResponse, Response

from machxa_collector.api.access import permission, request_territory
from machxa_collector.api.answers import answer
from machxa_collector.api.deps import Deps
from machxa_collector.api.registry_asker import within
from machxa_collector.api.units import today
from machxa_collector.registry.people.territory import Territory
from machxa_collector.registry.units import Units
from machxa_collector.sinks.exposition import exposition
from machxa_collector.store import scraped, settings
from machxa_collector.store.scraped import Measuring
from machxa_collector.store.unit_presence import units_with_agents

router = APIRouter()
_reads = Depends(permission("metrics.read"))
MOST_TARGETS = 5_000
MOST_OF_UNIT = 500
_LEAST_FRESH_SECONDS = 900
_Id = Annotated[str, Query(min_length=1, max_length=40)]


class By(Enum):
    """Name what one target is."""

    UNIT = "unit"
    DEVICE = "device"


class TargetGroup(BaseModel):
    """Hold one target as Prometheus' HTTP service discovery takes it."""

    targets: list[str]
    labels: dict[str, str]


@router.get("/api/v1/prometheus/sd", response_model=list[TargetGroup], dependencies=[_reads])
def discovery(request: Request, by: By = By.UNIT, unit: Annotated[str | None, Query(max_length=10)] = None) -> Response:
    """List what to scrape, a target for each unit with agents or for each device, of one unit or province where told.

    Labels that begin with ``__meta_machxa_`` are for relabelling; instance is the unit's code or the asset's id.
    """
    deps: Deps = request.app.state.deps
    units = deps.live.current().units
    territory = request_territory(request)
    asked = None if unit is None else within(units, unit)
    if by is By.UNIT:
        found = sorted(units_with_agents(deps.store) & _held(territory, asked, units))
        return answer(request, [_group(request, "unit", code, _of_unit(units, code, today(deps))) for code in found])
    narrowed = territory if asked is None else Territory(units=_held(territory, asked, units), with_nowhere=False)
    shown = scraped.measuring(deps.store, narrowed, MOST_TARGETS + 1)
    if len(shown) > MOST_TARGETS:
        raise HTTPException(422, f"there are more than {MOST_TARGETS} devices: ask with unit=, or by=unit")
    devices = {one.asset: one for one in shown}.values()
    return answer(
        request, [_group(request, "device", one.asset, _of_device(units, one, today(deps))) for one in devices]
    )


@router.get("/metrics/device", response_class=PlainTextResponse, dependencies=[_reads])
def device(request: Request, id: _Id) -> Response:  # noqa: A002 - its name in the address
    """Give what one asset's agent or gateway said last as Prometheus text; 404 for one that nobody measures."""
    deps: Deps = request.app.state.deps
    shown = scraped.measuring(deps.store, request_territory(request), MOST_OF_UNIT, asset=id)
    if not shown:
        raise HTTPException(404, "no such asset, or none that measures")
    return _text(deps, shown)


@router.get("/metrics/unit", response_class=PlainTextResponse, dependencies=[_reads])
def unit(request: Request, id: _Id) -> Response:  # noqa: A002 - as above
    """Give what the devices of a unit said last as Prometheus text, of up to 500; 404 for a unit without any."""
    deps: Deps = request.app.state.deps
    shown = scraped.measuring(deps.store, request_territory(request), MOST_OF_UNIT + 1, unit=id)
    if not shown:
        raise HTTPException(404, "no such unit, or nothing measures in it")
    if len(shown) > MOST_OF_UNIT:
        raise HTTPException(422, f"this unit has more than {MOST_OF_UNIT} devices: ask for them one by one")
    return _text(deps, shown)


def _text(deps: Deps, shown: tuple[Measuring, ...]) -> Response:
    fresh_seconds = max(_LEAST_FRESH_SECONDS, 2 * settings.current(deps.store).batch_seconds)
    since_ms = deps.now_ms() - 1000 * fresh_seconds
    told = scraped.last_told(deps.store, sorted({one.agent_pk for one in shown}), since_ms)
    return Response(exposition(shown, told, since_ms), media_type=CONTENT_TYPE_LATEST)


def _held(territory: Territory, asked: frozenset[str] | None, units: Units) -> frozenset[str]:
    seen = frozenset(units.codes) if territory.units is None else territory.units
    return seen if asked is None else seen & asked


def _group(request: Request, what: str, id_: str, about: Iterator[tuple[str, str]]) -> dict[str, object]:
    labels = {
        "__metrics_path__": f"/metrics/{what}",
        "__param_id": id_,
        "__scheme__": request.url.scheme,
        "instance": id_,
        **{f"__meta_machxa_{name}": value for name, value in about if value},
    }
    return {"targets": [request.url.netloc], "labels": labels}


def _of_unit(units: Units, code: str, day: date) -> Iterator[tuple[str, str]]:
    history = units.history(code)
    known = units.unit(code, day) or (history[-1] if history else None)
    yield "unit", code
    yield "unit_name", "" if known is None else known.full_name
    yield "province", "" if known is None else known.parent or code


def _of_device(units: Units, one: Measuring, day: date) -> Iterator[tuple[str, str]]:
    yield from _of_unit(units, one.unit, day)
    yield "name", one.name
    yield "kind", one.kind
    yield "vendor", one.vendor
    yield "model", one.model
    yield "role", one.role
