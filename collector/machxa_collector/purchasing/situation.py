"""Read what planning judges from a store: communes, assets and the papers that hold now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Engine

from machxa_collector.impact.model import Model, model_of
from machxa_collector.impact.timeline import midnight
from machxa_collector.incidents.worktime import WorkTime
from machxa_collector.planning.bundles import Lock
from machxa_collector.planning.facts import Asset, Commune
from machxa_collector.planning.history import NO_HISTORY, History
from machxa_collector.planning.prices import PriceTable
from machxa_collector.planning.province import Basis, Needs, assess
from machxa_collector.planning.rules import Rules
from machxa_collector.planning.told import NOTHING, asset_of
from machxa_collector.purchasing.papers import (
    PaperKind,
    Scenario,
    UnitSaid,
    read_prices,
    read_scenario,
    read_units,
    rules_of,
)
from machxa_collector.registry.calendar import LOCAL, Calendars, UnknownUnit
from machxa_collector.registry.people.territory import Territory
from machxa_collector.registry.records import KINDS
from machxa_collector.registry.units import Kind, Unit, Units
from machxa_collector.store import models, planning
from machxa_collector.store.dossiers.daily import counted_days
from machxa_collector.store.planning_history import histories
from machxa_collector.store.records_read import every
from machxa_collector.store.registry import Snapshot
from machxa_collector.store.repairs import mending

_FLOW_WEEKS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Hold what was read, with the stamp of all papers; unplaced: assets in units that are no commune of today."""

    communes: tuple[Commune, ...]
    assets: tuple[Asset, ...]
    basis: Basis
    stamp: str
    unplaced: int

    def needs(self, locks: Mapping[str, Lock] | None = None) -> Needs:
        """Return what every commune needs."""
        basis = self.basis if locks is None else replace(self.basis, locks=locks)
        return assess(self.communes, self.assets, basis)


def situation(
    store: Engine, registry: Snapshot, territory: Territory, now_ms: int, *, with_readings: bool = True
) -> Situation:
    """Return what planning judges of a territory today; without readings nothing is known of disks and failures."""
    today = datetime.fromtimestamp(now_ms / 1000, LOCAL).date()
    model = model_of(models.newest(store).body)
    booked = planning.booked(store, territory, now_ms)
    ids = [one.id for one in booked]
    bodies = dict(planning.bodies(store, ids))
    measured = planning.measured(store, list(bodies)) if with_readings else {}
    seen: Mapping[str, History] = {}
    if with_readings:
        seen = histories(store, booked, measured, now_ms, WorkTime(registry.calendars).worked)
    fixed = mending(store, territory)
    assets = tuple(
        asset_of(
            one,
            bodies.get(one.id),
            measured.get(one.id, NOTHING),
            seen.get(one.id, NO_HISTORY),
            (fixed.get(one.id, ()), today),
        )
        for one in booked
    )
    communes = _communes(store, registry, territory, today, model, {one.unit for one in booked})
    placed = {one.code for one in communes}
    return Situation(
        communes=communes,
        assets=assets,
        basis=Basis(rules=_rules(store), model=model, prices=_prices(store), today=today, locks={}),
        stamp=f"{planning.stamp(store)};model:{model.version}",
        unplaced=sum(asset.unit not in placed for asset in assets),
    )


def communes_of(store: Engine, registry: Snapshot, territory: Territory, now_ms: int) -> tuple[Commune, ...]:
    """Return a territory's communes with their staff and counters, without reading what stands in them."""
    today = datetime.fromtimestamp(now_ms / 1000, LOCAL).date()
    return _communes(store, registry, territory, today, model_of(models.newest(store).body), set())


def scenario(store: Engine, name: str) -> Scenario | None:
    """Return a saved scenario, None when there is none of this name."""
    paper = planning.newest(store, PaperKind.SCENARIO.value, name)
    if paper is None:
        return None
    return read_scenario(name, paper.content, paper.made_by, datetime.fromtimestamp(paper.made_at / 1000, LOCAL).date())


def _communes(
    store: Engine, registry: Snapshot, territory: Territory, today: date, model: Model, standing: set[str]
) -> tuple[Commune, ...]:
    said = _units(store)
    counters: dict[str, int] = {}
    for one in every(store, KINDS["counters"]):
        counters[str(one.record["unit"])] = counters.get(str(one.record["unit"]), 0) + 1
    flows = _flows(store, registry.calendars, today, model.pace.day_hours)
    told = standing | said.keys() | counters.keys() | flows.keys()
    return tuple(
        _commune(unit, said.get(unit.code, UnitSaid()), counters.get(unit.code), flows.get(unit.code))
        for unit in _of_today(registry.units, today)
        if unit.kind is Kind.COMMUNE
        and (territory.units is None or unit.code in territory.units)
        and (unit.code in told if registry.home is None else unit.parent == registry.home)
    )


def _of_today(units: Units, today: date) -> list[Unit]:
    found = (units.unit(code, today) for code in sorted(units.codes))
    return [unit for unit in found if unit is not None]


def _commune(unit: Unit, said: UnitSaid, counters: int | None, per_hour: float | None) -> Commune:
    return Commune(
        code=unit.code,
        name=unit.name,
        province=unit.parent or "",
        staff=said.staff,
        counters=counters if said.counters is None else said.counters,
        per_hour=per_hour,
        latitude=None if unit.centroid is None else unit.centroid.latitude,
        longitude=None if unit.centroid is None else unit.centroid.longitude,
        handles_land=True if said.handles_land is None else said.handles_land,  # impact gives every unit land dossiers
    )


def _flows(store: Engine, calendars: Calendars, today: date, day_hours: float) -> dict[str, float]:
    """Return the mean dossiers an hour of each unit, over the days of the last weeks that somebody counted.

    A whole file tells of its Sundays too that nothing came: days without work are left out.
    """
    first = today - timedelta(weeks=_FLOW_WEEKS)
    with store.connect() as connection:
        days = counted_days(connection, first, today - timedelta(days=1))
    received: dict[str, dict[date, int]] = {}
    for one in days:
        its = received.setdefault(one.unit, {})
        its[one.day] = its.get(one.day, 0) + one.received
    found: dict[str, float] = {}
    for unit, its in received.items():
        worked = sum(count > 0 or _works(calendars, unit, day) for day, count in its.items())
        if worked:
            found[unit] = sum(its.values()) / worked / day_hours
    return found


def _works(calendars: Calendars, unit: str, day: date) -> bool:
    try:
        return bool(calendars.w_off(unit, midnight(day), midnight(day + timedelta(days=1))))
    except UnknownUnit:
        return True


def _rules(store: Engine) -> Rules:
    paper = planning.newest(store, PaperKind.RULES.value)
    return rules_of("" if paper is None else paper.content)


def _prices(store: Engine) -> PriceTable:
    paper = planning.newest(store, PaperKind.PRICES.value)
    return PriceTable() if paper is None else read_prices(paper.content.encode(), str(paper.version))


def _units(store: Engine) -> dict[str, UnitSaid]:
    paper = planning.newest(store, PaperKind.UNITS.value)
    return {} if paper is None else read_units(paper.content.encode())
