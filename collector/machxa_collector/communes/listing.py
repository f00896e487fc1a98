"""List the communes of a province with how ready each is now."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from machxa_collector.api.answers import iso
from machxa_collector.communes.now import View
from machxa_collector.effects.facts import Facts
from machxa_collector.effects.readiness import UnitReady, units_ready
from machxa_collector.registry.people.territory import Territory
from machxa_collector.registry.units import Kind, Unit, search
from machxa_collector.registry.units.collation import sort_key
from machxa_collector.store.unit_presence import units_with_agents

MOST = 400  # units of a province that work: 168 communes at most, and a centre


def rows_of(facts: Facts, territory: Territory, province: str, text: str) -> View:
    """Return the units of a province that somebody may see, in Vietnamese order, and the provinces to choose from.

    Without a province it is the centre's home, else the one of most units with agents. With a text the units that it
    may mean by a name of today or of old, in all provinces unless one is named.
    """
    current, day = facts.live.current(), facts.today()
    by_province: dict[str, list[Unit]] = {}
    for code in current.units.codes:
        if territory.units is None or code in territory.units:
            unit = current.units.unit(code, day)
            if unit is not None and unit.kind is not Kind.PROVINCE:
                by_province.setdefault(unit.parent or "", []).append(unit)
    if text.strip():
        theirs = {one.code for code, its in by_province.items() if province in ("", code) for one in its}
        found = (one.unit for one in search(current.index, text, day, MOST))
        units = list({one.code: one for one in found if one.code in theirs}.values())
        chosen = province
    else:
        chosen = province if province in by_province else _usual(facts, by_province)
        units = sorted(by_province.get(chosen, ()), key=lambda one: sort_key(one.name))[:MOST]
    ready = units_ready(facts, [one.code for one in units])
    names = sorted(((code, _name(facts, code)) for code in by_province), key=lambda one: sort_key(one[1]))
    return {
        "province": chosen,
        "provinces": [{"code": code, "name": name} for code, name in names],
        "communes": [_row(one, ready.get(one.code)) for one in units],
    }


def _usual(facts: Facts, by_province: Mapping[str, Collection[Unit]]) -> str:
    """Return the province that is shown where none is asked for."""
    home = facts.live.current().home
    if home in by_province:
        return home or ""
    peopled = units_with_agents(facts.store)
    counts = {code: sum(one.code in peopled for one in its) for code, its in by_province.items()}
    return max(sorted(counts), key=lambda code: counts[code], default="")


def _name(facts: Facts, code: str) -> str:
    history = facts.live.current().units.history(code)
    return history[-1].full_name if history else code


def _row(unit: Unit, ready: UnitReady | None) -> View:
    told = None if ready is None else ready.ready
    return {
        "code": unit.code,
        "name": unit.full_name,
        "old_names": list(unit.old_names),
        "serving": "never" if ready is None else ready.serving.value,
        "ratio": None if told is None else told.ratio.figure,
        "most": None if told is None else told.most,
        "agents": 0 if ready is None else ready.heard.agents,
        "on": 0 if ready is None else ready.heard.on,
        "incidents": 0 if ready is None else len(ready.incidents),
        "severity": min((one.severity.name for one in ready.incidents), default=None) if ready else None,
        "last": None if ready is None else iso(ready.heard.last),
    }
