"""Read again what the intake took and committed: its bounds were checked then, so a report need not be checked anew."""

from __future__ import annotations

from functools import lru_cache
from itertools import accumulate, repeat
from typing import cast

import msgspec

from machxa_collector.store.chunk import accumulated
from machxa_collector.store.columns import Column
from machxa_collector.store.payloads import series_of_header
from machxa_wire.decode import record_of
from machxa_wire.records import Place, Record, Samples, Series, Stamp
from machxa_wire.text import inflate, to_body


class _Report(msgspec.Struct):
    kind: str
    boot: str
    time: int
    mono: int
    at: list[int]
    series: msgspec.Raw
    values: list[msgspec.Raw]
    stream: str | None = None
    seq: int | None = None


_REPORTS = msgspec.json.Decoder(_Report)
_STEPS = msgspec.json.Decoder(list[int | None])
_KNOWN_HEADER_BYTES = 8192  # longer ones are read each time, so that memory stays bounded


def record(payload: bytes, names: frozenset[str] | None = None) -> Record:
    """Return the record of a committed payload; of samples the series of these metrics alone, None for all.

    Raises Refused when it is damaged. Of a plain PC's forty series the judgement reads a few: the others are not built.
    """
    text = inflate(payload)
    try:
        report = _REPORTS.decode(text)
        if report.kind == "samples":
            return _samples(report, names)
    except (msgspec.DecodeError, IndexError):
        pass  # another kind, or what only the wire takes, or refuses
    return record_of(to_body(text))


def _samples(report: _Report, names: frozenset[str] | None) -> Samples:
    place = None if report.stream is None or report.seq is None else Place(report.stream, report.seq)
    header, count, values = bytes(report.series), len(report.at), report.values
    series, places = _known(header, names) if len(header) <= _KNOWN_HEADER_BYTES else _some(header, names)
    return Samples(
        place=place,
        stamp=Stamp(report.boot, report.time, report.mono),
        at=tuple(report.at),
        series=series,
        columns=tuple([_column(_STEPS.decode(values[number]), count) for number in places]),
    )


def _some(header: bytes, names: frozenset[str] | None) -> tuple[tuple[Series, ...], tuple[int, ...]]:
    """Return the series of these metrics that a report's header names, and which of its columns are theirs."""
    series = series_of_header(header)
    if names is None:
        return series, tuple(range(len(series)))
    places = tuple(number for number, one in enumerate(series) if one.name in names)
    return tuple(series[number] for number in places), places


_known = lru_cache(maxsize=1024)(_some)


def _column(steps: list[int | None], count: int) -> Column:
    if None in steps or not steps:
        return accumulated(steps, count)
    values = list(accumulate(cast("list[int]", steps)))
    values.extend(repeat(values[-1], count - len(values)))
    return tuple(values)
