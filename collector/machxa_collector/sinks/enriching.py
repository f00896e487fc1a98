"""Say on each line where and what its device is, for readers that know no registry."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Engine

from machxa_collector.registry.units import Units
from machxa_collector.store import sinks
from machxa_collector.store.sinks import Report


@dataclass(frozen=True, slots=True)
class More:
    """Hold tags: of an agent's own computer, and of each device that it watches by the label that names it."""

    agent: dict[str, str] = field(default_factory=dict)
    devices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


Enrich = Callable[[Sequence[Report]], Mapping[str, More]]


def plain(_found: Sequence[Report]) -> Mapping[str, More]:
    """Add nothing."""
    return {}


def named(store: Engine, units: Callable[[], Units]) -> Enrich:
    """Return what adds unit_name, province, kind and name; two questions for any number of reports."""

    def enrich(found: Sequence[Report]) -> Mapping[str, More]:
        known = units()
        agents, devices = sinks.assets_behind(store, {one.agent for one in found})
        more: dict[str, More] = {}
        for one in found:
            history = known.history(one.unit) if one.unit is not None else ()
            where = {"unit_name": history[-1].full_name, "province": history[-1].parent or ""} if history else {}
            more[one.agent] = More(where | dict(agents.get(one.agent, {})), devices.get(one.agent, {}))
        return more

    return enrich
