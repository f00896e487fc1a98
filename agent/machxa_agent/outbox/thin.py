"""Choose what is given up when there is no room, and say what was. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Iterator, List, Optional, Sequence, Tuple

from machxa_agent.outbox.shelf import GAP, Row
from machxa_agent.outbox.tick import last_reading
from machxa_wire.decode import decode
from machxa_wire.records import Gap, Record, Samples, Stamp
from machxa_wire.refusal import Refused

_HOUR_MS = 3600 * 1000


@dataclass(frozen=True)
class Thinning:
    """Hold the rows to give up; the last one of them becomes ``last`` when that is not None."""

    rows: Tuple[Row, ...]
    last: Optional[Samples]


@dataclass(frozen=True)
class Run:
    """Hold neighbouring numbers that are gone: count of them were records; absorbed gaps are part of it."""

    first: int
    last: int
    count: Optional[int]
    absorbed: Tuple[Row, ...] = ()


def thin_hour(rows: Sequence[Row]) -> Optional[Thinning]:
    """Return the oldest hour of batches and its last reading as measured, None when there are no rows.

    An hour is one of the readings' own boot and monotonic time. Damaged rows go with the hour they lie in.
    """
    hour: List[Row] = []
    first: Optional[Stamp] = None
    last: Optional[Samples] = None
    for row in rows:
        record = decoded(row)
        if isinstance(record, Samples):
            first = first or record.stamp
            if record.stamp.boot != first.boot or record.stamp.mono - first.mono >= _HOUR_MS:
                break
            last = record
        hour.append(row)
    return Thinning(tuple(hour), None if last is None else last_reading(last)) if hour else None


def gap_runs(dropped: Sequence[Row], living: Sequence[Row]) -> Iterator[Run]:
    """Yield what one gap each can declare: numbers side by side, joined with the gaps among them."""
    gone = {row.seq for row in dropped}
    run: Optional[Run] = None
    for row in sorted((*dropped, *living), key=lambda one: one.seq):
        following = run is not None and row.seq == run.last + 1
        if row.seq in gone:
            if run is not None and following:
                run = replace(run, last=row.seq, count=None if run.count is None else run.count + 1)
                continue
            if run is not None:
                yield run
            run = Run(row.seq, row.seq, 1)
            continue
        gap = _own_gap(row)
        if run is not None and following and gap is not None:
            count = None if run.count is None or gap.count is None else run.count + gap.count
            run = replace(run, last=gap.last, count=count, absorbed=(*run.absorbed, row))
    if run is not None:
        yield run


def decoded(row: Row) -> Optional[Record]:
    """Return the record of a row, None when it is damaged."""
    if row.payload is None:
        return None
    try:
        return decode(row.payload)
    except Refused:
        return None


def _own_gap(row: Row) -> Optional[Gap]:
    """Return the gap of a row that declares its own number and what follows it."""
    record = decoded(row) if row.kind == GAP else None
    if isinstance(record, Gap) and record.first == row.seq and record.of == record.place.stream:
        return record
    return None
