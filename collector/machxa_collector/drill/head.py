"""Write a scenario down again as JSON, without its faults: what a recording says of what is watched."""

from __future__ import annotations

from dataclasses import asdict

from machxa_fleet.drill.scenario import Maintenance, Scenario

Json = dict[str, object]


def without_faults(scenario: Scenario) -> Json:
    """Return the JSON object from which the same units, systems, calendar and announcements are read."""
    calendar = scenario.calendar
    extra = [
        {"date": one.day.isoformat(), "hours": list(one.hours), "units": list(one.units)} for one in calendar.extra
    ]
    return {
        "name": scenario.name,
        "seed": scenario.seed,
        "start": scenario.start.isoformat(),
        "minutes": scenario.minutes,
        "warm_up_minutes": scenario.warm_up_minutes,
        "province": scenario.province,
        "units": {code: asdict(spec) for code, spec in scenario.units.items()},
        "systems": list(scenario.systems),
        "owners": dict(scenario.owners),
        "calendar": {
            "office": list(calendar.office),
            "extra": extra,
            "holidays": [day.isoformat() for day in calendar.holidays],
        },
        "events": [_announced(one) for one in scenario.maintenance],
    }


def _announced(one: Maintenance) -> Json:
    whom = {"unit": one.unit, "provider": one.provider, "system": one.system, "kind": one.kind}
    told = {key: value for key, value in whom.items() if value is not None}
    return {"at": one.at, "until": one.until, "maintenance": told}
