"""Pack one agent's day of samples metric by metric, so that one metric is read without the others. Pure.

A blob is a format byte, the lengths of header and axis (4 bytes each, big-endian), the deflated header (which series,
in one order), the axis (how many times; times and marks; the lengths of the groups) and one deflated group of columns a
metric. Series keep their declared resolution. Blobs of the first format, whose first byte is 0, are read as well.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Collection, Iterator
from functools import lru_cache
from itertools import groupby

import msgspec

from machxa_collector.store import stats as statistics
from machxa_collector.store.chunk import STATS, Chunk, Stat, accumulated
from machxa_collector.store.columns import Column, deflated, inflated, inflated_axis
from machxa_wire import decode
from machxa_wire.encode import series_body
from machxa_wire.records import Series

_FORMAT = 2
_LENGTHS = struct.Struct(">BII")
_COUNT = struct.Struct(">I")
_FIRST_LENGTH_BYTES = 4
_EFFORT = 6
_KNOWN_HEADER_BYTES = 4096  # of a PC; longer ones are read each time, so that memory stays bounded
_RAW = 2  # how a series is written; statistics.FROM_LEAST and FROM_MOST are a roll-up's two ways

_HEADERS = msgspec.json.Decoder(list[tuple[list[object], int]])


class _FirstHeader(msgspec.Struct):
    times: list[int]
    marks: list[int]
    columns: list[tuple[list[object], str, int]]  # series, stat, packed bytes


_FIRST_HEADERS = msgspec.json.Decoder(_FirstHeader)
_STEPS = msgspec.json.Decoder(list[int | None])


def pack(chunk: Chunk) -> bytes:
    """Return a raw chunk, or a roll-up with all of STATS, as stored."""
    header: list[tuple[list[object], int]] = []
    groups = []
    series = sorted({one for one, _ in chunk.columns}, key=lambda one: one.name)  # stable: a metric's own order stays
    for _, alike in groupby(series, key=lambda one: one.name):
        columns: list[Column] = []
        for one in alike:
            way, told = _told(chunk, one)
            header.append((series_body(one), way))
            columns.extend(told)
        groups.append(deflated(columns))
    head = zlib.compress(msgspec.json.encode(header), _EFFORT)
    times = deflated([chunk.times, chunk.marks])
    sizes = [len(chunk.times), len(times), *map(len, groups)]
    axis = struct.pack(f">{len(sizes)}I", *sizes) + times
    return b"".join([_LENGTHS.pack(_FORMAT, len(head), len(axis)), head, axis, *groups])


def unpack(blob: bytes, names: Collection[str] | None = None, stats: Collection[Stat] | None = None) -> Chunk:
    """Return a stored chunk, or all its times with only the columns of these metrics and these statistics."""
    if blob[0] != _FORMAT:
        return _unpack_first(blob, names, stats)
    _, head_length, axis_length = _LENGTHS.unpack_from(blob)
    axis_at = _LENGTHS.size + head_length
    groups = _groups(blob[_LENGTHS.size : axis_at])
    count, times_length, *sizes = struct.unpack_from(f">{2 + len(groups)}I", blob, axis_at)
    times_at = axis_at + _COUNT.size * (2 + len(groups))
    times, marks = inflated_axis(blob[times_at : times_at + times_length], count)
    columns: dict[tuple[Series, Stat], Column] = {}
    at = axis_at + axis_length
    for (name, group), size in zip(groups, sizes, strict=True):
        if names is None or name in names:
            written = inflated(blob[at : at + size], count)
            for series, way in group:
                for stat, column in _columns(written, way):
                    if stats is None or stat in stats:
                        columns[series, stat] = column
        at += size
    return Chunk(times, marks, columns)


def _told(chunk: Chunk, series: Series) -> tuple[int, tuple[Column, ...]]:
    if (raw := chunk.columns.get((series, ""))) is not None:
        return _RAW, (raw,)
    low, high, last, total, count = (chunk.columns[series, stat] for stat in STATS)
    return statistics.apart(low, high, last, total, count)


def _columns(written: Iterator[Column], way: int) -> Iterator[tuple[Stat, Column]]:
    if way == _RAW:
        yield "", next(written)
        return
    told = [next(written) for _ in STATS]
    yield from zip(STATS, statistics.together(way, told), strict=True)


_Groups = tuple[tuple[str, tuple[tuple[Series, int], ...]], ...]


def _groups(head: bytes) -> _Groups:
    return _known_groups(head) if len(head) <= _KNOWN_HEADER_BYTES else _read_groups(head)


def _read_groups(head: bytes) -> _Groups:
    header = _HEADERS.decode(zlib.decompress(head))
    told = [(decode.series_of([body])[0], way) for body, way in header]  # a day may hold more than a batch may
    return tuple((name, tuple(group)) for name, group in groupby(told, key=lambda one: one[0].name))


_known_groups = lru_cache(maxsize=512)(_read_groups)


def _unpack_first(blob: bytes, names: Collection[str] | None, stats: Collection[Stat] | None) -> Chunk:
    """Read the first format: JSON of the wire's differences, one deflated column after the other."""
    start = _FIRST_LENGTH_BYTES + int.from_bytes(blob[:_FIRST_LENGTH_BYTES], "big")
    header = _FIRST_HEADERS.decode(zlib.decompress(blob[_FIRST_LENGTH_BYTES:start]))
    count = len(header.marks)
    columns = {}
    for body, stat, size in header.columns:
        if (names is None or body[0] in names) and (stats is None or stat in stats):
            steps = _STEPS.decode(zlib.decompress(blob[start : start + size]))
            columns[decode.series_of([body])[0], stat] = accumulated(steps, count)
        start += size
    times = tuple(time for time in accumulated(list(header.times), count) if time is not None)
    return Chunk(times, tuple(header.marks), columns)
