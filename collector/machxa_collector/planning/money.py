"""Tell what of a bundle a unit's own money pays, piece by piece: each line has one source. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd

from machxa_collector.planning.needs import Line
from machxa_collector.planning.words import Item

_MOST_STEPS = 200_000  # of the table of sums; finer prices are rounded, against own money


class OwnMoney:
    """Give what a unit's own ceiling pays at most of growing sets of lines; items None: all classes may be paid."""

    def __init__(self, ceiling_vnd: int, items: frozenset[Item] | None, prices: Sequence[int]) -> None:
        """Choose the step of the table: the prices' common divisor, coarser where the table would grow too long."""
        self._ceiling, self._items, self._prices = max(0, ceiling_vnd), items, prices
        step = max(1, gcd(*prices)) if prices else 1
        coarse = -(-self._ceiling // _MOST_STEPS)
        self._step, self._is_exact = max(step, coarse), coarse <= step
        self._mask = (1 << (self._ceiling // self._step + 1)) - 1

    @property
    def pays_all(self) -> bool:
        """Return whether own money may buy lines of every class."""
        return self._items is None

    def less(self, vnd: int) -> OwnMoney:
        """Return what is left of the ceiling once a sum is spent."""
        return OwnMoney(self._ceiling - vnd, self._items, self._prices)

    def may_pay(self, line: Line) -> bool:
        """Return whether own money may buy a line."""
        return self._items is None or line.item in self._items

    def most(self, bundles: Sequence[Sequence[Line]]) -> list[int]:
        """Return the most own money can pay of each of nested sets of lines, in đồng."""
        if not self._ceiling:
            return [0] * len(bundles)
        sums, seen, found = 1, 0, []
        for lines in bundles:
            for line in lines[seen:]:
                if line.vnd and (self._items is None or line.item in self._items):
                    sums |= (sums << -(-line.vnd // self._step)) & self._mask
            seen = len(lines)
            found.append((sums.bit_length() - 1) * self._step if self._is_exact else self._really(lines))
        return found

    def paid(self, lines: Sequence[Line]) -> frozenset[str]:
        """Return the ids of the lines that own money pays so that it pays the most."""
        if not self._ceiling:
            return frozenset()
        able = [line for line in lines if self.may_pay(line) and line.vnd]
        tables = [1]
        for line in able:
            tables.append(tables[-1] | ((tables[-1] << -(-(line.vnd or 0) // self._step)) & self._mask))
        at, chosen = tables[-1].bit_length() - 1, []
        for number in range(len(able) - 1, -1, -1):
            if not (tables[number] >> at) & 1:
                chosen.append(able[number].id)
                at -= -(-(able[number].vnd or 0) // self._step)
        return frozenset(chosen)

    def _really(self, lines: Sequence[Line]) -> int:
        paid = self.paid(lines)
        return sum(line.vnd or 0 for line in lines if line.id in paid)
