"""Read what one metric said in a report as it travelled, without building the others."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import msgspec

from machxa_collector.store.chunk import Chunk, accumulated, merge
from machxa_collector.store.columns import Column
from machxa_wire.decode import record_of, series_of
from machxa_wire.encode import series_body
from machxa_wire.records import Record, Samples, Series
from machxa_wire.refusal import Reason, Refused
from machxa_wire.text import inflate, to_body


class _Report(msgspec.Struct):
    boot: str
    time: int
    mono: int
    at: list[int]
    series: msgspec.Raw
    values: list[msgspec.Raw]


class _Hello(msgspec.Struct):
    boot: str
    mono: int
    newest: _Report | None = None


class Written(NamedTuple):
    """Hold a report's readings as the wire writes them: JSON, column by column.

    times are ms since 1970 UTC, rising; series is the JSON array that ``series_of_header`` reads; of each series steps
    has the array of differences, whose missing tail repeats the last state.
    """

    times: tuple[int, ...]
    series: bytes
    steps: tuple[bytes, ...]


_REPORTS = msgspec.json.Decoder(_Report)
_HELLOS = msgspec.json.Decoder(_Hello)
_KNOWN_HEADER_BYTES = 8192  # an ordinary PC's series; longer ones are read each time, so that memory stays bounded
_STEPS = msgspec.json.Decoder(list[int | None])


def readings(payload: bytes, shift_ms: int, mark: int, names: Collection[str] | None = None) -> Chunk:
    """Return a committed report's readings: all its times, with only the columns of these metrics if named.

    Raises Refused when even the wire cannot read it: a defect of ours, or a damaged store.
    """
    text = inflate(payload)
    try:
        report = _REPORTS.decode(text)
    except msgspec.DecodeError:
        return _slowly(record_of(to_body(text)), shift_ms, mark, names)
    return _chunk(report, shift_ms, mark, names)


def written(payload: bytes, shift_ms: int, mark: int) -> Written:
    """Return a committed report's readings without reading a single value; raises Refused like ``readings``."""
    text = inflate(payload)
    try:
        report = _REPORTS.decode(text)
    except msgspec.DecodeError:
        return write(_slowly(record_of(to_body(text)), shift_ms, mark, None))
    times = tuple([report.time + seconds * 1000 + shift_ms for seconds in report.at])
    if not all(earlier < later for earlier, later in pairwise(times)):
        return write(_chunk(report, shift_ms, mark, None))
    return Written(times, bytes(report.series), tuple(map(bytes, report.values)))


def write(chunk: Chunk) -> Written:
    """Return a raw chunk's readings as the wire would write them."""
    series = msgspec.json.encode([series_body(one) for one, _ in chunk.columns])
    return Written(chunk.times, series, tuple(msgspec.json.encode(_steps(one)) for one in chunk.columns.values()))


def read_written(told: Written, mark: int = 0) -> Chunk:
    """Return as a chunk what was written."""
    columns = {
        (series, ""): accumulated(_STEPS.decode(steps), len(told.times))
        for series, steps in zip(series_of_header(told.series), told.steps, strict=True)
    }
    return Chunk(told.times, (mark,) * len(told.times), columns)


def hello_newest(payload: bytes, received_at: int) -> Chunk:
    """Return the newest readings a hello carried.

    Within one boot the monotonic clock tells how old they were when it was sent; else they are placed by
    the agent's wall clock, but never after they came.
    """
    try:
        hello = _HELLOS.decode(inflate(payload))
    except msgspec.DecodeError:
        return Chunk()  # the wire took it and msgspec does not, see _slowly; the reports say the same a little later
    newest = hello.newest
    if newest is None:
        return Chunk()
    by_mono = received_at - (hello.mono - newest.mono) - newest.time
    moved = by_mono if hello.boot == newest.boot else min(0, received_at - newest.time - newest.at[-1] * 1000)
    return _chunk(newest, moved, 0, None)


def _slowly(record: Record, shift_ms: int, mark: int, names: Collection[str] | None) -> Chunk:
    """Read a report that the wire accepted but msgspec does not, such as a lone surrogate in a field we ignore."""
    if not isinstance(record, Samples):
        raise Refused(Reason.KIND, f"a {type(record).__name__} among the reports")
    times = [record.stamp.time + seconds * 1000 + shift_ms for seconds in record.at]
    columns = {
        (series, ""): column
        for series, column in zip(record.series, record.columns, strict=True)
        if names is None or series.name in names
    }
    return _one_by_one(times, mark, columns)


def _chunk(report: _Report, shift_ms: int, mark: int, names: Collection[str] | None) -> Chunk:
    times = [report.time + seconds * 1000 + shift_ms for seconds in report.at]
    columns = {
        (series, ""): accumulated(_STEPS.decode(steps), len(times))
        for series, steps in zip(series_of_header(bytes(report.series)), report.values, strict=True)
        if names is None or series.name in names
    }
    if all(earlier < later for earlier, later in pairwise(times)):
        return Chunk(tuple(times), (mark,) * len(times), columns)
    return _one_by_one(times, mark, columns)


def _one_by_one(times: list[int], mark: int, columns: dict[tuple[Series, str], Column]) -> Chunk:
    """Return a report with several samples in one second as a chunk, whose times must rise."""
    parts = [
        Chunk((time,), (mark,), {key: (column[index],) for key, column in columns.items()})
        for index, time in enumerate(times)
    ]
    return merge(*parts)


def series_of_header(header: bytes) -> tuple[Series, ...]:
    """Return the series that a report's JSON array names; the ordinary ones are kept read."""
    return _known_series(header) if len(header) <= _KNOWN_HEADER_BYTES else _read_series(header)


def _read_series(header: bytes) -> tuple[Series, ...]:
    return series_of(msgspec.json.decode(header))


_known_series = lru_cache(maxsize=1024)(_read_series)


def _steps(column: Column) -> list[int | None]:
    steps: list[int | None] = []
    last = 0
    for value in column:
        steps.append(None if value is None else value - last)
        last = last if value is None else value
    return steps
