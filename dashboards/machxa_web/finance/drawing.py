"""Compute the bars that templates draw as SVG; a table beside each says the same. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

BAR_HEIGHT, BAR_STEP, BAR_LEFT, BAR_ROOM = 14, 20, 92, 150
_TALL, _WIDE, _STEP = 150, 44, 96


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Hold a bar in the drawing's own units; more is what may come on top of it, and value stands beside."""

    x: float
    y: float
    width: float
    height: float
    more: float = 0.0
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
    """Return one bar for each year: its least sum, and on top of it what it may be at most."""
    sums: dict[int, list[float]] = {}
    for row in years:
        least, most, year = row["least_vnd"], row["most_vnd"], row["year"]
        if isinstance(year, int):
            both = sums.setdefault(year, [0.0, 0.0])
            known = least if isinstance(least, (int, float)) else 0.0
            both[0] += known
            both[1] += max(known, most) if isinstance(most, (int, float)) else known  # no bar ends below its least
    highest = max((most for _, most in sums.values()), default=0.0) or 1.0
    return tuple(
        Bar(
            x=at * _STEP + 20,
            y=round(_TALL - _TALL * least / highest, 1),
            width=_WIDE,
            height=round(_TALL * least / highest, 1),
            more=round(_TALL * (most - least) / highest, 1),
            label=str(year),
            value=most,
        )
        for at, (year, (least, most)) in enumerate(sorted(sums.items()))
    )


def shares(values: Sequence[float | None]) -> tuple[float, ...]:
    """Return each value's part of the greatest, 0 to 100; what is not known is 0 and worded in its row."""
    most = max((value for value in values if value is not None), default=0.0) or 1.0
    return tuple(0.0 if value is None else round(100 * value / most, 1) for value in values)
