"""Read and write the little DER that certificates' dates and time-stamps need: ITU-T X.690. Pure."""

from __future__ import annotations

from typing import List, NamedTuple

INTEGER, SEQUENCE, UTC_TIME, GENERALIZED_TIME = 0x02, 0x30, 0x17, 0x18
OCTETS, NULL, OID, BOOLEAN = 0x04, 0x05, 0x06, 0x01
_LONG, _MOST_LENGTH_BYTES = 0x80, 3
_HIGH_TAG = 0x1F
_MOST_PARTS = 64


class NotDer(ValueError):
    """The bytes are no DER that is read."""


class Part(NamedTuple):
    """Hold one value: its tag, its content, and how many bytes it took in all."""

    tag: int
    content: bytes
    size: int


def part(raw: bytes) -> Part:
    """Return the first value of some bytes; raises NotDer, for high tags and indefinite lengths too."""
    if len(raw) < 2 or raw[0] & _HIGH_TAG == _HIGH_TAG:  # noqa: PLR2004 - tag and length
        raise NotDer("no tag and length")
    start, length = 2, raw[1]
    if length & _LONG:
        count = length & ~_LONG
        if not 0 < count <= _MOST_LENGTH_BYTES or len(raw) < 2 + count:
            raise NotDer("a length of no size that is read")
        start, length = 2 + count, int.from_bytes(raw[2 : 2 + count], "big")
    if len(raw) < start + length:
        raise NotDer("cut short")
    return Part(raw[0], raw[start : start + length], start + length)


def parts(content: bytes) -> List[Part]:
    """Return the values that a sequence's content holds one after the other; raises NotDer, for very many too."""
    found: List[Part] = []
    at = 0
    while at < len(content):
        one = part(content[at:])
        at += one.size
        found.append(one)
        if len(found) > _MOST_PARTS:
            raise NotDer("too many values in one")
    return found


def value(tag: int, content: bytes) -> bytes:
    """Return one value as DER."""
    size = len(content)
    if size < _LONG:
        return bytes([tag, size]) + content
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, _LONG | len(digits)]) + digits + content
