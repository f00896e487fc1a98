"""Give a device's page what lies beside its readings: which device it is, how it did, what it costs and is worth."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from machxa_collector.api import identity, labels
from machxa_collector.api.access import principal_of, request_territory
from machxa_collector.api.book_views import book_view
from machxa_collector.api.deps import Deps
from machxa_collector.api.planning_views import finding_view
from machxa_collector.api.seen import seen_asset
from machxa_collector.availability import Asked, Hours, midnight, report_of
from machxa_collector.communes.now import View, incident_view
from machxa_collector.incidents.served import By
from machxa_collector.registry.people import Permission
from machxa_collector.registry.people.territory import Territory
from machxa_collector.store import repairs
from machxa_collector.store.asset_list import AssetRow
from machxa_collector.store.incidents_of_asset import of_asset

AVAILABLE_DAYS = 90
_MOST_ALERTS = 20


class StoreDevices:
    """Answer machxa_web's DeviceDesk from the store, for who asks."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._deps: Deps = request.app.state.deps
        self._territory = request_territory(request)

    def about(self, asset_id: str) -> object | None:
        """Return what is known of a device beside its readings, None where the territory holds none of this id."""
        deps, may = self._deps, principal_of(self._request).may
        row = seen_asset(self._request, asset_id)
        if row is None:
            return None
        today = deps.facts.today()
        costs = may(Permission.COSTS_READ)
        return {
            "unit": self._unit(row.unit, today),
            "room": row.location,
            "code": row.code,
            "status": row.status,
            "label": self._label(row),
            "identity": _answered(lambda: identity.identity(self._request, row.id)),
            "book": book_view(row, today, with_costs=costs),
            "repairs": [
                {"on": one.on.isoformat(), "state": one.state, "what": one.what, "vnd": one.vnd if costs else None}
                for one in repairs.of_asset(deps.store, row.id)
            ],
            "sees_costs": costs,
            "finding": self._finding(row, today) if costs and row.unit is not None else None,
            **(self._lately(row, today) if may(Permission.INCIDENTS_READ) else _NOTHING),
        }

    def _unit(self, code: str | None, today: date) -> View | None:
        if code is None:
            return None
        units = self._deps.live.current().units
        history = units.history(code)
        unit = units.unit(code, today) or (history[-1] if history else None)
        return {"code": code, "name": code if unit is None else unit.full_name}

    def _label(self, row: AssetRow) -> str | None:
        page = _answered(lambda: labels.labels(self._request, [row.id], "", "", ""))
        found = page.get("labels", [])
        return str(found[0]["address"]) if isinstance(found, list) and found else None

    def _finding(self, row: AssetRow, today: date) -> View | None:
        needs = self._deps.plans.of_unit(row.unit or "")
        judged = (one for unit in needs.units for one in unit.judged if one.asset.id == row.id)
        return next((finding_view(one, needs.basis.rules, today) for one in judged), None)

    def _lately(self, row: AssetRow, today: date) -> View:
        """Return how it served in the working sessions of ninety days, a share a day, and its incidents meanwhile."""
        deps = self._deps
        first = today - timedelta(days=AVAILABLE_DAYS - 1)
        here = frozenset() if row.unit is None else frozenset({row.unit})
        asked = Asked(by=By.DEVICE, first=first, last=today, hours=Hours.ACTUAL, unit=row.unit)
        report = report_of(deps.live, Territory(units=here, with_nowhere=row.unit is None), asked, deps.now_ms())
        found = report.inputs(row.id)
        share = None if found is None else found.row.share
        return {
            "days": [] if found is None else [[day.isoformat(), one.available_ratio] for day, one in found.days],
            "available_ratio": None if share is None else share.available_ratio,
            "down_hours": None if share is None else share.down_ms / 3_600_000,
            "outages": None if share is None else share.outages,
            "alerts": [
                incident_view(one, {row.id: row.name})
                for one in of_asset(deps.store, row.id, midnight(first), _MOST_ALERTS)
            ],
        }


def devices_of(request: Request) -> StoreDevices:
    """Return the desk of who asks."""
    return StoreDevices(request)


def _answered(answer: Callable[[], Response]) -> dict[str, object]:
    try:
        found: dict[str, object] = json.loads(bytes(answer().body) or b"{}")
    except HTTPException:
        return {}
    return found


_NOTHING: View = {"days": [], "available_ratio": None, "down_hours": None, "outages": None, "alerts": []}
