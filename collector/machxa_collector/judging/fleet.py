"""Describe to the judgement what the registry knows: who stands where, on whose line, and what was announced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone

from sqlalchemy import Engine

from machxa_collector.incidents.fleet import Asset, Fleet, Planned, Site, System
from machxa_collector.incidents.words import Role
from machxa_collector.intake.rows import CANARY_ROLE
from machxa_collector.registry.records import KINDS, Record
from machxa_collector.registry.records.unit_kinds import WEEKDAYS
from machxa_collector.registry.units import Unit, Units, UnitType
from machxa_collector.store import watched
from machxa_collector.store.records_read import every
from machxa_collector.store.registry import Snapshot

NOWHERE = "?"  # the site of what stands in no unit yet: it is watched, and no neighbour of anything
_HERE = timezone(timedelta(hours=7))
_AGENT_ROLES = {"gateway": Role.GATEWAY, "standby": Role.STANDBY}
_KINDS = {"printer": Role.PRINTER, "router": Role.ROUTER, "ups": Role.UPS}
_REMOTE_LINES = frozenset({"mobile", "satellite"})


def fleet_of(store: Engine, registry: Snapshot, systems: tuple[System, ...], now_ms: int) -> Fleet:
    """Return what is watched now; units in which nothing stands are left out."""
    today = datetime.fromtimestamp(now_ms / 1000, _HERE).date()
    desks = tuple(every(store, KINDS["counters"]))
    counted = {code for one in desks for code in _listed(one.record, "assets")}
    standing = tuple(_assets(store, counted))
    lines: dict[str, dict[str, tuple[str, str]]] = {}
    for one in every(store, KINDS["lines"]):
        kind = str(one.record["kind"])
        name = kind if kind == "tslcd" else "internet"
        lines.setdefault(str(one.record["unit"]), {}).setdefault(name, (str(one.record["provider"]), kind))
    counters: dict[str, int] = {}
    for one in desks:
        counters[str(one.record["unit"])] = counters.get(str(one.record["unit"]), 0) + 1
    codes = sorted({asset.unit for asset in standing})
    return Fleet(
        sites=tuple(
            _site(code, registry.units.unit(code, today), lines.get(code, {}), counters.get(code)) for code in codes
        ),
        assets=standing,
        systems=systems,
        planned=tuple(planned_of(store, registry.units, {one.id for one in systems})),
    )


def _site(code: str, unit: Unit | None, lines: Mapping[str, tuple[str, str]], counters: int | None) -> Site:
    place = unit.centroid if unit else None
    is_zone = unit is not None and unit.type is UnitType.SPECIAL_ZONE
    return Site(
        code=code,
        name=unit.name if unit else code,
        province=(unit.parent or code) if unit else "",
        providers={name: provider for name, (provider, _) in lines.items()},
        latitude=place.latitude if place else None,
        longitude=place.longitude if place else None,
        remote=is_zone or any(kind in _REMOTE_LINES for _, kind in lines.values()),
        counters=counters,
    )


def _assets(store: Engine, counted: set[str]) -> Iterator[Asset]:
    """Yield what stands somewhere, each once; of two agents on one asset the newer speaks."""
    seen: dict[str, Asset] = {}
    for one in watched.standing(store):
        if one.role == CANARY_ROLE:
            continue
        role = _AGENT_ROLES.get(one.role or "", Role.PC) if one.agent else _KINDS.get(one.kind, Role.OTHER)
        seen[one.id] = Asset(
            id=one.id,
            unit=one.unit or NOWHERE,
            role=role,
            agent=one.agent,
            keys=(*one.keys, one.code) if one.code else one.keys,
            counter=one.id in counted or one.code in counted,
        )
    yield from seen.values()


def planned_of(store: Engine, units: Units, systems: set[str]) -> Iterator[Planned]:
    """Yield what was announced: for a unit; for a system or a provider where the subject is one's id or name."""
    carriers = watched.carriers(store)
    for one in every(store, KINDS["planned"]):
        record = one.record
        start, end = record["starts_at"], record["ends_at"]
        if not isinstance(start, int) or not isinstance(end, int) or end <= start:
            continue
        is_power = record["kind"] == "power_cut"
        days = frozenset(WEEKDAYS.index(day) for day in _listed(record, "weekdays") if day in WEEKDAYS)
        again = Planned(start=start, end=end, weekdays=days, until=_end_of(record["repeats_to"]))
        subject = str(record["subject"])
        if subject in systems and not is_power:
            yield replace(again, system=subject)
        elif subject in carriers and not is_power:
            yield replace(again, provider=subject)
        elif units.history(str(record["unit"])):
            yield replace(again, unit=str(record["unit"]), power=is_power)


def _end_of(day: object) -> int | None:
    """Return the last millisecond of a day here, None for none."""
    if not isinstance(day, date):
        return None
    return round(datetime.combine(day + timedelta(days=1), time(), _HERE).timestamp() * 1000) - 1


def _listed(record: Record, name: str) -> tuple[str, ...]:
    value = record[name]
    return tuple(map(str, value)) if isinstance(value, tuple) else ()
