"""Turn series of readings into what a chart shows. Pure; unknown stays None, a reset counter gives no value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from statistics import median

Times = tuple[float, ...]
Values = tuple[float | None, ...]
Points = Sequence[tuple[float | None, ...]]

HOLE = 2.5  # readings further apart than this many usual intervals have a hole between them
_READING = 2  # fields of a raw point; a roll-up bucket has more
_DAY, _AHEAD = 86_400, 25_200  # seconds; Viet Nam is seven hours ahead
_IDLE = frozenset({"idle", "iowait"})


def latest(points: Points) -> dict[float, float | None]:
    """Return time -> value: the reading itself, or the last of a roll-up bucket (field 4 of 6)."""
    return {point[0]: point[4] if len(point) > _READING else point[1] for point in points if point[0] is not None}


def mean(points: Points) -> dict[float, float | None]:
    """Return time -> value: the reading itself, or the mean of a roll-up bucket (field 2 of 6)."""
    return {point[0]: point[2] if len(point) > _READING else point[1] for point in points if point[0] is not None}


def by_day(readings: Mapping[float, float | None]) -> dict[float, float | None]:
    """Return the mean of each civil day of Viet Nam at its noon; a day without a reading is left out."""
    days: dict[float, list[float]] = {}
    for time, value in readings.items():
        if value is not None:
            days.setdefault((time + _AHEAD) // _DAY * _DAY - _AHEAD + _DAY / 2, []).append(value)
    return {noon: sum(values) / len(values) for noon, values in sorted(days.items())}


def rate(readings: Mapping[float, float | None]) -> dict[float, float | None]:
    """Return the growth per second of a cumulative counter up to each reading.

    None where the counter fell (it was reset), where a reading is missing, or across a hole.
    """
    hole = _hole(readings)
    return {
        later: None
        if (grown := _growth(readings[earlier], readings[later])) is None or later - earlier > hole
        else grown / (later - earlier)
        for earlier, later in _pairs(readings)
    }


def busy_ratio(modes: Iterable[tuple[str, Mapping[float, float | None]]]) -> dict[float, float | None]:
    """Return the share of CPU time (0 to 1) not idle, from cumulative seconds by cpu.mode over all CPUs.

    Waiting for a disk is idle time. None where any counter fell, is missing, or nothing grew.
    """
    series = tuple(modes)
    times = sorted({time for _, readings in series for time in readings})
    hole = _hole(times)
    busy: dict[float, float | None] = {}
    for earlier, later in pairwise(times):
        growths = [(mode, _growth(readings.get(earlier), readings.get(later))) for mode, readings in series]
        known = [(mode, growth) for mode, growth in growths if growth is not None]
        total = sum(growth for _, growth in known)
        if len(known) < len(growths) or total <= 0 or later - earlier > hole:
            busy[later] = None
        else:
            busy[later] = 1 - sum(growth for mode, growth in known if mode in _IDLE) / total
    return busy


def added(parts: Iterable[Mapping[float, float | None]]) -> dict[float, float | None]:
    """Return the sum of several series at each time; None where one of them is missing or unknown."""
    series = tuple(parts)
    times = {time for readings in series for time in readings}
    sums: dict[float, float | None] = {}
    for time in times:
        values = [readings.get(time) for readings in series]
        known = [value for value in values if value is not None]
        sums[time] = sum(known) if len(known) == len(values) else None
    return sums


def share(part: Mapping[float, float | None], rest: Mapping[float, float | None]) -> dict[float, float | None]:
    """Return part over part plus rest at each time, None where either is unknown or both are 0."""
    whole = added((part, rest))
    return {
        time: None if (value := part.get(time)) is None or not total else value / total for time, total in whole.items()
    }


def aligned(lines: Sequence[Mapping[float, float | None]]) -> tuple[Times, tuple[Values, ...]]:
    """Return common times and one column per line; an unknown value inside each hole keeps lines from bridging it."""
    times = sorted({time for line in lines for time in line})
    hole = _hole(times)
    marks = [(earlier + later) / 2 for earlier, later in pairwise(times) if later - earlier > hole]
    every = tuple(sorted((*times, *marks)))
    return every, tuple(tuple(line.get(time) for time in every) for line in lines)


def _growth(before: float | None, after: float | None) -> float | None:
    if before is None or after is None or after < before:
        return None
    return after - before


def _pairs(readings: Mapping[float, float | None]) -> Iterable[tuple[float, float]]:
    times = sorted(readings)
    return pairwise(times)


def _hole(readings: Iterable[float]) -> float:
    """Return the distance in seconds beyond which two readings have a hole between them."""
    times = sorted(readings)
    gaps = [later - earlier for earlier, later in pairwise(times)]
    return HOLE * median(gaps) if gaps else 0.0
