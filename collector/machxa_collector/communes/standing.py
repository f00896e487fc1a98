"""Say of one commune what changes by the day: who and what it has, lacks and was told of, and its lines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from machxa_collector.api.answers import iso
from machxa_collector.api.impact_views import opened
from machxa_collector.api.planning_views import gap_view
from machxa_collector.communes.now import MOST_DEVICES, Now, View
from machxa_collector.effects.asking import daily_flow
from machxa_collector.effects.facts import Facts
from machxa_collector.impact.line_need import Sending, line_need
from machxa_collector.planning.province import Needs
from machxa_collector.registry.calendar import OutsideCalendar, UnknownUnit
from machxa_collector.registry.people.territory import Territory
from machxa_collector.registry.records import SEPARATOR, Value
from machxa_collector.registry.units import Unit, Units
from machxa_collector.store import reports
from machxa_collector.store.asset_list import AssetRow
from machxa_collector.store.asset_samples import DEVICE
from machxa_collector.store.commune_reading import papers_of
from machxa_collector.store.resolution import real

_MOST_REPORTS = 5
PAGES, PAGE_MB, FILE_MB = 10, 0.5, 5.0  # what F18 assumes of a dossier; the page says so beside the figure


def head_view(units: Units, code: str, day: date) -> View:
    """Return what a unit is called, and was before."""
    unit = units.unit(code, day) or units.history(code)[-1]
    province = units.province(code, day)
    return {
        "code": code,
        "name": unit.name,
        "full_name": unit.full_name,
        "type": None if unit.type is None else unit.type.value,
        "province": None if province is None else province.full_name,
        "old_names": list(_old(unit)),
    }


def papers_view(facts: Facts, code: str, *, with_prices: bool) -> View:
    """Return the registry's papers of a unit: whom to call, its lines with what they must carry, its counters."""
    kept = ("role", "position", "name", "phone", "email")
    return {
        "contacts": [{name: one.get(name) for name in kept} for one in papers_of(facts.store, "contacts", code)],
        "lines": [_line_view(one, with_prices=with_prices) for one in papers_of(facts.store, "lines", code)],
        "line_need": _line_need(facts, code),
    }


def devices_view(facts: Facts, code: str, now: Now) -> View:
    """Return the counters of a unit with the assets they use, and all its assets; supplies where they were measured."""
    supplies = _supplies(now)
    return {
        "counters": [
            {
                "code": one.get("code"),
                "name": one.get("name"),
                "groups": _list(one.get("groups")),
                "assets": _list(one.get("assets")),
            }
            for one in papers_of(facts.store, "counters", code)
        ],
        "devices": [_device_view(one, now, supplies) for one in now.assets],
        "is_cut": len(now.assets) >= MOST_DEVICES,
    }


def gaps_view(needs: Needs) -> list[View]:
    """Return what a unit may have, has and lacks by class."""
    return [gap_view(gap, unit.commune.name) for unit in needs.units for gap in unit.gaps]


def reports_view(facts: Facts, code: str) -> list[View]:
    """Return the newest reports of people in a unit; who reported is not told here."""
    found = reports.newest(facts.store, Territory(units=frozenset({code}), with_nowhere=False), None, _MOST_REPORTS)
    return [
        {
            "id": one.id,
            "category": one.category,
            "symptom": one.symptom,
            "text": one.text,
            "received_at": iso(one.received_at),
            "state": one.state,
            "waiting": one.waiting,
            "incident": one.incident,
        }
        for one in found
    ]


def _old(unit: Unit) -> tuple[str, ...]:
    return unit.old_names


def _line_view(one: Mapping[str, Value], *, with_prices: bool) -> View:
    names = ("name", "kind", "provider", "contract", "down_mbps", "up_mbps", "ticket_desk")
    expires = one.get("expires_on")
    return {
        **{name: one.get(name) for name in names},
        "expires_on": expires.isoformat() if isinstance(expires, date) else None,
        "price_vnd_per_month": one.get("price_vnd_per_month") if with_prices else None,
    }


def _line_need(facts: Facts, code: str) -> View | None:
    """Return F18 of a unit's usual day: how many Mbit/s its dossiers need, one waiting person at a time."""
    unit = facts.units([code])[0].get(code)
    if unit is None:
        return None
    try:
        daily = daily_flow(unit, facts.calendars, facts.today())
    except (UnknownUnit, OutsideCalendar):
        return None
    if daily.figure is None:
        return None
    hour = daily.figure / facts.model().pace.day_hours
    need = line_need(Sending(dossiers_per_hour=hour, pages=PAGES, page_mb=PAGE_MB, file_mb=FILE_MB))
    return {**opened(need, 1), "per_hour": hour, "pages": PAGES, "page_mb": PAGE_MB, "file_mb": FILE_MB}


def _supplies(now: Now) -> dict[str, dict[str, float]]:
    """Return what is left of each supply by the gateway's name of the device."""
    found: dict[str, dict[str, float]] = {}
    for one in now.readings:
        labels = dict(one.series.labels)
        value = real(one.series, one.value)
        if one.series.name == "machxa.printer.supply" and DEVICE in labels and value is not None:
            found.setdefault(labels[DEVICE], {})[labels.get("supply", "")] = float(value)
    return found


def _device_view(one: AssetRow, now: Now, supplies: Mapping[str, Mapping[str, float]]) -> View:
    watched = now.watched.get(one.id)
    by_agent = one.agent is not None
    state, since = one.presence, one.presence_since
    if not by_agent:
        state, since = (None, None) if watched is None else (watched.state, watched.at)
    return {
        "id": one.id,
        "code": one.code,
        "name": one.name,
        "kind": one.kind,
        "room": one.location,
        "status": one.status,
        "role": one.role if by_agent else None,
        "by_agent": by_agent,
        "state": state,
        "since": iso(since),
        "last_seen": iso(one.last_seen),
        "reasons": [] if watched is None else list(watched.reasons),
        "supplies": {} if watched is None else dict(supplies.get(watched.key, {})),
    }


def _list(value: Value) -> list[str]:
    if isinstance(value, str):
        return [one for one in value.split(SEPARATOR) if one]
    return [str(one) for one in value] if isinstance(value, tuple | list) else []
