"""Answer SNMP as no device should: each function takes one datagram and returns those that come back."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable

from machxa_fleet import ber

_NAMES = (1, 3, 6, 1, 2, 1, 1)
_TEXT = ber.element(ber.OCTETS, b"a device")


def silent(_: bytes) -> list[bytes]:
    return []


def garbage(raw: bytes) -> list[bytes]:
    return [random.Random(raw).randbytes(900)]


def cut_off(raw: bytes) -> list[bytes]:
    return [_ordinary(raw)[:-3]]


def huge_length(_: bytes) -> list[bytes]:
    return [b"\x30\x84\x7f\xff\xff\xff\x02\x01\x01"]


def deeply_nested(_: bytes) -> list[bytes]:
    return [b"\x30\x80" * 20000]


def another_number(raw: bytes) -> list[bytes]:
    request = ber.read_request(raw)
    return [ber.answer(request, [ber.pair((*_NAMES, 1, 0), _TEXT)], number=request.number + 1)]


def a_request(raw: bytes) -> list[bytes]:
    return [raw]


def a_flood(raw: bytes) -> list[bytes]:
    return another_number(raw) * 300


def an_endless_walk(raw: bytes) -> list[bytes]:
    """Go on for ever, each OID higher than the last, with 20 rows to a GETBULK."""
    request = ber.read_request(raw)
    if request.kind == ber.GET:
        return [ber.answer(request, [ber.pair(name, ber.NO_SUCH_INSTANCE) for name in request.names])]
    starts = [(name[:-1], name[-1]) if len(name) > 10 else (name, 0) for name in request.names]
    rows = range(1, 21 if request.kind == ber.BULK else 2)
    return [ber.answer(request, [ber.pair((*name, at + row), ber.integer(7)) for row in rows for name, at in starts])]


def a_loop(raw: bytes) -> list[bytes]:
    """Go round: the OID that comes back is below the one asked for."""
    request = ber.read_request(raw)
    return [ber.answer(request, [ber.pair((*name[:7], 0), ber.integer(1)) for name in request.names])]


def long_strings(raw: bytes) -> list[bytes]:
    request = ber.read_request(raw)
    pairs = [ber.pair((*name, 1), ber.element(ber.OCTETS, b"\xff" * 60000)) for name in request.names[:1]]
    return [ber.answer(request, pairs)]


def wrong_types(raw: bytes) -> list[bytes]:
    """Numbers where texts belong, texts where numbers belong, a sysObjectID that is a text."""
    request = ber.read_request(raw)
    values = itertools.cycle(
        (ber.integer(-(2**31)), ber.element(ber.OCTETS, b"\x00\xff\x80"), ber.integer(2**63, 0x46), b"\x05\x00")
    )
    following = request.kind != ber.GET
    return [ber.answer(request, [ber.pair((*name, 1) if following else name, next(values)) for name in request.names])]


def always_an_error(raw: bytes) -> list[bytes]:
    request = ber.read_request(raw)
    return [ber.answer(request, [ber.pair(name, b"\x05\x00") for name in request.names], error=5, at=0)]


def _ordinary(raw: bytes) -> bytes:
    request = ber.read_request(raw)
    return ber.answer(request, [ber.pair(name, _TEXT) for name in request.names])


HOSTILE: dict[str, Callable[[bytes], list[bytes]]] = {
    one.__name__: one
    for one in (
        silent, garbage, cut_off, huge_length, deeply_nested, another_number, a_request, a_flood,
        an_endless_walk, a_loop, long_strings, wrong_types, always_an_error,
    )
}  # fmt: skip
