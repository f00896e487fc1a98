"""Let the first shared source and a further one share what both may pay, and tell what a unit asks of them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass

from machxa_collector.planning.bundles import Choices
from machxa_collector.planning.covering import Cover
from machxa_collector.planning.mixed import Bundle
from machxa_collector.planning.money import OwnMoney
from machxa_collector.planning.needs import Line


@dataclass(frozen=True, slots=True)
class Asked:
    """Hold what a unit gets at two cuts, its worth, and what that asks at most: all never less than it really is.

    first: of lines that the first source alone may pay. both: of these and those that either may pay. other: of the
    latter alone.
    """

    bundle: Bundle
    worth: float
    first: int
    both: int
    other: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Hold the ceilings of the first source and the further one, and the dearest line that either may pay.

    Lines stay whole: where both pay of them, as much as the dearest is set aside.
    """

    first_vnd: int
    other_vnd: int
    dearest_vnd: int

    def fits(self, first: int, both: int, other: int) -> bool:
        """Return whether sums can be paid, each line by one of the two."""
        return first <= self.first_vnd and (
            other <= self.other_vnd or both + self.dearest_vnd <= self.first_vnd + self.other_vnd
        )


class Unit:
    """Tell what one unit asks at cuts of the chain, further sources' lines besides being paid already."""

    def __init__(
        self,
        choices: Choices,
        money: OwnMoney,
        covered: Cover,
        masks: Sequence[int],
        worth: Callable[[Bundle], float],
        source: int,
    ) -> None:
        """Take a unit: covered is what others than the two pay, source the number of the further one of the two."""
        self._choices, self._money, self._covered, self._source = choices, money, covered, source
        self._worth, self._cheap_vnd = worth, -1
        self._either = {
            line.id
            for line, bits in zip(choices.bundles[-1].lines, masks, strict=True)
            if bits >> source & 1 and line.id not in covered.payers
        }
        rest = [[line for line in one.lines if line.id not in covered.payers] for one in choices.bundles]
        self._either_lines = [[line for line in lines if line.id in self._either] for lines in rest]
        self._alone_lines = [[line for line in lines if line.id not in self._either] for lines in rest]
        self._known: dict[tuple[int, int], Asked] = {}
        self._others: list[Asked] = []
        self._alone_vnd = [_sum(lines) for lines in self._alone_lines]
        self._either_vnd = [_sum(lines) for lines in self._either_lines]
        self._own_either_vnd = [self._payable(lines) for lines in self._either_lines]
        self._bundles: dict[tuple[int, int], tuple[Bundle, float]] = {}
        sums, most = [_sum(lines) for lines in rest], money.most(rest)
        self._free = max(level for level, (vnd, paid) in enumerate(zip(sums, most, strict=True)) if vnd <= paid)
        self.levels = len(choices.bundles)
        self.stops = choices.mixed.stops or tuple(range(len(choices.bundles)))

    def under(self, cheap_vnd: int) -> Unit:
        """Return the unit where own money first pays, of the lines that the first source alone may pay, those up to so.

        Then those that either may pay, then the rest; below 0 it pays the most that it can, whichever.
        """
        other = copy(self)
        other.spend(cheap_vnd)
        return other

    def spend(self, cheap_vnd: int) -> None:
        """Say in which order own money is spent, as under() tells."""
        self._cheap_vnd, self._known, self._others = cheap_vnd, {}, []

    def at(self, first: int, other: int) -> Asked:
        """Return what is had and asked where the first source's cut is at one level, and the further one's at another.

        What the sums name is so that more own money never asks more. Where it pays for a whole beginning of the chain,
        nothing is asked.
        """
        key = (first, max(first, other))
        if key not in self._known:
            self._known[key] = self._asked(*key)
        return self._known[key]

    def others(self) -> list[Asked]:
        """Return all that may be had, the worthiest first, without what costs more for no more worth."""
        if not self._others:
            found = [self.at(first, other) for other in self.stops for first in self.stops if first < other]
            found += [self.at(level, level) for level in range(self.levels)]
            for one in sorted(found, key=lambda one: (-one.worth, one.both, one.first)):
                if not any(
                    had.first <= one.first and had.both <= one.both and had.other <= one.other for had in self._others
                ):
                    self._others.append(one)
        return self._others

    def alone(self) -> tuple[list[int], list[float]]:
        """Return by level the cost and the worth of what the further source could pay alone."""
        had = [self._bundle(0, level) for level in range(self.levels)]
        return [bundle.vnd for bundle, _ in had], [worth for _, worth in had]

    def own(self, bundle: Bundle) -> frozenset[str]:
        """Return the lines of a bundle that own money pays."""
        lines = [line for line in bundle.lines if line.id not in self._covered.payers]
        paid, left = frozenset[str](), self._money
        if self._cheap_vnd < 0:
            paid = self._money.paid(lines)
        else:
            for group in self._groups([line for line in lines if line.id not in self._either], self.either(bundle)):
                paid |= left.paid(group)
                left = left.less(self._payable(group))
        spent = sum(line.vnd or 0 for line in lines if line.id in paid)
        return paid | self._money.less(spent).paid([line for line in bundle.lines if line.id not in paid])

    def either(self, bundle: Bundle) -> list[Line]:
        """Return the lines that either source may pay."""
        return [line for line in bundle.lines if line.id in self._either]

    def _bundle(self, first: int, other: int) -> tuple[Bundle, float]:
        """Return the bundle of two cuts, with its worth."""
        if (first, other) not in self._bundles:
            chained = self._choices.bundles[first]
            found = (chained, self._worth(chained))
            cuts = [first, *self._covered.cuts]
            cuts[self._source + 1] = other
            mixed = self._choices.mixed.at(cuts)
            if mixed is not None and self._worth(mixed) > found[1]:
                found = (mixed, self._worth(mixed))
            self._bundles[first, other] = found
        return self._bundles[first, other]

    def _asked(self, first: int, other: int) -> Asked:
        had, free = self._bundle(first, other), self._bundle(self._free, self._free)
        bundle, worth = had if had[1] > free[1] else free
        if other <= self._free:
            return Asked(bundle, worth, 0, 0, 0)
        alone, either = self._alone_lines[first], self._either_lines[other]
        vnd, more = self._alone_vnd[first], self._either_vnd[other]
        if self._cheap_vnd < 0:
            most = self._money.most([alone + either])[0]
            both = vnd + more - most
            return Asked(bundle, worth, vnd - max(0, most - self._own_either_vnd[other]), both, min(more, both))
        paid, left = [], self._money
        for group in self._groups(alone, either):
            paid.append(left.most([group])[0])
            left = left.less(self._payable(group))
        rest, asked = vnd - paid[0] - paid[2], more - paid[1]
        return Asked(bundle, worth, rest, rest + asked, asked)

    def _groups(self, alone: Sequence[Line], either: Sequence[Line]) -> tuple[Sequence[Line], ...]:
        """Return in which order own money is spent: on the next group once all of one before is paid."""
        cheap = [line for line in alone if (line.vnd or 0) <= self._cheap_vnd]
        return cheap, either, [line for line in alone if (line.vnd or 0) > self._cheap_vnd]

    def _payable(self, lines: Sequence[Line]) -> int:
        return _sum(lines if self._money.pays_all else [line for line in lines if self._money.may_pay(line)])


def _sum(lines: Sequence[Line]) -> int:
    return sum([line.vnd or 0 for line in lines])
