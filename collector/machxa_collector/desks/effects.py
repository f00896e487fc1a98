"""Say of one incident what it does to dossiers unit by unit, what explains it, and what people were told of it."""

from __future__ import annotations

from fastapi import Request

from machxa_collector.api.access import request_territory
from machxa_collector.api.answers import iso, ms_of
from machxa_collector.api.deps import Deps
from machxa_collector.api.impact_views import closed
from machxa_collector.effects.asking import IncidentImpact, UnitImpact, incident_impact
from machxa_collector.incidents.incident import Incident
from machxa_collector.registry.people.territory import Territory
from machxa_collector.store import incidents as stored
from machxa_collector.store.told import told_at
from machxa_web.admin.desk import Trouble

Json = dict[str, object]
_NONE = Trouble(404, "không có sự cố này, hoặc bạn không được xem", "there is no such incident, or it is not yours")
_FULL = 1.0


def beside(request: Request, incident: str) -> Json:
    """Return what explains an incident, where that may be seen, and when people were told what of it."""
    deps, territory, found = _found(request, incident)
    parent = None if found.merged_into is None else stored.one(deps.store, territory, found.merged_into)
    return {
        "parent": None
        if parent is None
        else {"id": parent.id, "cause": parent.cause.value, "state": parent.state, "severity": parent.severity.name},
        "told": [{"told": word, "at": iso(at)} for word, at in told_at(deps.store, found.id)],
    }


def effects(request: Request, incident: str) -> Json:
    """Return what an incident does to dossiers in the units of one's territory, the dearest first."""
    deps, territory, found = _found(request, incident)
    units = [code for code in found.units if territory.units is None or code in territory.units]
    told = incident_impact(deps.facts, found, units)
    return {
        "held": closed(told.held),
        "share": closed(told.share),
        "dossier_hours": closed(told.dossier_hours),
        "stages": _stages(told),
        "units": [_unit(deps, found, one) for one in told.units[:_MOST_ROWS]],
        "more": max(0, len(told.units) - _MOST_ROWS) + len(told.left_out),
        "model": deps.facts.model().version,
        "on_paper": sum(bool(one.papers) for one in told.units),
    }


def _found(request: Request, incident: str) -> tuple[Deps, Territory, Incident]:
    deps: Deps = request.app.state.deps
    territory = request_territory(request)
    found = stored.one(deps.store, territory, incident)
    if found is None:
        raise _NONE
    return deps, territory, found


def _stages(told: IncidentImpact) -> list[Json]:
    """Return each stage that is held back anywhere, with what it lets pass where it is worst and in how many units."""
    worst: dict[str, float | None] = {}
    touched: dict[str, set[str]] = {}
    for unit in told.units:
        for one in unit.stages:
            figure = one.factor.figure
            if figure == _FULL:
                continue
            name = one.stage.value
            touched.setdefault(name, set()).add(unit.unit)
            known = worst.get(name, _FULL)
            worst[name] = None if figure is None or known is None else min(known, figure)
    return [{"stage": name, "left": worst[name], "units": len(touched[name])} for name in touched]


def _unit(deps: Deps, found: Incident, one: UnitImpact) -> Json:
    own = next((time for time in one.outages if time.outage.id == found.id), None)
    share = one.held.shares.get(found.id)
    units, day = deps.live.current().units, deps.facts.today()
    history = units.history(one.unit)
    unit = units.unit(one.unit, day) or (history[-1] if history else None)
    return {
        "unit": one.unit,
        "name": one.unit if unit is None else unit.full_name,
        "held": closed(one.held.held),
        "share": None if share is None else closed(share),
        "dossier_hours": closed(one.held.dossier_hours),
        "working_hours": None if own is None else own.actual_hours,
        "caught_up": None if one.caught_up is None else iso(ms_of(one.caught_up)),
    }


_MOST_ROWS = 40
