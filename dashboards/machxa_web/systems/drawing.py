"""Lay a system's hours out as a strip of bars with signs below, as a table of days, and in counts of hours. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from machxa_web.languages import VIET_NAM
from machxa_web.systems.shapes import Cell
from machxa_web.systems.words import LEVELS

HEIGHT = 30  # of a bar in which every watched site tells something
DAY_HOURS, WEEK_HOURS = 24, 168
_WIDTHS = {DAY_HOURS: 12, WEEK_HOURS: 3}
_TICK_HOURS = 6
_LEAST_BAD = 3  # what hangs at few sites is seen all the same
_STOPPED_PART, _PARTLY_PART, _SLOW_PART = 3, 10, 3
_SIGNED = frozenset({"stopped", "partly", "slow"})
_SIGN_WIDTH, _LABEL_WIDTH = 11, 34


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """Hold a drawing: a path for each word, signs and ticks with the middle of their places, and hours by level."""

    width: int
    paths: tuple[tuple[str, str], ...]
    signs: tuple[tuple[str, float], ...]
    ticks: tuple[tuple[int, str], ...]
    hours: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """Hold one hour in words: its level, and which share of the sites that could tell saw it well, 0 to 100."""

    clock: str
    level: str
    well: int | None
    cell: Cell
    place: int


def level_of(cell: Cell) -> str:
    """Return the word for an hour; few sites are judged like many."""
    watched, well, slow, bad = cell
    known = well + slow + bad
    if not known:
        return "unknown" if watched else "unwatched"
    if bad * _STOPPED_PART >= known:
        return "stopped"
    if bad * _PARTLY_PART >= known:
        return "partly"
    return "slow" if (slow + bad) * _SLOW_PART >= known else "well"


def strip_of(cells: Sequence[Cell], first: datetime) -> Strip:
    """Return the drawing of some hours, a day or a week of them, the oldest first; first is when they begin."""
    width = _WIDTHS[DAY_HOURS if len(cells) <= DAY_HOURS else WEEK_HOURS]
    parts: dict[str, list[str]] = {"bad": [], "slow": [], "well": [], "unknown": []}
    place = 0
    for heights, run in groupby(map(_heights, cells)):
        wide = width * len(tuple(run))
        for word, (top, tall) in zip(parts, heights, strict=True):
            if tall:
                parts[word].append(f"M{place} {top}h{wide}v{tall}h-{wide}z")
        place += wide
    levels = [level_of(cell) for cell in cells]
    counts = Counter(levels)
    return Strip(
        width=place,
        paths=tuple((word, "".join(drawn)) for word, drawn in parts.items() if drawn),
        signs=tuple(_signs(levels, width)),
        ticks=tuple(_ticks(len(cells), first, width)),
        hours=tuple((level, counts[level]) for level in LEVELS if counts[level]),
    )


def days_of(cells: Sequence[Cell], first: datetime) -> tuple[tuple[date, tuple[Hour | None, ...]], ...]:
    """Return the hours by days here, the newest first, 24 places each; None is an hour that was not asked for."""
    found: dict[date, list[Hour | None]] = {}
    for place, cell in enumerate(cells):
        began = (first + timedelta(hours=place)).astimezone(VIET_NAM)
        known = sum(cell[1:])
        share = round(100 * cell[1] / known) if known else None
        hours = found.setdefault(began.date(), [None] * DAY_HOURS)
        hours[began.hour] = Hour(clock=f"{began:%H}", level=level_of(cell), well=share, cell=cell, place=place)
    return tuple((day, tuple(found[day])) for day in sorted(found, reverse=True))


def _heights(cell: Cell) -> tuple[tuple[int, int], ...]:
    """Return top and height of what hangs, is slow, is well and is not known, from the ground up."""
    watched, well, slow, bad = cell
    if not watched:
        return ((HEIGHT, 0),) * 4
    edges = [round(HEIGHT * share / watched) for share in (bad, bad + slow, bad + slow + well, watched)]
    if bad:
        edges[0] = max(edges[0], _LEAST_BAD)
    edges = [max(edge, edges[0]) for edge in edges]
    lows = (0, *edges[:-1])
    return tuple((HEIGHT - high, high - low) for low, high in zip(lows, edges, strict=True))


def _signs(levels: Sequence[str], width: int) -> list[tuple[str, float]]:
    """Return a sign for each run of hours that are not well, as far as they do not lie on one another."""
    found: list[tuple[str, float]] = []
    place, free_from = 0, 0.0
    for level, run in groupby(levels):
        wide = width * len(tuple(run))
        middle = place + wide / 2
        if level in _SIGNED and middle - _SIGN_WIDTH / 2 >= free_from:
            found.append((level, round(middle, 1)))
            free_from = middle + _SIGN_WIDTH / 2
        place += wide
    return found


def _ticks(hours: int, first: datetime, width: int) -> list[tuple[int, str]]:
    found = []
    for place in range(hours):
        began = (first + timedelta(hours=place)).astimezone(VIET_NAM)
        if hours <= DAY_HOURS and began.hour % _TICK_HOURS == 0:
            found.append((place * width, f"{began:%H}:00"))
        elif hours > DAY_HOURS and began.hour == 0:
            found.append((place * width, f"{began:%d/%m}"))
    return [(at, label if at + _LABEL_WIDTH <= hours * width else "") for at, label in found]
