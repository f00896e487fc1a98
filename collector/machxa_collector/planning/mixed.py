"""Make of a unit's chain of bundles those that leave out what a source cannot pay once another one is used up. Pure.

A source's cut on the chain is the last level whose lines it pays. A line is bought where a source that may pay for it
has its cut there or later; so a bundle is told by the cuts.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from machxa_collector.planning.needs import Line

Levels = Sequence[int]  # the first source's cut, then each further one's


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Hold lines bought together: their cost, the dossier-hours a year they save jointly, whether the floor is met."""

    lines: tuple[Line, ...]
    vnd: int
    hours: float
    has_floor: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixed:
    """Hold the bundles of cuts by how many lines of each class they have; a class: lines that the same may pay.

    classes: the further sources of each, as bits. counts: of each class the lines up to each level. stops: the levels
    at which cuts are told apart.
    """

    classes: tuple[int, ...] = ()
    counts: tuple[tuple[int, ...], ...] = ()
    stops: tuple[int, ...] = ()
    bundles: Mapping[tuple[int, ...], Bundle] = field(default_factory=dict)
    _known: dict[tuple[int, ...], Bundle] = field(default_factory=dict, compare=False, repr=False)

    def at(self, cuts: Levels) -> Bundle | None:
        """Return the bundle of cuts, taken down to the stops; None without any that a further source may pay."""
        if not self.bundles:
            return None
        stops = tuple(self.stops[bisect_right(self.stops, cut) - 1] for cut in cuts)
        if stops not in self._known:
            self._known[stops] = self.bundles[self.key(stops)]
        return self._known[stops]

    def key(self, cuts: Levels) -> tuple[int, ...]:
        """Return how many lines of each class are bought under cuts."""
        return tuple(count[reach(bits, cuts)] for bits, count in zip(self.classes, self.counts, strict=True))


def reach(bits: int, cuts: Levels) -> int:
    """Return the level up to which lines of a class are bought."""
    return max(cuts[0], *(cut for at, cut in enumerate(cuts[1:]) if bits >> at & 1), 0)


def mixed(
    chain: Sequence[Bundle],
    mask: Callable[[Line], int],
    sources: int,
    stops: Sequence[int],
    value: Callable[[Sequence[Line]], tuple[float, bool]],
) -> Mixed:
    """Return the bundles of all cuts at stops; sources: how many further ones; value: hours and floor of lines."""
    lines = chain[-1].lines
    masks = [mask(line) for line in lines]
    if not any(masks):
        return Mixed()
    classes = tuple(sorted(set(masks)))
    counts = tuple(tuple(masks[: len(one.lines)].count(bits) for one in chain) for bits in classes)
    found = Mixed(classes=classes, counts=counts, stops=tuple(stops))
    bundles = {found.key((level,) * (sources + 1)): one for level, one in enumerate(chain)}
    for cuts in product(found.stops, repeat=sources + 1):
        key = found.key(cuts)
        if key not in bundles:
            bundles[key] = _bundle(lines, masks, dict(zip(classes, key, strict=True)), value)
    return Mixed(classes=classes, counts=counts, stops=tuple(stops), bundles=bundles)


def _bundle(
    lines: Sequence[Line],
    masks: Sequence[int],
    left: dict[int, int],
    value: Callable[[Sequence[Line]], tuple[float, bool]],
) -> Bundle:
    taken = []
    for line, bits in zip(lines, masks, strict=True):
        if left[bits]:
            left[bits] -= 1
            taken.append(line)
    hours, has_floor = value(taken)
    return Bundle(lines=tuple(taken), vnd=sum(line.vnd or 0 for line in taken), hours=hours, has_floor=has_floor)
