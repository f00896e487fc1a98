"""Read requests and write answers of SNMP versions 1 and 2c, for simulated devices."""

from __future__ import annotations

from dataclasses import dataclass

Oid = tuple[int, ...]
GET, NEXT, RESPONSE, BULK = 0xA0, 0xA1, 0xA2, 0xA5
NO_SUCH_INSTANCE, END_OF_MIB = b"\x81\x00", b"\x82\x00"
INTEGER, OCTETS, OBJECT_ID, SEQUENCE = 0x02, 0x04, 0x06, 0x30
_LONG = 0x80
_CONTINUED = 0x80


class NoRequest(ValueError):
    """The datagram is no request of versions 1 or 2c."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Hold a request; ``first`` and ``second`` are non-repeaters and max-repetitions of a GETBULK, else 0."""

    version: int
    community: bytes
    kind: int
    number: int
    first: int
    second: int
    names: tuple[Oid, ...]


def read_request(raw: bytes) -> Request:
    """Return a request; raises NoRequest."""
    try:
        _, message, _ = _element(raw, 0)
        _, version, at = _element(message, 0)
        _, community, at = _element(message, at)
        kind, pdu, _ = _element(message, at)
        _, number, at = _element(pdu, 0)
        _, first, at = _element(pdu, at)
        _, second, at = _element(pdu, at)
        _, pairs, _ = _element(pdu, at)
        names, at = [], 0
        while at < len(pairs):
            _, pair, at = _element(pairs, at)
            names.append(_oid(_element(pair, 0)[1]))
    except IndexError as exc:
        raise NoRequest("it ends too early") from exc
    return Request(
        version=_number(version), community=community, kind=kind, number=_number(number), first=_number(first),
        second=_number(second), names=tuple(names),
    )  # fmt: skip


def answer(request: Request, pairs: list[bytes], *, error: int = 0, at: int = 0, number: int | None = None) -> bytes:
    """Return the answer to a request; pairs are encoded, ``number`` is another request id than the one asked with."""
    asked = request.number if number is None else number
    pdu = integer(asked) + integer(error) + integer(at) + element(SEQUENCE, b"".join(pairs))
    body = integer(request.version) + element(OCTETS, request.community) + element(RESPONSE, pdu)
    return element(SEQUENCE, body)


def pair(name: Oid, value: bytes) -> bytes:
    """Return one encoded name and value."""
    return element(SEQUENCE, object_id(name) + value)


def element(tag: int, content: bytes) -> bytes:
    """Return tag, length and content."""
    size = len(content)
    if size < _LONG:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, _LONG | len(length))) + length + content


def integer(value: int, tag: int = INTEGER) -> bytes:
    """Return a whole number, signed; the unsigned types of SNMP get a zero before a set top bit."""
    return element(tag, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def object_id(name: Oid) -> bytes:
    """Return an encoded OID of at least two numbers."""
    content = bytearray()
    for number in (name[0] * 40 + name[1], *name[2:]):
        septets = [number & 0x7F]
        while number := number >> 7:
            septets.append(_CONTINUED | (number & 0x7F))
        content += bytes(reversed(septets))
    return element(OBJECT_ID, bytes(content))


def _element(raw: bytes, at: int) -> tuple[int, bytes, int]:
    tag, size = raw[at], raw[at + 1]
    at += 2
    if size & _LONG:
        count = size & 0x7F
        size = int.from_bytes(raw[at : at + count], "big")
        at += count
    if at + size > len(raw):
        raise NoRequest(f"{size} bytes are said to follow, {len(raw) - at} do")
    return tag, raw[at : at + size], at + size


def _number(content: bytes) -> int:
    return int.from_bytes(content, "big", signed=True)


def _oid(content: bytes) -> Oid:
    numbers: list[int] = []
    value = 0
    for byte in content:
        value = value << 7 | byte & 0x7F
        if not byte & _CONTINUED:
            numbers += [min(value // 40, 2), value - 40 * min(value // 40, 2)] if not numbers else [value]
            value = 0
    return tuple(numbers)
