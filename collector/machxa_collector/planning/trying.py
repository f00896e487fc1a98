"""Try ways of spending, none of which depends on how much money there is, and give the best that it allows. Pure.

Each further source can be cut where its own money ends, before the first one is; or it shares with the first one what
both may pay.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from machxa_collector.planning.bundles import Choices, worth_of
from machxa_collector.planning.ceilings import Ceilings
from machxa_collector.planning.chosen import Chosen, chosen
from machxa_collector.planning.covering import Cover, Masks, cover, masks_of, orders
from machxa_collector.planning.hull import Step, steps
from machxa_collector.planning.mixed import Bundle
from machxa_collector.planning.money import OwnMoney
from machxa_collector.planning.needs import Line
from machxa_collector.planning.pairing import search
from machxa_collector.planning.relaxed import Relaxation
from machxa_collector.planning.searching import best_levels
from machxa_collector.planning.sharing import Pair, Unit

Way = tuple[float, list[Chosen]]  # its worth


def tried(
    units: Sequence[Choices],
    money: Sequence[OwnMoney],
    order: Sequence[Step],
    ceilings: Ceilings,
    floor_weight: float,
    relaxation: Relaxation,
) -> list[Chosen]:
    """Return what each unit gets in the best way tried."""
    one = _Trying(units, money, order, ceilings, floor_weight)
    worth, best = max(one.in_turn(), key=lambda way: way[0])
    if not ceilings.further:
        return best
    better = list(one.shared(worth, relaxation.bound(worth).prices))  # each is better than the one before
    return better[-1][1] if better else best


class _Trying:
    def __init__(
        self,
        units: Sequence[Choices],
        money: Sequence[OwnMoney],
        order: Sequence[Step],
        ceilings: Ceilings,
        floor_weight: float,
    ) -> None:
        self._units, self._money, self._order, self._ceilings = units, money, order, ceilings
        self._floor_weight = floor_weight
        self._masks: Masks = masks_of(units, ceilings)
        self._orders = list(orders(self._masks, len(ceilings.further)))

    def in_turn(self) -> Iterator[Way]:
        """Yield the best ways where each further source pays as far as it goes, and the first one then."""
        for order in self._orders:
            covers = cover(self._units, self._order, self._masks, self._ceilings, order)
            bundles = [self._had(unit, one) for unit, one in zip(self._units, covers, strict=True)]
            costs = [self._costs(at, one) for at, one in enumerate(covers)]
            worth = [[self._worth(bundle) for bundle in each] for each in bundles]
            levels = best_levels(costs, worth, self._order, self._ceilings.shared_vnd)
            found = [self._chosen(at, bundles[at][level], covers[at]) for at, level in enumerate(levels)]
            yield sum(worth[at][level] for at, level in enumerate(levels)), found

    def shared(self, reached: float, prices: Sequence[float]) -> Iterator[Way]:
        """Yield better and better ways where one further source shares with the first, and others pay in turn.

        reached: the worth to begin from; prices: what money is worth about.
        """
        for source in range(len(self._ceilings.further)):
            mine = [bits >> source & 1 for each in self._masks for bits in each]
            lines = [line.vnd or 0 for unit in self._units for line in unit.bundles[-1].lines]
            dearest = max((vnd for vnd, is_mine in zip(lines, mine, strict=True) if is_mine), default=None)
            if dearest is None:
                continue
            pair = Pair(self._ceilings.shared_vnd, self._ceilings.further[source].vnd, dearest)
            least = min(prices[0], prices[source + 1])
            for order in sorted({tuple(at for at in order if at != source) for order in self._orders}):
                covers = cover(self._units, self._order, self._masks, self._ceilings, order)
                known = [
                    Unit(*each, self._worth, source)
                    for each in zip(self._units, self._money, covers, self._masks, strict=True)
                ]
                costs, worth = zip(*(one.alone() for one in known), strict=True)
                alone = steps(costs, worth)
                for cheap_vnd in (-1, 2 * dearest):
                    asked = [one.under(cheap_vnd) for one in known]
                    found = search(asked, (self._order, alone), pair, (prices[0] - least, least), reached)
                    if found is not None:
                        reached = found.worth
                        bundles = [one.bundle for one in found.asked]
                        yield reached, self._split(asked, bundles, covers, source)

    def _split(
        self, asked: Sequence[Unit], bundles: Sequence[Bundle], covers: Sequence[Cover], source: int
    ) -> list[Chosen]:
        """Return who pays what of bundles that a pair of sources can pay: the further one the dearest that it can."""
        own = [unit.own(bundle) for unit, bundle in zip(asked, bundles, strict=True)]
        either = [
            (-(line.vnd or 0), at, line.id)
            for at, (unit, bundle) in enumerate(zip(asked, bundles, strict=True))
            for line in unit.either(bundle)
            if line.id not in own[at]
        ]
        left, payers = self._ceilings.further[source].vnd, [dict(one.payers) for one in covers]
        for vnd, at, line in sorted(either):
            if -vnd <= left:
                left += vnd
                payers[at][line] = source
        return [
            chosen(unit.unit, bundle, mine, paid)
            for unit, bundle, mine, paid in zip(self._units, bundles, own, payers, strict=True)
        ]

    def _worth(self, bundle: Bundle) -> float:
        return worth_of(bundle, self._floor_weight)

    def _had(self, unit: Choices, covered: Cover) -> Sequence[Bundle]:
        """Return what a unit has at each level of the first source's cut, the others' given."""
        if not any(covered.cuts):
            return unit.bundles
        found = []
        for level, chained in enumerate(unit.bundles):
            mixed = unit.mixed.at((level, *covered.cuts))
            found.append(chained if mixed is None or self._worth(mixed) <= self._worth(chained) else mixed)
        return found

    def _costs(self, at: int, covered: Cover) -> list[int]:
        """Return what the first source pays at each level at most."""
        asked = [_uncovered(bundle.lines, covered) for bundle in self._units[at].bundles]
        paid = self._money[at].most(asked)
        return [sum(line.vnd or 0 for line in lines) - most for lines, most in zip(asked, paid, strict=True)]

    def _chosen(self, at: int, bundle: Bundle, covered: Cover) -> Chosen:
        own = self._money[at].paid(_uncovered(bundle.lines, covered))
        if covered.payers:  # what is left of own money takes from the others what it can
            spent = sum(line.vnd or 0 for line in bundle.lines if line.id in own)
            own |= self._money[at].less(spent).paid([line for line in bundle.lines if line.id in covered.payers])
        return chosen(self._units[at].unit, bundle, own, covered.payers)


def _uncovered(lines: Sequence[Line], covered: Cover) -> Sequence[Line]:
    return [line for line in lines if line.id not in covered.payers] if covered.payers else lines
