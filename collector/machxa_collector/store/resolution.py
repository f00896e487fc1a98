"""Say the same quantity in one resolution, whatever resolutions an agent's releases measured it in. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import gcd, lcm

from machxa_wire.records import Label, Series


def common_resolution(series: Iterable[Series]) -> dict[Series, Series]:
    """Return for each series the one of the same name and labels in which every value of theirs is whole."""
    found: dict[tuple[str, tuple[Label, ...]], set[Series]] = {}
    for one in series:
        found.setdefault((one.name, one.labels), set()).add(one)
    return {one: _common(alike) for alike in found.values() for one in alike}


def at_resolution(column: Sequence[int | None], source: Series, target: Series) -> Sequence[int | None]:
    """Return a column of one series in the resolution of another that ``common_resolution`` chose for it."""
    if source == target:
        return column
    factor = source.multiplier * target.divisor // (source.divisor * target.multiplier)
    return [None if value is None else value * factor for value in column]


def real(series: Series, value: int | None) -> int | float | None:
    """Return a value in the metric's own unit, a whole number where the resolution is one."""
    if value is None:
        return None
    whole = value * series.multiplier
    return whole if series.divisor == 1 else whole / series.divisor


def real_column(series: Series, column: Sequence[int | None]) -> Sequence[int | float | None]:
    """Return a column in the metric's own unit, as ``real`` does value by value."""
    factor, divisor = series.multiplier, series.divisor
    if divisor != 1:
        return [None if value is None else value * factor / divisor for value in column]
    return column if factor == 1 else [None if value is None else value * factor for value in column]


def _common(alike: set[Series]) -> Series:
    if len(alike) == 1:
        return next(iter(alike))
    one = next(iter(alike))
    divisor = lcm(*(each.divisor for each in alike))
    multiplier = gcd(*(each.multiplier * divisor // each.divisor for each in alike))
    shared = gcd(multiplier, divisor)
    return Series(one.name, one.labels, multiplier // shared, divisor // shared)
