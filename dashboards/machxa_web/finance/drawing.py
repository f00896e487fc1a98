"""Compute the bars that templates draw as SVG; a table beside each says the same. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

BAR_HEIGHT, BAR_STEP, BAR_LEFT, BAR_ROOM = 14, 20, 92, 150
_TALL, _WIDE, _STEP = 150, 40, 98


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Hold a bar in the drawing's own units; value stands beside."""

    x: float
    y: float
    width: float
    height: float
    label: str = ""
    value: float = 0.0
    is_open: bool = False  # of what is not known


def lying(counts: Sequence[int], labels: Sequence[str], *, last_is_open: bool) -> tuple[Bar, ...]:
    """Return one bar under the other, the longest as long as there is room; the last may be of what is not known."""
    most = max(counts, default=0) or 1
    return tuple(
        Bar(
            x=BAR_LEFT,
            y=at * BAR_STEP + 4,
            width=round(BAR_ROOM * count / most, 1),
            height=BAR_HEIGHT,
            label=label,
            value=count,
            is_open=last_is_open and at == len(counts) - 1,
        )
        for at, (count, label) in enumerate(zip(counts, labels, strict=True))
    )


def standing(years: Sequence[Mapping[str, object]]) -> tuple[Bar, ...]:
    """Return two bars for each year: what ends by the longest useful lives, then by the shortest (is_open)."""
    sums: dict[int, list[float]] = {}
    for row in years:
        if isinstance(year := row["year"], int):
            both = sums.setdefault(year, [0.0, 0.0])
            for at, vnd in enumerate((row["longest_vnd"], row["shortest_vnd"])):
                both[at] += vnd if isinstance(vnd, (int, float)) else 0.0
    highest = max((one for both in sums.values() for one in both), default=0.0) or 1.0
    return tuple(
        Bar(
            x=at * _STEP + 5 + which * (_WIDE + 4),
            y=round(_TALL - _TALL * value / highest, 1),
            width=_WIDE,
            height=round(_TALL * value / highest, 1),
            label=str(year),
            value=value,
            is_open=bool(which),
        )
        for at, (year, both) in enumerate(sorted(sums.items()))
        for which, value in enumerate(both)
    )


def shares(values: Sequence[float | None]) -> tuple[float, ...]:
    """Return each value's part of the greatest, 0 to 100; what is not known is 0 and worded in its row."""
    most = max((value for value in values if value is not None), default=0.0) or 1.0
    return tuple(0.0 if value is None else round(100 * value / most, 1) for value in values)
