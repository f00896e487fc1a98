"""Hold samples as columns over common times: merge, cut and roll up. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby, repeat

from machxa_collector.store.columns import Column
from machxa_collector.store.resolution import at_resolution, common_resolution
from machxa_wire.records import Series

Stat = str  # "" for raw samples; "min", "max", "last", "sum", "count" for a roll-up
Columns = Mapping[tuple[Series, Stat], Column]
STATS: tuple[Stat, ...] = ("min", "max", "last", "sum", "count")


@dataclass(frozen=True, slots=True)
class Chunk:
    """Hold columns over common times.

    times are ms since 1970 UTC, rising; marks say how far each may be believed (intake.clock.Mark).
    In a roll-up the times are the starts of buckets, and the mark is the worst of its samples.
    None in a column: the agent reported at that time, but not this series.
    """

    times: tuple[int, ...] = ()
    marks: tuple[int, ...] = ()
    columns: Columns = field(default_factory=dict)


def accumulated(steps: list[int | None], count: int) -> Column:
    """Return a column of that many values from its differences.

    The wire's bounds were checked when it arrived; a roll-up's sum of 64-bit values may pass them.
    """
    column: list[int | None] = []
    last = 0
    for step in steps:
        if step is None:
            column.append(None)
        else:
            last += step
            column.append(last)
    column.extend(repeat(column[-1] if column else None, count - len(column)))
    return tuple(column)


def merge(*parts: Chunk) -> Chunk:
    """Return raw chunks as one; where two hold a value of one series and time, the earlier part's stays.

    A series that changed its resolution is kept in one that can say both, so that it stays one curve.
    """
    filled = [part for part in parts if part.times]
    if len(filled) == 1:
        return filled[0]
    marks: dict[int, int] = {}
    for part in filled:
        for time, mark in zip(part.times, part.marks, strict=True):
            marks.setdefault(time, mark)
    times = sorted(marks)
    place = {time: index for index, time in enumerate(times)}
    known = common_resolution(series for part in filled for series, _ in part.columns)
    columns: dict[tuple[Series, Stat], list[int | None]] = {}
    for part in filled:
        places = [place[time] for time in part.times]
        for (series, stat), column in part.columns.items():
            target = known[series]
            cells = columns.setdefault((target, stat), [None] * len(times))
            for index, value in zip(places, at_resolution(column, series, target), strict=True):
                if value is not None and cells[index] is None:
                    cells[index] = value
    return Chunk(
        tuple(times), tuple(marks[time] for time in times), {key: tuple(cells) for key, cells in columns.items()}
    )


def between(chunk: Chunk, start_ms: int, end_ms: int) -> Chunk:
    """Return what a chunk holds from start_ms up to, not including, end_ms."""
    if chunk.times and start_ms <= chunk.times[0] and chunk.times[-1] < end_ms:
        return chunk
    keep = [index for index, time in enumerate(chunk.times) if start_ms <= time < end_ms]
    first, last = (keep[0], keep[-1] + 1) if keep else (0, 0)
    return Chunk(
        chunk.times[first:last],
        chunk.marks[first:last],
        {key: column[first:last] for key, column in chunk.columns.items()},
    )


def roll_up(chunk: Chunk, seconds: int) -> Chunk:
    """Return a raw chunk's buckets of that many seconds, counted from 1970 UTC.

    A bucket in which a series was not measured holds None in all but its count. For a counter the
    last value matters, for a gauge the mean is sum / count; none is computed here, so none is rounded.
    """
    width = seconds * 1000
    buckets: list[int] = []
    ranges: list[slice] = []
    for bucket, members in groupby(range(len(chunk.times)), lambda index: chunk.times[index] // width * width):
        indexes = list(members)
        buckets.append(bucket)
        ranges.append(slice(indexes[0], indexes[-1] + 1))
    columns: dict[tuple[Series, Stat], Column] = {}
    for (series, _), column in chunk.columns.items():
        filled = [[value for value in column[part] if value is not None] for part in ranges]
        columns[series, "min"] = tuple(min(cell) if cell else None for cell in filled)
        columns[series, "max"] = tuple(max(cell) if cell else None for cell in filled)
        columns[series, "last"] = tuple(cell[-1] if cell else None for cell in filled)
        columns[series, "sum"] = tuple(sum(cell) if cell else None for cell in filled)
        columns[series, "count"] = tuple(map(len, filled))
    return Chunk(tuple(buckets), tuple(max(chunk.marks[part]) for part in ranges), columns)
