"""Say a roll-up's five columns by what each adds to the others, so that little is left to store. Pure.

The most lies above the least, the last below the most, the sum near the middle of both; the least follows either the
least before it (a level) or the most before it (a counter). All of it is whole numbers, so it turns back exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from machxa_collector.store.columns import Column

COUNT = 4  # where the count stands among the five
FROM_LEAST, FROM_MOST = 0, 1  # what the least is told from


def apart(low: Column, high: Column, last: Column, total: Column, count: Column) -> tuple[int, tuple[Column, ...]]:
    """Return what the least is told from, and the five columns told by each other.

    A bucket without measurement has None in all but its count, which is 0 there.
    """
    rows = [row for row in zip(low, high, last, total, count, strict=True) if row[0] is not None]
    told = [tuple(value for value in row if value is not None) for row in rows]
    lows, highs = [row[0] for row in told], [row[1] for row in told]
    from_least = sum(abs(later - earlier) for earlier, later in pairwise(lows))
    from_most = [later - earlier for earlier, later in zip(highs, lows[1:], strict=False)]
    way = FROM_MOST if sum(map(abs, from_most)) < from_least else FROM_LEAST
    least = [*lows[:1], *from_most] if way == FROM_MOST else lows
    columns: list[Sequence[int]] = [
        least,
        [row[1] - row[0] for row in told],
        [row[1] - row[2] for row in told],
        [row[3] - _middle(row[0], row[1], row[4]) for row in told],
    ]
    places = [place for place, value in enumerate(low) if value is not None]
    return way, (*(_placed(column, places, len(low)) for column in columns), count)


def together(way: int, columns: Sequence[Column]) -> tuple[Column, ...]:
    """Return the five columns that ``apart`` took apart."""
    least, above, below, beside, count = columns
    lows: list[int | None] = []
    highs: list[int | None] = []
    most: int | None = None
    for step, more in zip(least, above, strict=True):
        if step is None or more is None:
            lows.append(None)
            highs.append(None)
            continue
        low = step if way == FROM_LEAST or most is None else most + step
        most = low + more
        lows.append(low)
        highs.append(most)
    last = tuple(None if high is None or one is None else high - one for high, one in zip(highs, below, strict=True))
    total = tuple(
        None if low is None or high is None or one is None or number is None else one + _middle(low, high, number)
        for low, high, one, number in zip(lows, highs, beside, count, strict=True)
    )
    return tuple(lows), tuple(highs), last, total, tuple(count)


def _middle(low: int, high: int, count: int) -> int:
    return (low + high) * count // 2


def _placed(values: Sequence[int], places: Sequence[int], count: int) -> Column:
    if len(values) == count:
        return tuple(values)
    column: list[int | None] = [None] * count
    for place, value in zip(places, values, strict=True):
        column[place] = value
    return tuple(column)
