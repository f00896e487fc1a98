"""Search two cuts in the order of all units' steps, one for each of two sources, with one unit set apart. Pure.

Every pair of cuts that the ceilings allow is weighed, and each with one unit at other cuts of its own; what cannot be
better than the best so far is not looked at. So more money never makes the outcome worse.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from machxa_collector.planning.hull import Step
from machxa_collector.planning.sharing import Asked, Pair, Unit


@dataclass(frozen=True, slots=True)
class Found:
    """Hold what each unit gets, and the worth of all."""

    asked: tuple[Asked, ...]
    worth: float


def search(
    units: Sequence[Unit],
    steps: tuple[Sequence[Step], Sequence[Step]],
    pair: Pair,
    prices: tuple[float, float],
    reached: float,
) -> Found | None:
    """Return the best of all cuts, None where none is worth more than reached; steps: in which order each cut is moved.

    prices: of the first source's money and of either's, only to look at less.
    """
    return _Search(units, steps, pair, prices, reached).run()


class _Search:
    def __init__(
        self,
        units: Sequence[Unit],
        steps: tuple[Sequence[Step], Sequence[Step]],
        pair: Pair,
        prices: tuple[float, float],
        reached: float,
    ) -> None:
        self._units, self._steps, self._pair, self._prices = units, steps, pair, prices
        self._others = [unit.others() for unit in units]
        self._tops = [each[0].worth for each in self._others]
        self._bests = [max(self._priced(one) for one in each) for each in self._others]
        self._limit = sum(self._bests) + prices[0] * pair.first_vnd + prices[1] * (pair.first_vnd + pair.other_vnd)
        self._levels = [[0, 0] for _ in units]
        self._now = [unit.at(0, 0) for unit in units]
        self._worth = sum(one.worth for one in self._now)
        self._sums = [sum(getattr(one, name) for one in self._now) for name in ("first", "both", "other")]
        self._gaps = [top - one.worth for top, one in zip(self._tops, self._now, strict=True)]
        self._lacks = [best - self._priced(one) for best, one in zip(self._bests, self._now, strict=True)]
        self._best, self._held = reached, tuple[Asked, ...]()

    def run(self) -> Found | None:
        """Walk along the edge of what fits: one cut wider, the other as narrow as it must be."""
        last = self._widest()
        for first in range(len(self._steps[0]) + 1):
            if first:
                self._move(0, first - 1, 2)
            while not self._fits() and last:
                last -= 1
                self._move(1, last, 1)
            if not self._fits():
                break
            self._look_inside(last)
        return Found(self._held, self._best) if self._held else None

    def _widest(self) -> int:
        for number in range(len(self._steps[1])):
            self._move(1, number, 2)
            if not self._fits():
                self._move(1, number, 1)
                return number
        return len(self._steps[1])

    def _look_inside(self, last: int) -> None:
        """Weigh a first cut with all second cuts from one down, as long as one unit more could make up for it."""
        number = last
        while self._worth + max(self._gaps) > self._best:
            self._weigh()
            if not number:
                break
            number -= 1
            self._move(1, number, 1)
        for back in range(number, last):
            self._move(1, back, 2)

    def _weigh(self) -> None:
        if self._worth > self._best:
            self._best, self._held = self._worth, tuple(self._now)
        most = self._limit - sum(self._lacks)  # with one unit apart no more than what it lacks is to be had beyond
        if most + max(self._lacks) <= self._best:
            return
        need, place, other = self._best - self._worth, -1, self._now[0]
        first, both, rest = self._sums
        for at, (gap, now) in enumerate(zip(self._gaps, self._now, strict=True)):
            if gap <= need or most + self._lacks[at] <= self._worth + need:
                continue
            for one in self._others[at]:
                if one.worth - now.worth <= need:
                    break
                if self._pair.fits(
                    first + one.first - now.first, both + one.both - now.both, rest + one.other - now.other
                ):
                    need, place, other = one.worth - now.worth, at, one
                    break
        if place >= 0:
            self._best = self._worth + need
            self._held = (*self._now[:place], other, *self._now[place + 1 :])

    def _move(self, which: int, number: int, to: int) -> None:
        """Take one step with one of the cuts: to 2 forward, to 1 back."""
        at = self._steps[which][number][0]
        self._levels[at][which] = self._steps[which][number][to]
        before, now = self._now[at], self._units[at].at(*self._levels[at])
        self._now[at] = now
        self._worth += now.worth - before.worth
        self._sums[0] += now.first - before.first
        self._sums[1] += now.both - before.both
        self._sums[2] += now.other - before.other
        self._gaps[at] = self._tops[at] - now.worth
        self._lacks[at] = self._bests[at] - self._priced(now)

    def _fits(self) -> bool:
        return self._pair.fits(*self._sums)

    def _priced(self, one: Asked) -> float:
        return one.worth - self._prices[0] * one.first - self._prices[1] * one.both
