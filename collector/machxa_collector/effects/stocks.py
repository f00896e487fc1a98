"""Count what each unit has of each class, and what its counters need. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from machxa_collector.effects.outages import Device
from machxa_collector.impact import Stock, System
from machxa_collector.registry.records.asset_kind import GONE

_NOT_THERE = GONE | {"broken", "repair", "missing"}  # a gap to plan, no incident


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Give an asset: id, code on its label, unit, what it is, and its status (None: not said)."""

    id: str
    code: str | None
    unit: str
    device: Device
    status: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """Give one counter of a unit and the assets it uses, by id or code."""

    unit: str
    assets: frozenset[str]


Stocks = Mapping[str, Mapping[System, Stock]]


def stocks_of(assets: Iterable[Standing], counters: Collection[Counter]) -> Stocks:
    """Return each unit's stocks; needed is what its counters use, and of computers at least one a counter.

    Where no counter names a device of a class nobody knows how many are needed, and an outage of it is not known.
    """
    have: dict[str, dict[System, int]] = defaultdict(lambda: defaultdict(int))
    used: dict[str, dict[System, set[str]]] = defaultdict(lambda: defaultdict(set))
    listed = {(one.unit, name) for one in counters for name in one.assets}
    desks: dict[str, int] = defaultdict(int)
    for one in counters:
        desks[one.unit] += 1
    for asset in assets:
        for system in asset.device.classes:
            if asset.status not in _NOT_THERE:
                have[asset.unit][system] += 1
            if (asset.unit, asset.id) in listed or (asset.unit, asset.code) in listed:
                used[asset.unit][system].add(asset.id)
    return {
        unit: {system: Stock(have=count, needed=_needed(unit, system, used, desks)) for system, count in its.items()}
        for unit, its in have.items()
    }


def _needed(
    unit: str, system: System, used: Mapping[str, Mapping[System, set[str]]], desks: Mapping[str, int]
) -> int | None:
    named = len(used[unit][system]) if unit in used and system in used[unit] else 0
    if system is System.PC:
        named = max(named, desks.get(unit, 0))
    return named or None
