"""Read what one metric said in a report as it travelled, without building the others."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache

import msgspec

from machxa_collector.store.chunk import Reading
from machxa_wire import decode
from machxa_wire.records import Series
from machxa_wire.text import inflate


class _Report(msgspec.Struct):
    time: int
    at: list[int]
    series: msgspec.Raw
    values: list[list[int | None]]


class _Hello(msgspec.Struct):
    newest: _Report | None = None


_REPORTS = msgspec.json.Decoder(_Report)
_HELLOS = msgspec.json.Decoder(_Hello)


def readings(payload: bytes, shift_ms: int, mark: int, names: Collection[str] | None = None) -> Iterator[Reading]:
    """Yield a committed report's readings, or only those of these metrics."""
    yield from _readings(_REPORTS.decode(inflate(payload)), shift_ms, mark, names)


def newest(payload: bytes, shift_ms: int) -> Iterator[Reading]:
    """Yield the last readings of a report."""
    report = _REPORTS.decode(inflate(payload))
    last = report.time + report.at[-1] * 1000 + shift_ms
    yield from (one for one in _readings(report, shift_ms, 0, None) if one.time == last)


def hello_newest(payload: bytes, received_at: int) -> Iterator[Reading]:
    """Yield the newest readings a hello carried, placed by the agent's clock but never after they came."""
    report = _HELLOS.decode(inflate(payload)).newest
    if report is not None:
        moved = min(0, received_at - report.time)
        yield from _readings(report, moved, 0, None)


def _readings(report: _Report, shift_ms: int, mark: int, names: Collection[str] | None) -> Iterator[Reading]:
    times = [report.time + seconds * 1000 + shift_ms for seconds in report.at]
    for series, steps in zip(_series(bytes(report.series)), report.values, strict=True):
        if names is None or series.name in names:
            for time, value in zip(times, decode.column_of(steps, len(times)), strict=True):
                yield Reading(series, time, mark, value)


@lru_cache(maxsize=1024)
def _series(header: bytes) -> tuple[Series, ...]:
    return decode.series_of(msgspec.json.decode(header))
