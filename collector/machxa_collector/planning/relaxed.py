"""Bound what any plan can reach, by the linear relaxation over all ceilings at once. Pure.

Prices are set on the money of each shared source: whoever pays them takes the bundles that are worth most after. What
is won so, with the ceilings' money at these prices, no plan exceeds, whatever the prices; they are searched for the
least. A line costs the least price of who may pay it. What own money saves at most is taken from the sums it can
really reach, of the dearest lines first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from machxa_collector.planning.bundles import Choices, weight
from machxa_collector.planning.ceilings import Ceilings
from machxa_collector.planning.covering import masks_of
from machxa_collector.planning.hull import steps
from machxa_collector.planning.mixed import Bundle
from machxa_collector.planning.money import OwnMoney

_ROUNDS = 60
_PATIENCE = 2  # rounds without a better bound
_CLOSE = 2e-4  # of the bound: nearer there is nothing to tell


class Relaxed(NamedTuple):
    """Hold the bound, and what it prices a đồng of each shared source at."""

    most: float
    prices: tuple[float, ...]


def _filled(shared: Sequence[Sequence[int]], worth: Sequence[Sequence[float]], ceiling: int) -> tuple[float, float]:
    """Return the relaxation's worth, and what the last đồng gives."""
    most = rate = 0.0
    for value, paid in zip(worth, shared, strict=True):
        least = min(paid)
        most += max(one for one, vnd in zip(value, paid, strict=True) if vnd == least)
        ceiling -= least
    for at, before, after in steps(shared, worth):
        asked = shared[at][after] - shared[at][before]
        gain = worth[at][after] - worth[at][before]
        share = 1.0 if asked <= 0 else min(1.0, max(0.0, ceiling / asked))
        most += share * gain
        ceiling -= asked
        if share < 1.0:
            rate = gain / max(1, asked)
            break
    return most, rate


class Relaxation:
    """Bound plans of some units under some ceilings."""

    def __init__(
        self, units: Sequence[Choices], money: Sequence[OwnMoney], ceilings: Ceilings, floor_weight: float
    ) -> None:
        self._money = money
        self._vnd = [source.vnd for source in ceilings.shared()]
        self._chains = [len(unit.bundles) for unit in units]
        self._bundles: list[list[Bundle]] = []
        for unit in units:
            had = {id(one) for one in unit.bundles}
            self._bundles.append([*unit.bundles, *(one for one in unit.mixed.bundles.values() if id(one) not in had)])
        self._worth = [[weight(one) + floor_weight * one.has_floor for one in each] for each in self._bundles]
        masks = masks_of(units, ceilings)
        self._mask = {
            line.id: bits
            for unit, each in zip(units, masks, strict=True)
            for line, bits in zip(unit.bundles[-1].lines, each, strict=True)
        }
        self._classes = sorted({0, *self._mask.values()})
        self._asked: dict[frozenset[int], list[list[int]]] = {}
        most, rate = _filled(self._sums(frozenset(self._classes)), self._worth, sum(self._vnd))
        self._found = Relaxed(most, (rate,) * len(self._vnd))

    def bound(self, reached: float) -> Relaxed:
        """Return what no plan can exceed; reached: the worth of one that there is."""
        if len(self._vnd) > 1:
            self._found = self._least(reached)
        return self._found

    def _least(self, reached: float) -> Relaxed:
        """Return the least bound found by stepping down from the one at hand."""
        best, best_prices = self._found
        prices, aim, failed = list(best_prices), (best - reached) / 2, 0
        for _ in range(_ROUNDS):
            if best - reached <= _CLOSE * abs(best):
                break
            bound, over = self._at(prices)
            length = sum(one * one for one in over)
            failed = 0 if bound < best else failed + 1
            if bound < best:
                best, best_prices = bound, tuple(prices)
            elif failed > _PATIENCE:
                aim, failed, prices = aim / 2, 0, list(best_prices)
                bound, over = self._at(prices)
                length = sum(one * one for one in over)
            if not length:
                break
            step = max(0.0, bound - (best - aim)) / length
            prices = [max(0.0, price - step * one) for price, one in zip(prices, over, strict=True)]
        return Relaxed(best, best_prices)

    def _at(self, prices: Sequence[float]) -> tuple[float, list[int]]:
        """Return the bound at prices of the sources' money, and how much of each source's money it leaves."""
        payers = {bits: self._payer(bits, prices) for bits in self._classes}
        order = sorted(self._classes, key=lambda bits: (-prices[payers[bits]], bits))
        tops = [frozenset(order[: at + 1]) for at in range(len(order))]
        asked = [self._sums(top) for top in tops]
        falls = [prices[payers[bits]] for bits in order]
        falls = [one - other for one, other in zip(falls, [*falls[1:], 0.0], strict=True)]
        used = [(fall, sums) for fall, sums in zip(falls, asked, strict=True) if fall]
        bound, left = sum(price * vnd for price, vnd in zip(prices, self._vnd, strict=True)), list(self._vnd)
        for at, worth in enumerate(self._worth):
            value = list(worth)
            for fall, sums in used:
                value = [one - fall * vnd for one, vnd in zip(value, sums[at], strict=True)]
            most = max(value)
            bound += most
            taken, before = value.index(most), 0
            for bits, sums in zip(order, asked, strict=True):
                left[payers[bits]] -= sums[at][taken] - before
                before = sums[at][taken]
        return bound, left

    def _payer(self, bits: int, prices: Sequence[float]) -> int:
        able = (0, *(at for at in range(1, len(prices)) if bits >> (at - 1) & 1))
        return min(able, key=lambda at: (prices[at], -at))

    def _sums(self, classes: frozenset[int]) -> list[list[int]]:
        """Return what each bundle of each unit asks of the lines of some classes once own money paid its most."""
        if classes not in self._asked:
            self._asked[classes] = [self._unit(at, classes) for at in range(len(self._bundles))]
        return self._asked[classes]

    def _unit(self, at: int, classes: frozenset[int]) -> list[int]:
        asked = [[line for line in one.lines if self._mask[line.id] in classes] for one in self._bundles[at]]
        sums = [sum(line.vnd or 0 for line in lines) for lines in asked]
        chain = self._chains[at]
        most = self._money[at].most(asked[:chain]) + [self._money[at].most([lines])[0] for lines in asked[chain:]]
        return [vnd - paid for vnd, paid in zip(sums, most, strict=True)]
