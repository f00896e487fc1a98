"""Read again what the intake took and committed: its bounds were checked then, so a report need not be checked anew."""

from __future__ import annotations

from itertools import accumulate, repeat
from typing import cast

import msgspec

from machxa_collector.store.chunk import accumulated
from machxa_collector.store.columns import Column
from machxa_collector.store.payloads import series_of_header
from machxa_wire.decode import record_of
from machxa_wire.records import Place, Record, Samples, Stamp
from machxa_wire.text import inflate, to_body


class _Report(msgspec.Struct):
    kind: str
    boot: str
    time: int
    mono: int
    at: list[int]
    series: msgspec.Raw
    values: list[list[int | None]]
    stream: str | None = None
    seq: int | None = None


_REPORTS = msgspec.json.Decoder(_Report)


def record(payload: bytes) -> Record:
    """Return the record of a committed payload, samples in a fifth of the wire's time; raises Refused when damaged."""
    text = inflate(payload)
    try:
        report = _REPORTS.decode(text)
    except msgspec.DecodeError:
        return record_of(to_body(text))  # another kind, or what only the wire takes
    if report.kind != "samples":
        return record_of(to_body(text))
    place = None if report.stream is None or report.seq is None else Place(report.stream, report.seq)
    count = len(report.at)
    return Samples(
        place=place,
        stamp=Stamp(report.boot, report.time, report.mono),
        at=tuple(report.at),
        series=series_of_header(bytes(report.series)),
        columns=tuple([_column(steps, count) for steps in report.values]),
    )


def _column(steps: list[int | None], count: int) -> Column:
    if None in steps or not steps:
        return accumulated(steps, count)
    values = list(accumulate(cast("list[int]", steps)))
    values.extend(repeat(values[-1], count - len(values)))
    return tuple(values)
