"""Read a scenario's events: faults, maintenance and reports, each with what its kind takes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from machxa_fleet.drill.fields import Bad, Fields
from machxa_fleet.drill.scenario import Fault, Maintenance, Report, Scenario

_ASSET = re.compile(r"(pc|printer)([1-9][0-9]{0,2})")
_UNIT, _SYSTEM, _ASSET_ARG = "unit", "system", "asset"
# What each kind needs; what else it may have is read by name.
_NEEDS: dict[str, tuple[str, ...]] = {
    "power_cut": (_UNIT,),
    "breaker_off": (_UNIT,),
    "line_down": (_UNIT,),
    "line_degraded": (_UNIT,),
    "provider_down": ("provider",),
    "lan_down": (_UNIT,),
    "wifi_weak": (_UNIT,),
    "router_reboot": (_UNIT,),
    "system_down": (_SYSTEM,),
    "system_hang": (_SYSTEM,),
    "system_slow": (_SYSTEM,),
    "system_errors": (_SYSTEM,),
    "centre_cut": (),
    **dict.fromkeys(
        ("pc_dead", "pc_off", "pc_lid", "pc_sleep", "pc_slow", "pc_clock", "disk_failing", "printer_fault"),
        (_UNIT, _ASSET_ARG),
    ),
}
KINDS = (*_NEEDS, "flap")
PRINTER_WORDS = ("jam", "no_paper", "door", "offline", "toner_low")


@dataclass(slots=True)
class Happens:
    """Collect what the events say."""

    faults: tuple[Fault, ...] = field(default=())
    maintenance: tuple[Maintenance, ...] = field(default=())
    reports: tuple[Report, ...] = field(default=())


def read(events: list[object], scenario: Scenario) -> Happens:
    """Return the events of a scenario whose units and systems are read; raises Bad."""
    found = Happens()
    for number, told in enumerate(events):
        fields = Fields(told, f"events[{number}]")
        if fields.has("maintenance"):
            found.maintenance += (_maintenance(fields, scenario),)
        elif fields.has("report"):
            found.reports += (_report(fields, scenario),)
        else:
            found.faults += (_fault(fields, scenario),)
        fields.end()
    return found


def units_of(events: list[object]) -> set[str]:
    """Return the codes of units that events name, whether they exist or not."""
    found: set[str] = set()
    for told in events:
        of = told if isinstance(told, dict) else {}
        nested = [of, *(of.get(key) for key in ("maintenance", "report", "of"))]
        for one in nested:
            names = (
                [one.get("unit"), *(one["units"] if isinstance(one.get("units"), list) else ())]
                if isinstance(one, dict)
                else []
            )
            found.update(name for name in names if isinstance(name, str))
    return found


def _at(fields: Fields, scenario: Scenario) -> float:
    return fields.number("at", 0.0, -scenario.warm_up_minutes, scenario.minutes)


def _fault(fields: Fields, scenario: Scenario) -> Fault:
    kind = fields.choice("fault", "", KINDS)
    at = _at(fields, scenario)
    until = fields.optional_number("until", None, at, scenario.minutes * 100)
    period = None
    if kind == "flap":
        period = fields.number("period_s", 60.0, 2, 86_400)
        inner = fields.take("of")
        if isinstance(inner, dict):
            nested = Fields({**inner, "at": at, "until": until}, fields.place + ".of")
            return _flapping(_fault(nested, scenario), period)
        kind = Fields({"of": inner}, fields.place).choice("of", "", tuple(_NEEDS))
    fault = Fault(
        at=at,
        until=until,
        kind=kind,
        unit=fields.optional_text("unit"),
        units=tuple(fields.texts("units", (), most=4000)) or None,
        provider=fields.optional_text("provider"),
        path=fields.choice("path", None, ("internet", "tslcd")) if fields.has("path") else None,
        system=fields.optional_text("system"),
        owner=fields.choice("owner", None, ("province", "national")) if fields.has("owner") else None,
        asset=fields.optional_text("asset"),
        word=fields.choice("kind", "jam", PRINTER_WORDS) if kind == "printer_fault" else None,
        loss=fields.number("loss", 20.0, 0, 100),
        rtt_ms=fields.number("rtt_ms", 400.0, 0, 60_000),
        factor=fields.number("factor", 5.0, 1, 1000),
        error_rate=fields.number("error_rate", 0.5, 0, 1),
        share=fields.number("share", 1.0, 0, 1),
        seconds=fields.number("seconds", 3600.0, -(10**9), 10**9),
        period_s=period,
    )
    _check(fault, fields, scenario)
    return fault


def _flapping(fault: Fault, period: float) -> Fault:
    from dataclasses import replace  # noqa: PLC0415 - one use

    return replace(fault, period_s=period)


def _check(fault: Fault, fields: Fields, scenario: Scenario) -> None:
    for key in _NEEDS[fault.kind]:
        if getattr(fault, key) is None:
            raise Bad(f"{fields.place}: {fault.kind} needs {key!r}")
    named = (*((fault.unit,) if fault.unit else ()), *(fault.units or ()))
    for code in named:
        if code not in scenario.units:
            raise Bad(f"{fields.place} names {code!r}, which is no unit of the scenario")
    if fault.system is not None and fault.system not in scenario.systems:
        raise Bad(f"{fields.place} names {fault.system!r}, which is not among the scenario's systems")
    if fault.provider is not None and all(one.provider != fault.provider for one in scenario.units.values()):
        raise Bad(f"{fields.place} names {fault.provider!r}, which is no unit's provider")
    if fault.asset is not None and fault.unit is not None:
        _check_asset(fault.asset, fault.unit, fields, scenario)
    if fault.kind == "printer_fault" and not (fault.asset or "").startswith("printer"):
        raise Bad(f"{fields.place}: printer_fault is of a printer, not of {fault.asset!r}")


def _check_asset(asset: str, unit: str, fields: Fields, scenario: Scenario) -> None:
    found, spec = _ASSET.fullmatch(asset), scenario.units[unit]
    most = {"pc": spec.pcs, "printer": spec.printers}
    if found is None or int(found.group(2)) > most[found.group(1)]:
        raise Bad(f"{fields.place}: unit {unit} has no {asset!r}, expected pc1 to pc{spec.pcs}, printer1 and so on")


def _maintenance(fields: Fields, scenario: Scenario) -> Maintenance:
    of = Fields(fields.take("maintenance"), fields.place + ".maintenance")
    at = _at(fields, scenario)
    planned = Maintenance(
        at=at,
        until=fields.number("until", None, at, scenario.minutes * 100),
        unit=of.optional_text("unit"),
        provider=of.optional_text("provider"),
        system=of.optional_text("system"),
        kind=of.choice("kind", "maintenance", ("maintenance", "power_cut")),
    )
    of.end()
    if planned.unit is not None and planned.unit not in scenario.units:
        raise Bad(f"{of.place} names {planned.unit!r}, which is no unit of the scenario")
    if planned.unit is None and planned.provider is None and planned.system is None:
        raise Bad(f"{of.place} names no unit, provider or system")
    return planned


def _report(fields: Fields, scenario: Scenario) -> Report:
    of = Fields(fields.take("report"), fields.place + ".report")
    report = Report(
        at=_at(fields, scenario),
        unit=of.text("unit"),
        symptom=of.text("symptom", "other"),
        system=of.optional_text("system"),
        waiting=of.optional_text("waiting"),
        stage=of.optional_text("stage"),
        device=of.optional_text("device" if of.has("device") else "asset"),
        note=of.optional_text("note"),
        via=of.choice("via", "link" if of.truth("signed", default=True) is False else "agent", ("agent", "link")),
    )
    of.end()
    if report.unit not in scenario.units:
        raise Bad(f"{of.place} names {report.unit!r}, which is no unit of the scenario")
    return report
