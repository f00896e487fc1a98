"""Keep the reports of many agents turned on their side: all of one metric together, still written by the wire. Pure.

A run is some reports of a group of agents within one day: a head, which says whose they are and when, and one blob a
metric. No value is read when a run is made, so it costs a fraction of packing; of a question, one blob is read.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Collection, Iterator
from functools import lru_cache
from itertools import accumulate, repeat
from typing import cast

import msgspec

from machxa_collector.store.chunk import accumulated
from machxa_collector.store.payloads import Written, series_of_header

HEAD = ""  # what stands in place of a metric's name
_EFFORT = 1  # of zlib: what lives a day is not worth more

Resolution = tuple[int, int]  # multiplier and divisor of a series
Readings = defaultdict[Resolution, list[int]]


class Head(msgspec.Struct, array_like=True):
    """Say of each report of a run its agent, its series and its times: header and axis by their place among those.

    first in ms since 1970 UTC; an axis is the ms since the first, from 0 on.
    """

    headers: list[str]
    axes: list[list[int]]
    agents: list[int]
    header: list[int]
    axis: list[int]
    first: list[int]


_HEADS = msgspec.json.Decoder(Head)
_COLUMNS = msgspec.json.Decoder(list[list[int | None]])


class Run:
    """Gather reports of one day."""

    def __init__(self) -> None:
        """Begin empty."""
        self._head = Head([], [], [], [], [], [])
        self._headers: dict[bytes, int] = {}
        self._axes: dict[tuple[int, ...], int] = {}
        self._columns: defaultdict[str, list[bytes]] = defaultdict(list)

    def add(self, agent_pk: int, told: Written) -> None:
        """Take one report's readings, at least one."""
        first = told.times[0]
        axis = tuple([time - first for time in told.times])
        self._head.agents.append(agent_pk)
        self._head.header.append(self._headers.setdefault(told.series, len(self._headers)))
        self._head.axis.append(self._axes.setdefault(axis, len(self._axes)))
        self._head.first.append(first)
        columns = self._columns
        for name, steps in zip(_names(told.series), told.steps, strict=True):
            columns[name].append(steps)

    def blobs(self) -> Iterator[tuple[str, bytes]]:
        """Yield the head and each metric's blob, by name."""
        self._head.headers = [header.decode() for header in self._headers]
        self._head.axes = [list(axis) for axis in self._axes]
        yield HEAD, zlib.compress(msgspec.json.encode(self._head), _EFFORT)
        for name, columns in self._columns.items():
            yield name, zlib.compress(b"[" + b",".join(columns) + b"]", _EFFORT)


def head_of(blob: bytes) -> Head:
    """Return a run's head."""
    return _HEADS.decode(zlib.decompress(blob))


def take(head: Head, blob: bytes, name: str, span: tuple[int, int], agents: Collection[int], found: Readings) -> None:
    """Add what these agents read of a metric from span[0] up to, not including, span[1] (ms)."""
    columns = iter(_COLUMNS.decode(zlib.decompress(blob)))
    kinds = [_resolutions(header, name) for header in head.headers]
    counts = [len(axis) for axis in head.axes]
    lengths = [axis[-1] for axis in head.axes]
    start, end = span
    for agent, header, axis, first in zip(head.agents, head.header, head.axis, head.first, strict=True):
        if agent not in agents or first >= end or first + lengths[axis] < start:
            for _ in kinds[header]:
                next(columns)
            continue
        is_whole = start <= first and first + lengths[axis] < end
        for resolution in kinds[header]:
            steps = next(columns)
            if is_whole and None not in steps:
                values = list(accumulate(cast("list[int]", steps)))
                found[resolution] += values
                if len(steps) < counts[axis]:
                    found[resolution] += repeat(values[-1], counts[axis] - len(steps))
                continue
            column = zip(head.axes[axis], accumulated(steps, counts[axis]), strict=True)
            found[resolution] += [value for time, value in column if value is not None and start <= first + time < end]


@lru_cache(maxsize=1024)
def _names(header: bytes) -> tuple[str, ...]:
    return tuple(series.name for series in series_of_header(header))


@lru_cache(maxsize=1024)
def _resolutions(header: str, name: str) -> tuple[Resolution, ...]:
    series = series_of_header(header.encode())
    return tuple((one.multiplier, one.divisor) for one in series if one.name == name)
