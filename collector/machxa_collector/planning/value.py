"""F14, F16: tell the dossier-hours a year that the lack of sound equipment costs a unit, on its joint capacity. Pure.

Every dossier counts at the worst stage of its way, once: so what two purchases give together is never their sum by
force, and no stage counts twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

from machxa_collector.impact.model import Kind, Model
from machxa_collector.impact.words import Channel, Group, Stage, System
from machxa_collector.planning.facts import Commune
from machxa_collector.planning.figure import Figure, Told, Unit, exact
from machxa_collector.planning.rules import Rules
from machxa_collector.planning.words import Item

_SYSTEMS: Mapping[System, Item] = {
    System.PC: Item.PC,
    System.PRINTER: Item.PRINTER,
    System.SCANNER: Item.SCANNER,
    System.COPIER: Item.COPIER,
    System.CERTIFICATE_PRINTER: Item.CERTIFICATE_PRINTER,
}
VALUED = tuple(_SYSTEMS.values())
PLACE: Mapping[Item, int] = {item: place for place, item in enumerate(VALUED)}
_Stage = tuple[tuple[int, ...], tuple[tuple[int, float], ...]]  # places in VALUED: hard, soft with weights


class Worth:
    """Value the state of a unit's equipment; compiled once of the need matrix."""

    def __init__(self, model: Model, rules: Rules) -> None:
        """Keep of the matrix what equipment decides: streams of the same needs are one."""
        self._rules, self._model = rules, model
        ways: dict[tuple[str, tuple[_Stage, ...]], float] = {}
        online = model.figures.online_ratio
        for group, channel in product(Group, Channel):
            stages = {self._stage(model, group, channel, stage) for stage in model.paths[group, channel]}
            key = (group.value, tuple(sorted(stages - {((), ())})))
            ways[key] = ways.get(key, 0.0) + (online if channel is Channel.ONLINE else 1 - online)
        self._ways = [(group, stages, share) for (group, stages), share in ways.items()]
        self._shares = {group.value: share for group, share in model.figures.share.items()}

    def lost(self, commune: Commune, left: Mapping[Item, float]) -> float:
        """Return the dossier-hours a year that a unit loses; left: the working share of each class, absent: all."""
        return self.lost_of(commune, [left.get(item, 1.0) for item in VALUED])

    def lost_of(self, commune: Commune, left: Sequence[float]) -> float:
        """Return the same for the working shares in the order of VALUED."""
        shares = commune.groups or self._shares
        gone = 0.0
        for group, stages, part in self._ways:
            share = shares.get(group, 0.0)
            if share:
                gone += share * part * (1 - _path(stages, left))
        return gone * self.dossiers_of(commune) * self._rules.value.held_hours

    def dossiers_of(self, commune: Commune) -> float:
        """Return the dossiers of a year: a unit's own flow where it was counted, else the model's."""
        per_hour = self._model.figures.per_hour if commune.per_hour is None else commune.per_hour
        return per_hour * self._rules.value.year_hours

    def explained(self, commune: Commune, left: Mapping[Item, float]) -> Figure:
        """Return the loss with what it was computed from."""
        told: dict[str, Told] = {f"left_{item.value}": share for item, share in left.items()}
        told |= {
            "per_hour": self._model.figures.per_hour if commune.per_hour is None else commune.per_hour,
            "flow": self._model.figures.source if commune.per_hour is None else "counted",
            "year_hours": self._rules.value.year_hours,
            "held_hours": self._rules.value.held_hours,
            "needs": self._model.version,
        }
        return exact(self.lost(commune, left), Unit.DOSSIER_HOURS, "F16", told)

    def _stage(self, model: Model, group: Group, channel: Channel, stage: Stage) -> _Stage:
        hard, soft = set(), {}
        for system, need in model.needs[group, channel, stage].items():
            if system not in _SYSTEMS:
                continue
            place = PLACE[_SYSTEMS[system]]
            if need.kind is Kind.HARD:
                hard.add(place)
            else:  # what is put off costs its effort later
                soft[place] = model.pace.deferred_effort if need.weight is None else need.weight
        return tuple(sorted(hard)), tuple(sorted(soft.items()))


def share_left(effective: float, needed: int | None) -> float:
    """Return F1's min(1, working / needed); 1 where the need is not known: nothing is counted as lost."""
    return min(1.0, effective / needed) if needed else 1.0


def _path(stages: tuple[_Stage, ...], left: Sequence[float]) -> float:
    worst = 1.0
    for hard, soft in stages:
        capacity = 1.0
        for place in hard:
            capacity = min(capacity, left[place])
        for place, weight in soft:
            capacity *= 1 - weight * (1 - left[place])
        worst = min(worst, capacity)
    return worst
