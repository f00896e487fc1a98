"""Read a scenario from JSON, and refuse what is none with the place that is wrong."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from machxa_fleet.drill import calendar_reading, event_reading
from machxa_fleet.drill.fields import Bad, Fields
from machxa_fleet.drill.scenario import Scenario, UnitSpec

MOST_MINUTES = 31 * 1440
MOST_UNITS = 3321
MOST_PCS = 200
MOST_EVENTS = 2000
MOST_SYSTEMS = 40
MOST_WORK = 40_000_000  # PCs x minutes: an hour of computing or so
_SYSTEMS = ("dossier", "civil_status", "documents", "payment", "eid")


def read_scenario(told: object, communes: Mapping[str, Sequence[str]]) -> Scenario:
    """Return a scenario from parsed JSON; communes maps each province to its communes in code order. Raises Bad."""
    top = Fields(told, "scenario")
    province = top.text("province")
    known = communes.get(province)
    if known is None:
        raise top.bad("province", province, "the code of a province, such as '86'")
    events = top.array("events", most=MOST_EVENTS)
    units = _units(Fields(top.take("units"), "units"), known, event_reading.units_of(events))
    systems = tuple(top.texts("systems", _SYSTEMS, most=MOST_SYSTEMS))
    scenario = Scenario(
        name=top.text("name", ""),
        seed=top.whole("seed", 1, 0, 2**63 - 1),
        start=_start(top),
        minutes=top.number("minutes", None, 1, MOST_MINUTES),
        province=province,
        units=units,
        systems=systems,
        calendar=calendar_reading.read(Fields(top.take("calendar", {}), "calendar"), units),
        warm_up_minutes=top.number("warm_up_minutes", 120.0, 0, 20160),
    )
    owned = Fields(top.take("owners", {}), "owners")
    owners = {name: owned.choice(name, None, ("province", "national")) for name in owned.rest()}
    top.take("expect", None)  # what it should come to: a test's business
    top.end()
    work = sum(one.pcs for one in units.values()) * (scenario.minutes + scenario.warm_up_minutes)
    if work > MOST_WORK:
        raise Bad(f"scenario: {work:.0f} PC-minutes, at most {MOST_WORK}: fewer units or fewer minutes")
    happens = event_reading.read(events, scenario)
    told = {one.system: one.owner for one in happens.faults if one.system is not None and one.owner is not None}
    return replace(
        scenario,
        owners={**owners, **told},
        faults=happens.faults,
        maintenance=happens.maintenance,
        reports=happens.reports,
    )


def _start(top: Fields) -> datetime:
    text = top.text("start")
    try:
        start = datetime.fromisoformat(text)
    except ValueError as exc:
        raise top.bad("start", text, "a time such as '2026-03-10T07:00:00+07:00'") from exc
    if start.utcoffset() is None:
        raise top.bad("start", text, "a time with its zone, such as '+07:00'")
    if not 2000 < start.year < 2049:  # noqa: PLR2004 - the years of the calendars
        raise top.bad("start", text, "a year from 2001 to 2048")
    return start


def _units(fields: Fields, known: Sequence[str], happens_to: Collection[str]) -> dict[str, UnitSpec]:
    """Return the units: those named here or by an event, and so many others; who is only named is equipped as usual."""
    default_fields = Fields(fields.take("default", {}), "units.default")
    count = default_fields.whole("count", 0, 0, MOST_UNITS)
    default = _unit(default_fields, UnitSpec())
    named = {code: _unit(Fields(fields.take(code), f"units.{code}"), default) for code in fields.rest()}
    for code in named:
        if code not in known:
            raise Bad(f"units: {code!r} is no commune of this province")
    named.update((code, default) for code in happens_to if code in known and code not in named)
    others = [code for code in known if code not in named][:count]
    if len(others) < count:
        raise Bad(f"units.default.count is {count}, the province has {len(others)} communes beside those named")
    found = {**dict.fromkeys(others, default), **named}
    if not found:
        raise Bad("units: none, expected some named or units.default.count")
    return dict(sorted(found.items()))


def _unit(fields: Fields, default: UnitSpec) -> UnitSpec:
    pcs = fields.whole("pcs", default.pcs, 0, MOST_PCS)
    always_on = fields.truth("always_on", default=default.always_on)
    spec = UnitSpec(
        provider=fields.text("provider", default.provider),
        pcs=pcs,
        counters=min(pcs, fields.whole("counters", default.counters, 0, MOST_PCS)),
        printers=fields.whole("printers", default.printers, 0, MOST_PCS),
        router=bool(fields.truth("router", default=default.router)),
        lan=fields.choice("lan", default.lan, ("wired", "wifi", "mixed")),
        line=fields.choice("line", default.line, ("fibre", "4g")),
        island=bool(fields.truth("island", default=default.island)),
        tslcd=bool(fields.truth("tslcd", default=default.tslcd)),
        dossiers_per_hour=fields.optional_number("dossiers_per_hour", default.dossiers_per_hour, 0, 10_000),
        always_on=always_on,
    )
    fields.end()
    return spec
