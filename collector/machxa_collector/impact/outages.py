"""Say what is wrong where and when, and what of each class a unit has left at one moment, whoever took it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from machxa_collector.impact.capability import Pace, Remote, Stock, of_remote, of_stock
from machxa_collector.impact.explained import Explained, Measure, Missing, unknown
from machxa_collector.impact.factor import State, through_line
from machxa_collector.impact.flow import FlowProfile
from machxa_collector.impact.model import Model
from machxa_collector.impact.words import Cause, Group, Span, System


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """Say how many of a class do not work; count None: some, nobody knows how many."""

    system: System
    count: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Impaired:
    """Say what a system as a whole is seen to do: a remote one, the line, the power.

    groups: whose dossiers go through it, where a ministry has a system of its own; empty: all.
    """

    system: System
    state: Remote
    groups: frozenset[Group] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """Describe one incident in the units it reaches; end None while it is open."""

    id: str
    cause: Cause
    start: datetime
    end: datetime | None
    units: frozenset[str]
    effects: tuple[Broken | Impaired, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """Say when a unit's leader had work done by hand; end None while it goes on, groups empty: all."""

    unit: str
    start: datetime
    end: datetime | None
    groups: frozenset[Group] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Give a unit's code, flow and stocks; a class without a stock is one that was never entered."""

    code: str
    flow: FlowProfile
    stocks: Mapping[System, Stock] = field(default_factory=dict)


def joint_state(unit: Unit, outages: Iterable[Outage], model: Model, group: Group) -> State:
    """Return what all outages of one moment leave of each class a group needs, remote ones as seen through the line.

    Broken devices add up; of several states of one system the worst counts. What the unit never had, does not need or
    has replaced is left out: it holds nothing up.
    """
    broken: dict[System, int | None] = {}
    lefts: dict[System, list[Explained]] = {}
    pace = Pace(stage_minutes=model.pace.stage_minutes, pages=model.pace.pages)
    for outage in outages:
        for effect in outage.effects:
            if not _counts(unit, effect.system):
                continue
            if isinstance(effect, Impaired):
                if effect.groups and group not in effect.groups:
                    continue
                lefts.setdefault(effect.system, []).append(of_remote(effect.state, pace))
            else:
                broken[effect.system] = _add(broken.get(effect.system, 0), effect.count)
    for system, count in broken.items():
        stock = unit.stocks.get(system, Stock(have=None, needed=None))
        lefts.setdefault(system, []).append(of_stock(stock, count))
    seen = through_line({system: _worst(some) for system, some in lefts.items()}, model.remote)
    return {system: left for system, left in seen.items() if _counts(unit, system)}


def span_of(start: datetime, end: datetime | None, now: datetime) -> Span:
    """Return the moments known so far: what is open is taken to end now."""
    until = now if end is None else min(end, now)
    return Span(start=min(start, until), end=until)


def _counts(unit: Unit, system: System) -> bool:
    stock = unit.stocks.get(system)
    return stock is None or stock.counts


def _add(one: int | None, more: int | None) -> int | None:
    return None if one is None or more is None else one + more


def _worst(lefts: list[Explained]) -> Explained:
    figures = [left for left in lefts if left.figure is not None]
    worst = min(figures, key=lambda left: left.figure or 0.0, default=None)
    if worst is not None and (worst.figure == 0 or len(figures) == len(lefts)):
        return worst
    if len(lefts) == 1:
        return lefts[0]
    return unknown(
        Missing.NOT_ALL_KNOWN, Measure.RATIO, "F1", **{f"state_{n}": left for n, left in enumerate(lefts, start=1)}
    )
