"""Make of a unit's lines the bundles it could get, each with its joint value; a plan takes at most one. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from machxa_collector.planning.ceilings import Ceilings
from machxa_collector.planning.hull import hull
from machxa_collector.planning.mixed import Bundle, Mixed, mixed
from machxa_collector.planning.needs import Line, UnitNeeds
from machxa_collector.planning.value import PLACE, VALUED, Worth, share_left
from machxa_collector.planning.words import Item

_PARTS = 4  # into which many pieces of one kind are cut
_MILLION = 1_000_000
_NO_GAIN = 1e-9  # hours: rounding
_ON_CHAIN = Mixed()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """Fix a line by a person's decision: "in" before all else, or "out"; the reason is kept with the plan."""

    line: str
    way: str
    reason: str
    actor: str = ""

    def __post_init__(self) -> None:
        """Refuse a lock without a reason or of another way."""
        if self.way not in ("in", "out") or not self.reason.strip():
            raise ValueError(f"a lock of {self.line!r} is {self.way!r}, expected in or out, with a reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Hold a unit's bundles, nothing first, each with all of the one before; lost: hours a year without any.

    mixed: those that leave out what a source that is used up would have to pay.
    """

    unit: str
    bundles: tuple[Bundle, ...]
    lost: float
    mixed: Mixed = _ON_CHAIN


def choices(needs: UnitNeeds, worth: Worth, locks: Mapping[str, Lock], ceilings: Ceilings | None = None) -> Choices:
    """Return a unit's bundles: nothing; the floor and what is locked in; then step by step what saves most a đồng.

    ceilings: whose further sources bundles off the chain are made for, and whose minimum per 1,000 dossiers fills up
    the floor with the first of those steps.
    """
    free = [line for line in needs.lines if line.refused is None and line.vnd is not None]
    free = [line for line in free if line.id not in locks or locks[line.id].way == "in"]
    floor = [line for line in free if line.priority == 1 or line.id in locks]
    fixed = {line.id for line in floor}
    rest = _parts([line for line in free if line.id not in fixed])
    unit = _Unit(needs, worth)
    unit.take(floor)
    least = 0.0 if ceilings is None else worth.dossiers_of(needs.commune) / 1000 * (ceilings.minimum_per_1000 or 0)
    spent = sum(line.vnd or 0 for line in floor)
    while rest and spent < least and unit.gains(step := _best(unit, rest)):
        rest, lines = _without(rest, step)
        unit.take(lines)
        floor += lines
        spent += sum(line.vnd or 0 for line in lines)
    bundles = [Bundle(lines=(), vnd=0, hours=0.0, has_floor=not floor)]
    if floor:
        bundles.append(_next(bundles[-1], floor, unit))
    while rest:
        rest, lines = _without(rest, _best(unit, rest))
        unit.take(lines)
        bundles.append(_next(bundles[-1], lines, unit))
    chain = tuple(bundles)
    off = with_sources(chain, ceilings, _Unit(needs, worth).value) if ceilings is not None else _ON_CHAIN
    return Choices(unit=needs.commune.code, bundles=chain, lost=unit.at_first, mixed=off)


def with_sources(chain: Sequence[Bundle], ceilings: Ceilings, hours: Callable[[Sequence[Line]], float]) -> Mixed:
    """Return the bundles of a chain's lines by what each source can still pay; hours: what lines save jointly."""
    if not ceilings.further:
        return _ON_CHAIN
    first = 0 if chain[0].has_floor else 1
    floor = {line.id for line in chain[first].lines}
    path = hull([one.vnd for one in chain[first:]], [weight(one) for one in chain[first:]])
    stops = sorted({0, first, *(first + after for _, after in path)})

    def value(lines: Sequence[Line]) -> tuple[float, bool]:
        return hours(lines), floor <= {line.id for line in lines}

    return mixed(chain, ceilings.mask, len(ceilings.further), stops, value)


class _Unit:
    """Hold what effectively works in a unit while lines are taken, and what it loses still."""

    def __init__(self, needs: UnitNeeds, worth: Worth) -> None:
        self._commune, self._worth = needs.commune, worth
        self._works = [needs.effective.get(item, 0.0) for item in VALUED]
        self._needed = [needs.needed.get(item) for item in VALUED]
        self.at_first = self.lost = self.lost_with(())
        self._known: dict[tuple[float, ...], float] = {}

    def lost_with(self, lines: Sequence[Line]) -> float:
        """Return the hours lost a year with some lines more."""
        works = self._works
        if lines:
            works = list(works)
            for line in lines:
                if line.item in PLACE:
                    works[PLACE[line.item]] += line.gain
        return self._worth.lost_of(
            self._commune, [share_left(one, needed) for one, needed in zip(works, self._needed, strict=True)]
        )

    def value(self, lines: Sequence[Line]) -> float:
        """Return the hours that lines save a year."""
        works = list(self._works)
        for line in lines:
            if line.item in PLACE:
                works[PLACE[line.item]] += line.gain
        key = tuple(works)
        if key not in self._known:
            shares = [share_left(one, needed) for one, needed in zip(works, self._needed, strict=True)]
            self._known[key] = self.at_first - self._worth.lost_of(self._commune, shares)
        return self._known[key]

    def gains(self, step: Sequence[Sequence[Line]]) -> bool:
        """Return whether a step saves anything."""
        return self.lost - self.lost_with([line for part in step for line in part]) > _NO_GAIN

    def take(self, lines: Sequence[Line]) -> None:
        """Count lines as bought."""
        self.lost = self.lost_with(lines)
        for line in lines:
            if line.item in PLACE:
                self._works[PLACE[line.item]] += line.gain


def _next(before: Bundle, lines: Sequence[Line], unit: _Unit) -> Bundle:
    return Bundle(
        lines=before.lines + tuple(lines),
        vnd=before.vnd + sum(line.vnd or 0 for line in lines),
        hours=max(before.hours, unit.at_first - unit.lost),
        has_floor=True,
    )


def _without(
    rest: Sequence[tuple[Line, ...]], step: Sequence[tuple[Line, ...]]
) -> tuple[list[tuple[Line, ...]], list[Line]]:
    return [part for part in rest if part not in step], [line for part in step for line in part]


def _best(unit: _Unit, rest: Sequence[tuple[Line, ...]]) -> tuple[tuple[Line, ...], ...]:
    """Return the part, or the pair where no part helps alone, that saves most a đồng; else the first as they stand."""
    firsts = _firsts(rest)
    for number in (1, 2):
        best: tuple[float, tuple[tuple[Line, ...], ...]] | None = None
        for step in combinations(firsts, number):
            lines = [line for part in step for line in part]
            gained = unit.lost - unit.lost_with(lines)
            rate = gained / max(1, sum(line.vnd or 0 for line in lines))
            if gained > _NO_GAIN and (best is None or rate > best[0]):
                best = (rate, step)
        if best is not None:
            return best[1]
    return (rest[0],)


def _firsts(rest: Sequence[tuple[Line, ...]]) -> list[tuple[Line, ...]]:
    """Return one part of each kind: others of the kind give no more."""
    kinds: dict[tuple[Item, str], tuple[Line, ...]] = {}
    for part in rest:
        if part[0].item in VALUED:
            kinds.setdefault((part[0].item, part[0].action.value), part)
    return list(kinds.values())


def _parts(lines: Sequence[Line]) -> list[tuple[Line, ...]]:
    kinds: dict[tuple[Item, str], list[Line]] = {}
    for line in lines:
        kinds.setdefault((line.item, line.action.value), []).append(line)
    parts = []
    for each in kinds.values():
        each.sort(key=lambda line: (-line.gain / max(1, line.vnd or 0), line.id))
        size = -(-len(each) // _PARTS)
        parts += [tuple(each[at : at + size]) for at in range(0, len(each), size)]
    return parts


def weight(bundle: Bundle) -> float:
    """Return what a plan maximises after the floor: hours, and next to nothing a million, so that norms fill up."""
    return bundle.hours + 1e-3 * bundle.vnd / _MILLION


def worth_of(bundle: Bundle, floor_weight: float) -> float:
    """Return what a plan maximises: the floor before all else."""
    return weight(bundle) + floor_weight * bundle.has_floor


def floor_weight_of(units: Sequence[Choices]) -> float:
    """Return a weight of the floor beyond all hours there are."""
    return 1.0 + sum(max(weight(bundle) for bundle in unit.bundles) for unit in units)
