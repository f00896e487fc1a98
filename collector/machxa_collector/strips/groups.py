"""Group sites by who carries their line, by province or each alone, and sum the results behind their hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Engine

from machxa_collector.registry.people.territory import province_of
from machxa_collector.registry.units import sort_key
from machxa_collector.store import duty, system_hours
from machxa_collector.store.registry import LiveRegistry


class Numbers(NamedTuple):
    """Hold how many results there were, and of these the slow and those that were not well."""

    results: int
    slow: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Hold some sites; id "" are those of which it is not known."""

    id: str
    name: str
    units: frozenset[str]


def grouped(live: LiveRegistry, units: Sequence[str], by: str) -> list[Group]:
    """Return the groups that units fall into, by their names; those of which it is not known come last."""
    known = live.current().units
    carriers = duty.providers(live.store) if by == "provider" else {}
    found: dict[str, set[str]] = {}
    for unit in units:
        province = province_of(known, unit) or ""
        found.setdefault({"unit": unit, "province": province}.get(by, carriers.get(unit, "")), set()).add(unit)

    def names(code: str) -> tuple[str, str]:
        history = known.history(code) if by != "provider" else ()
        return (history[-1].name, history[-1].full_name) if history else (code, code)

    groups = [(sort_key(names(one)[0]), one, names(one)[1], frozenset(inside)) for one, inside in found.items()]
    ordered = sorted(groups, key=lambda one: (not one[1], one[0], one[1]))
    return [Group(id=one, name=name, units=inside) for _, one, name, inside in ordered]


def numbers_of(
    store: Engine, system: str, sight: frozenset[str] | None, groups: Sequence[Group], hours: range
) -> tuple[list[Numbers], list[Numbers]]:
    """Return the results of each hour over a sight (None: all), and those of all hours over each group."""
    of_hours = {hour: Numbers(0, 0, 0) for hour in hours}
    well_of: dict[str, list[int]] = {}
    for row in system_hours.since(store, hours.start, 0, system):
        if row.hour not in of_hours:
            continue
        counts = [0, 0, 0]
        for unit, well, slow, bad in zip(row.units, row.well, row.slow, row.bad, strict=True):
            if sight is not None and unit not in sight:
                continue
            counts[0] += well + slow + bad
            counts[1] += slow
            counts[2] += bad
            known = well_of.setdefault(unit, [0, 0, 0])
            known[0] += well + slow + bad
            known[1] += slow
            known[2] += bad
        of_hours[row.hour] = Numbers(*counts)
    of_groups = [
        Numbers(*(sum(well_of[unit][place] for unit in group.units if unit in well_of) for place in range(3)))
        for group in groups
    ]
    return list(of_hours.values()), of_groups
