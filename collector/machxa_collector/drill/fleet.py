"""Describe a scenario's communes as the registry and the catalogue would: no fault in it, only what stands where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date
from functools import lru_cache

from machxa_collector.checks.catalogue import builtin
from machxa_collector.incidents.fleet import Asset, Fleet, Planned, Site, System
from machxa_collector.incidents.words import Owner, Role
from machxa_collector.registry.units import Kind, Unit, Units, UnitType, bundled_units
from machxa_fleet.drill.place import agent_id, device_key, is_wireless
from machxa_fleet.drill.scenario import Scenario, UnitSpec

CHECK_SECONDS = 300  # a gateway's interval
_TODAYS_UNITS = date(2026, 10, 1)  # a drill in another year plays in these communes too
_TAKES_DOSSIERS = frozenset({"dossier"})
_ROLES = {"pc1": Role.GATEWAY, "pc2": Role.STANDBY}
_NO_NAMES: Mapping[str, str] = {}
_OWNERS = {one.value: one for one in Owner}

Names = Mapping[str, str]


@lru_cache(maxsize=1)
def communes() -> dict[str, tuple[str, ...]]:
    """Return each province's communes in code order."""
    units = _bundled()
    found: dict[str, list[str]] = {}
    for code in units.codes:
        unit = units.unit(code, _TODAYS_UNITS)
        if unit is not None and unit.kind is Kind.COMMUNE and unit.parent is not None:
            found.setdefault(unit.parent, []).append(code)
    return {province: tuple(sorted(codes)) for province, codes in found.items()}


@lru_cache(maxsize=1)
def _owners() -> dict[str, Owner]:
    """Return who runs each system of the catalogue."""
    return {one.id: Owner(one.owner.value) for one in builtin().systems}


@lru_cache(maxsize=1)
def _bundled() -> Units:
    return Units(bundled_units())


def fleet_of(scenario: Scenario, names: Names = _NO_NAMES) -> Fleet:
    """Return what is watched in a scenario; names gives assets ("29410/pc1") the ids and keys of real ones."""
    units = _bundled()
    return Fleet(
        sites=tuple(_site(code, spec, units.unit(code, _TODAYS_UNITS)) for code, spec in scenario.units.items()),
        assets=tuple(asset for code, spec in scenario.units.items() for asset in _assets(code, spec, names)),
        systems=tuple(_system(name, scenario) for name in scenario.systems),
        planned=tuple(_planned(scenario)),
    )


def _site(code: str, spec: UnitSpec, unit: Unit | None) -> Site:
    place = unit.centroid if unit else None
    is_zone = unit is not None and unit.type is UnitType.SPECIAL_ZONE
    return Site(
        code=code,
        name=unit.name if unit else code,
        province=(unit.parent or "") if unit else "",
        providers={"internet": spec.provider},
        latitude=place.latitude if place else None,
        longitude=place.longitude if place else None,
        remote=spec.line == "4g" or spec.island or is_zone,
        counters=spec.counters,
    )


def _assets(code: str, spec: UnitSpec, names: Names) -> Iterator[Asset]:
    for number in range(1, spec.pcs + 1):
        name = f"pc{number}"
        yield Asset(
            id=f"{code}/{name}",
            unit=code,
            role=_ROLES.get(name, Role.PC),
            agent=names.get(f"{code}/{name}", agent_id(code, name)),
            keys=(device_key(code, name),),
            counter=number <= spec.counters,
            wifi=is_wireless(spec, number),
        )
    for number in range(1, spec.printers + 1):
        yield _device(code, f"printer{number}", Role.PRINTER, names)
    if spec.router:
        yield _device(code, "router", Role.ROUTER, names)


def _device(code: str, name: str, role: Role, names: Names) -> Asset:
    real = names.get(f"{code}/{name}")
    return Asset(id=f"{code}/{name}", unit=code, role=role, keys=(real or device_key(code, name),))


def _system(name: str, scenario: Scenario) -> System:
    told = scenario.owners.get(name)
    owner = _owners().get(name, Owner.PROVINCE)
    return System(
        id=name,
        owner=owner if told is None else _OWNERS[told],
        checks=(name,),
        interval_s=CHECK_SECONDS,
        takes_dossiers=name in _TAKES_DOSSIERS,
    )


def _planned(scenario: Scenario) -> Iterator[Planned]:
    start = int(scenario.start.astimezone(UTC).timestamp() * 1000)
    for one in scenario.maintenance:
        begins, ends = (start + round(minutes * 60_000) for minutes in (one.at, one.until))
        is_power = one.kind == "power_cut"
        if one.unit is not None:
            yield Planned(start=begins, end=ends, unit=one.unit, power=is_power)
        if one.provider is not None:
            yield Planned(start=begins, end=ends, provider=one.provider, power=is_power)
        if one.system is not None:
            yield Planned(start=begins, end=ends, system=one.system, power=is_power)
