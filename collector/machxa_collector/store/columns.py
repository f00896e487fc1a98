"""Write columns of whole numbers as bytes that deflate well, and read them back. Pure.

A column is a flag byte, a bitmap of what is missing if anything is, the first value, and then, byte plane by byte
plane, either the steps from value to value or the values themselves, whichever are smaller, above their least one.
Planes put the bytes of equal weight together: the noise of the low byte does not hide that the high ones rest.
Numbers beyond 62 bits (a sum of 64-bit counters) are written as JSON instead.
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, compress, pairwise

import msgspec

Column = tuple[int | None, ...]

_EFFORT = 6  # zlib's level; 9 takes twice as long for a hundredth
_RAW_DEFLATE = -15
_OWN_CODE_BYTES = 500  # from here on a plane is worth a Huffman code of its own
_HOLES, _STEPS, _TEXT = 0x80, 0x40, 0x20  # beside the number of planes, 0 to 8
_PLANES = 0x0F
_MOST = 2**62
_NUMBER_BYTES = 8
_SIZE_BYTES = 4
_TEXTS = msgspec.json.Decoder(list[int | None])


def deflated(columns: Iterable[Sequence[int | None]]) -> bytes:
    """Return columns of one length as one deflated stream."""
    stream = zlib.compressobj(_EFFORT, zlib.DEFLATED, _RAW_DEFLATE, zlib.DEF_MEM_LEVEL, zlib.Z_FILTERED)
    pieces = []
    for column in columns:
        for piece in _pieces(column):
            pieces.append(stream.compress(piece))
            if len(piece) >= _OWN_CODE_BYTES:
                pieces.append(stream.flush(zlib.Z_BLOCK))
    return b"".join([*pieces, stream.flush()])


def inflated(stream: bytes, count: int) -> Iterator[Column]:
    """Yield the columns of a deflated stream, each of that many values."""
    written = memoryview(zlib.decompress(stream, _RAW_DEFLATE))
    at = 0
    while at < len(written):
        column, at = _read(written, at, count)
        yield column


def inflated_axis(stream: bytes, count: int) -> Iterator[tuple[int, ...]]:
    """Yield the columns of a deflated stream without holes and within 62 bits: times, marks."""
    written = memoryview(zlib.decompress(stream, _RAW_DEFLATE))
    at = 0
    while at < len(written):
        column, at = _values(written, at + 1, written[at], count) if count else ((), at + 1)
        yield column


def _pieces(column: Sequence[int | None]) -> Iterator[bytes]:
    told = [value for value in column if value is not None]
    if told and not (min(told) > -_MOST and max(told) < _MOST):
        text = msgspec.json.encode(list(column))
        yield bytes([_TEXT]) + len(text).to_bytes(_SIZE_BYTES, "big") + text
        return
    steps = [later - earlier for earlier, later in pairwise(told)]
    least, most = (min(steps), max(steps)) if steps else (0, 0)
    flags, left = _STEPS, steps
    if steps and _spread(told[1:]) < _spread(steps):
        flags, left = 0, told[1:]
        least, most = min(left), max(left)
    planes = ((most - least).bit_length() + 7) // 8
    head = bytes([flags | planes | (_HOLES if len(told) < len(column) else 0)])
    if len(told) < len(column):
        head += _bitmap(column)
    if told:
        head += told[0].to_bytes(_NUMBER_BYTES, "big", signed=True) + least.to_bytes(_NUMBER_BYTES, "big", signed=True)
    yield head
    whole = array("Q", [value - least for value in left] if least else left).tobytes()
    yield from (whole[plane::_NUMBER_BYTES] for plane in _places(planes))


def _spread(values: Sequence[int]) -> int:
    """Return how far values lie from their mean, in all: what is small here deflates well."""
    mean = sum(values) // len(values)
    return sum(abs(value - mean) for value in values)


def _places(planes: int) -> range:
    """Return where the planes lie in an eight-byte number of this machine, the lowest first."""
    return range(planes) if array("H", [1]).tobytes()[0] else range(_NUMBER_BYTES - 1, _NUMBER_BYTES - 1 - planes, -1)


def _read(written: memoryview, at: int, count: int) -> tuple[Column, int]:
    flags = written[at]
    at += 1
    if flags & _TEXT:
        size = int.from_bytes(written[at : at + _SIZE_BYTES], "big")
        at += _SIZE_BYTES
        return tuple(_TEXTS.decode(bytes(written[at : at + size]))), at + size
    there: Sequence[bool] | None = None
    if flags & _HOLES:
        size = (count + 7) // 8
        there = _from_bitmap(written[at : at + size], count)
        at += size
    told = count if there is None else sum(there)
    if not told:
        return (None,) * count, at
    values, at = _values(written, at, flags, told)
    return values if there is None else _spread_out(values, there), at


def _values(written: memoryview, at: int, flags: int, told: int) -> tuple[tuple[int, ...], int]:
    first, least = (
        int.from_bytes(written[at + skip : at + skip + _NUMBER_BYTES], "big", signed=True)
        for skip in (0, _NUMBER_BYTES)
    )
    at += 2 * _NUMBER_BYTES
    whole = bytearray(_NUMBER_BYTES * (told - 1))
    for place in _places(flags & _PLANES):
        whole[place::_NUMBER_BYTES] = written[at : at + told - 1]
        at += told - 1
    left: Iterable[int] = array("Q", bytes(whole))
    left = map(least.__add__, left) if least else left
    return tuple(accumulate(left, initial=first)) if flags & _STEPS else (first, *left), at


def _bitmap(column: Sequence[int | None]) -> bytes:
    bits = "".join("0" if value is None else "1" for value in column)
    return int(bits[::-1], 2).to_bytes((len(column) + 7) // 8, "little")


def _from_bitmap(written: memoryview, count: int) -> list[bool]:
    bits = f"{int.from_bytes(written, 'little'):0{count}b}"[::-1]
    return [bit == "1" for bit in bits]


def _spread_out(values: Sequence[int], there: Sequence[bool]) -> Column:
    column: list[int | None] = [None] * len(there)
    for place, value in zip(compress(range(len(there)), there), values, strict=True):
        column[place] = value
    return tuple(column)
