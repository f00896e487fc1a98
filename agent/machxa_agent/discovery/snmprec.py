"""Read what a device answered, type and all, and write it as a ``.snmprec`` file: OID|TAG|VALUE. Pure.

The tag is the number of the ASN.1 type, with an ``x`` where the value is in hexadecimal (snmpsim's format).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable, List, Tuple

from machxa_agent.snmp.answers import Oid, dotted

INTEGER, OCTETS, OBJECT_ID, ADDRESS = 2, 4, 6, 64
_UNSIGNED = (65, 66, 67, 70)  # Counter32, Gauge32, TimeTicks, Counter64
NUMBERS = (INTEGER, *_UNSIGNED)
_TAGS = {0x02: 2, 0x04: 4, 0x06: 6, 0x40: 64, 0x41: 65, 0x42: 66, 0x43: 67, 0x44: 68, 0x46: 70}
_RESPONSE, _SEQUENCE = 0xA2, 0x30
_LONG, _CONTINUED = 0x80, 0x80
_PLAIN = range(0x20, 0x7F)


class Unreadable(ValueError):
    """The bytes are no SNMP answer."""


@dataclass(frozen=True)
class Row:
    """Hold one object: its OID, its tag, and its content as the wire gave it, without tag and length."""

    name: Oid
    tag: int
    content: bytes


def rows(message: bytes) -> Tuple[Row, ...]:
    """Return the objects of an answer in version 1 or 2c; what it says it has not is left out; raises Unreadable."""
    body = _inside(message, 0, _SEQUENCE)
    at = _element(body, _element(body, 0)[2])[2]  # behind version and community
    pdu = _inside(body, at, _RESPONSE)
    at = 0
    for _ in range(3):  # request id, error-status, error-index
        at = _element(pdu, at)[2]
    pairs, at, found = _inside(pdu, at, _SEQUENCE), 0, []
    while at < len(pairs):
        _, pair, at = _element(pairs, at)
        _, name, behind = _element(pair, 0)
        tag, content, _ = _element(pair, behind)
        if tag in _TAGS:
            found.append(Row(_oid(name), _TAGS[tag], content))
    return tuple(found)


def text(found: Iterable[Row]) -> str:
    """Return the file's text, ordered by OID."""
    return "".join(line(row) + "\n" for row in sorted(found, key=lambda row: row.name))


def line(row: Row) -> str:
    """Return one line."""
    if row.tag == INTEGER:
        return f"{dotted(row.name)}|2|{int.from_bytes(row.content, 'big', signed=True)}"
    if row.tag in _UNSIGNED:
        return f"{dotted(row.name)}|{row.tag}|{int.from_bytes(row.content, 'big')}"
    if row.tag == OBJECT_ID:
        return f"{dotted(row.name)}|6|{dotted(_oid(row.content))}"
    if row.tag == ADDRESS and len(row.content) == 4:  # noqa: PLR2004 - IPv4
        return f"{dotted(row.name)}|64|{'.'.join(map(str, row.content))}"
    if row.tag == OCTETS and all(byte in _PLAIN for byte in row.content):
        return f"{dotted(row.name)}|4|{row.content.decode('ascii')}"
    return f"{dotted(row.name)}|{row.tag}x|{row.content.hex()}"


def _inside(raw: bytes, at: int, expected: int) -> bytes:
    tag, content, _ = _element(raw, at)
    if tag != expected:
        raise Unreadable(f"tag is {tag:#x}, expected {expected:#x}")
    return content


def _element(raw: bytes, at: int) -> Tuple[int, bytes, int]:
    """Return tag, content and where the next element begins (X.690, definite lengths)."""
    if at + 2 > len(raw):
        raise Unreadable("it is cut")
    length, start = raw[at + 1], at + 2
    if length & _LONG:
        start += length & 0x7F
        length = int.from_bytes(raw[at + 2 : start], "big")
    if start + length > len(raw):
        raise Unreadable("it is cut")
    return raw[at], raw[start : start + length], start + length


def _oid(content: bytes) -> Oid:
    """Return an OBJECT IDENTIFIER (X.690 section 8.19)."""
    numbers: List[int] = []
    number = 0
    for byte in content:
        number = number << 7 | byte & 0x7F
        if not byte & _CONTINUED:
            numbers.append(number)
            number = 0
    if not numbers:
        return ()
    first = min(numbers[0] // 40, 2)
    return (first, numbers[0] - 40 * first, *numbers[1:])
