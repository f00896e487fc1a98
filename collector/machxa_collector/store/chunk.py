"""Pack one agent's day of samples column by column, so that one metric is read without the others. Pure.

A blob is the length of its header (4 bytes, big-endian), the deflated header and the deflated columns one
behind the other. Columns travel as the wire's differences; series keep their declared resolution.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

import msgspec

from machxa_wire import decode
from machxa_wire.encode import differences, series_body
from machxa_wire.records import Series

Column = tuple[int | None, ...]
Stat = str  # "" for raw samples; "min", "max", "last", "sum", "count" for a roll-up
STATS: tuple[Stat, ...] = ("min", "max", "last", "sum", "count")

_LENGTH_BYTES = 4


@dataclass(frozen=True, slots=True)
class Chunk:
    """Hold columns over common times.

    times are ms since 1970 UTC, rising; marks say how far each may be believed (intake.clock.Mark).
    In a roll-up the times are the starts of buckets, and the mark is the worst of its samples.
    """

    times: tuple[int, ...] = ()
    marks: tuple[int, ...] = ()
    columns: Mapping[tuple[Series, Stat], Column] = field(default_factory=dict)


class _Header(msgspec.Struct):
    times: list[int]
    marks: list[int]
    columns: list[tuple[list[object], str, int]]  # series, stat, packed bytes


@dataclass(frozen=True, slots=True)
class Reading:
    """Hold what one series read at one time (ms since 1970 UTC)."""

    series: Series
    time: int
    mark: int
    value: int | None


def pack(chunk: Chunk) -> bytes:
    """Return a chunk as stored."""
    packed = [zlib.compress(msgspec.json.encode(differences(column)), 6) for column in chunk.columns.values()]
    header = _Header(
        times=[step for step in differences(chunk.times) if step is not None],
        marks=list(chunk.marks),
        columns=[
            (series_body(series), stat, len(column))
            for (series, stat), column in zip(chunk.columns, packed, strict=True)
        ],
    )
    head = zlib.compress(msgspec.json.encode(header), 6)
    return len(head).to_bytes(_LENGTH_BYTES, "big") + head + b"".join(packed)


def unpack(blob: bytes, names: Collection[str] | None = None) -> Chunk:
    """Return a stored chunk, or only the columns of these metrics."""
    start = _LENGTH_BYTES + int.from_bytes(blob[:_LENGTH_BYTES], "big")
    header = msgspec.json.decode(zlib.decompress(blob[_LENGTH_BYTES:start]), type=_Header)
    count = len(header.marks)
    columns = {}
    for body, stat, size in header.columns:
        if names is None or body[0] in names:
            steps = msgspec.json.decode(zlib.decompress(blob[start : start + size]))
            columns[decode.series_of([body])[0], stat] = _column(steps, count)
        start += size
    times = _column(list(header.times), count)
    return Chunk(tuple(time for time in times if time is not None), tuple(header.marks), columns)


def merge(chunk: Chunk, readings: Iterable[Reading]) -> Chunk:
    """Return a raw chunk with readings added; what it already holds of a series and time stays."""
    marks = dict(zip(chunk.times, chunk.marks, strict=True))
    cells: dict[Series, dict[int, int | None]] = {
        series: {time: value for time, value in zip(chunk.times, column, strict=True) if value is not None}
        for (series, _), column in chunk.columns.items()
    }
    for reading in readings:
        marks.setdefault(reading.time, reading.mark)
        column = cells.setdefault(reading.series, {})
        if reading.value is not None:
            column.setdefault(reading.time, reading.value)
    times = tuple(sorted(marks))
    return Chunk(
        times,
        tuple(marks[time] for time in times),
        {(series, ""): tuple(map(column.get, times)) for series, column in cells.items()},
    )


def roll_up(chunk: Chunk, seconds: int) -> Chunk:
    """Return a raw chunk's buckets of that many seconds, counted from 1970 UTC.

    A bucket in which a series was not measured holds None in all but its count. For a counter the
    last value matters, for a gauge the mean is sum / count; none is computed here, so none is rounded.
    """
    width = seconds * 1000
    starts = [time // width * width for time in chunk.times]
    buckets = sorted(set(starts))
    columns: dict[tuple[Series, Stat], Column] = {}
    for (series, _), column in chunk.columns.items():
        cells: dict[int, list[int]] = {bucket: [] for bucket in buckets}
        for start, value in zip(starts, column, strict=True):
            if value is not None:
                cells[start].append(value)
        filled = [cells[bucket] for bucket in buckets]
        columns[series, "min"] = tuple(min(cell) if cell else None for cell in filled)
        columns[series, "max"] = tuple(max(cell) if cell else None for cell in filled)
        columns[series, "last"] = tuple(cell[-1] if cell else None for cell in filled)
        columns[series, "sum"] = tuple(sum(cell) if cell else None for cell in filled)
        columns[series, "count"] = tuple(len(cell) for cell in filled)
    worst = dict.fromkeys(buckets, 0)
    for start, mark in zip(starts, chunk.marks, strict=True):
        worst[start] = max(worst[start], mark)
    return Chunk(tuple(buckets), tuple(worst.values()), columns)


def _column(steps: list[object], count: int) -> Column:
    """Return a column from its differences, without the wire's bounds: a sum of 64-bit values may pass them."""
    column: list[int | None] = []
    last = 0
    for step in steps:
        last = last if step is None else last + int(str(step))
        column.append(None if step is None else last)
    column += [column[-1] if column else None] * (count - len(column))
    return tuple(column)
