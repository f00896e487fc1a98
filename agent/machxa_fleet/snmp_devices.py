"""Simulate devices that answer SNMP over UDP on this computer, each from a recording in snmpsim's format.

A line of a ``.snmprec`` file is ``OID|TAG|VALUE``; the tag is the number of the ASN.1 type, with an ``x`` where the
value is in hexadecimal.
"""

from __future__ import annotations

import bisect
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from machxa_fleet import ber
from machxa_fleet.ber import Oid, Request

_ADDRESS, _COUNTER32, _TICKS, _COUNTER64 = 64, 65, 67, 70
_PAGES: Oid = (1, 3, 6, 1, 2, 1, 43, 10, 2, 1, 4)  # prtMarkerLifeCount
_TAGS = {2: 0x02, 4: 0x04, 5: 0x05, 6: 0x06, 64: 0x40, 65: 0x41, 66: 0x42, 67: 0x43, 68: 0x44, 70: 0x46}
_NO_SUCH_NAME = 2
_PACKET = 1472  # bytes of pairs and envelope that fit one Ethernet frame
_ENVELOPE = 60
Answering = Callable[[bytes], list[bytes]]  # from one datagram to those that come back


def read_recording(text: str) -> dict[Oid, tuple[int, bytes]]:
    """Return a recording as tags and encoded values by OID; raises ValueError naming the line."""
    found: dict[Oid, tuple[int, bytes]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            try:
                dotted, kind, value = line.split("|", 2)
                name = tuple(int(part) for part in dotted.split("."))
                tag = int(kind.rstrip("x"))
                found[name] = (tag, _encoded(tag, value, in_hex=kind.endswith("x")))
            except (ValueError, KeyError) as exc:
                raise ValueError(f"line {number}: {line!r} is no OID|TAG|VALUE") from exc
    return found


@dataclass
class Recorded:
    """Answer from a recording, as version 2c or only as version 1, with or without GETBULK."""

    objects: dict[Oid, tuple[int, bytes]]
    community: bytes = b"public"
    is_v1_only: bool = False
    knows_bulk: bool = True
    _names: list[Oid] = field(init=False)

    def __post_init__(self) -> None:
        """Sort the names once."""
        self._names = sorted(self.objects)

    def __call__(self, raw: bytes) -> list[bytes]:
        """Return the answers to a datagram: one, or none for a stranger."""
        request = ber.read_request(raw)
        if request.community != self.community or (self.is_v1_only and request.version):
            return []
        if request.kind == ber.BULK:
            return [ber.answer(request, list(self._bulk(request)))] if self.knows_bulk else []
        pairs: list[bytes] = []
        for place, name in enumerate(request.names, 1):
            found = self._get(name, request) if request.kind == ber.GET else self._next(name, request)
            if found is None:
                return [
                    ber.answer(
                        request, [ber.pair(one, b"\x05\x00") for one in request.names], error=_NO_SUCH_NAME, at=place
                    )
                ]
            pairs.append(found)
        return [ber.answer(request, pairs)]

    def _get(self, name: Oid, request: Request) -> bytes | None:
        if name in self.objects and (request.version or self.objects[name][0] != _COUNTER64):
            return ber.pair(name, self._value(name))
        return ber.pair(name, ber.NO_SUCH_INSTANCE) if request.version else None

    def _next(self, name: Oid, request: Request) -> bytes | None:
        following = self._following(name)
        while following is not None and not request.version and self.objects[following][0] == _COUNTER64:
            following = self._following(following)
        if following is not None:
            return ber.pair(following, self._value(following))
        return ber.pair(name, ber.END_OF_MIB) if request.version else None

    def _bulk(self, request: Request) -> Iterator[bytes]:
        cursors, size = list(request.names), _ENVELOPE
        for _ in range(max(0, request.second)):
            for place, name in enumerate(cursors):
                following = self._following(name)
                one = (
                    ber.pair(name, ber.END_OF_MIB) if following is None else ber.pair(following, self._value(following))
                )
                size += len(one)
                if size > _PACKET:
                    return
                cursors[place] = following or name
                yield one

    def _value(self, name: Oid) -> bytes:
        """Return an object's value as it travels."""
        return self.objects[name][1]

    def _following(self, name: Oid) -> Oid | None:
        at = bisect.bisect_right(self._names, name)
        return self._names[at] if at < len(self._names) else None


@dataclass
class Living(Recorded):
    """Answer from a recording whose counters count and whose clock goes on, each counter at a pace of its own.

    Gauges, levels and states stay. clock counts seconds.
    """

    clock: Callable[[], float] = time.monotonic
    _began: float = field(init=False)

    def __post_init__(self) -> None:
        """Begin to count."""
        super().__post_init__()
        self._began = self.clock()

    def _value(self, name: Oid) -> bytes:
        tag, value = self.objects[name]
        passed = self.clock() - self._began
        if tag == _TICKS:
            return _grown(value, int(passed * 100), 32)
        if tag in (_COUNTER32, _COUNTER64):
            pages = name[: len(_PAGES)] == _PAGES
            pace = 0.02 if pages else 97 * (1 + hash(name) % 4001)
            return _grown(value, int(passed * pace), 64 if tag == _COUNTER64 else 32)
        return value


class Device(threading.Thread):
    """Listen on a free UDP port of 127.0.0.1 until closed; use as a context."""

    def __init__(self, answering: Answering) -> None:
        super().__init__(daemon=True)
        self._answering = answering
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._ending = threading.Event()

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End and wait."""
        self._ending.set()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as waking:
            waking.sendto(b"", ("127.0.0.1", self.port))
        self.join()
        self._socket.close()

    def asked_from(self, port: int) -> None:
        """Note who asks; a test may."""

    def run(self) -> None:
        """Answer."""
        while True:
            raw, sender = self._socket.recvfrom(65535)
            if self._ending.is_set():
                return
            self.asked_from(sender[1])
            try:
                for answer in self._answering(raw):
                    self._socket.sendto(answer, sender)
            except (ber.NoRequest, OSError):
                continue


def device(path: Path) -> Device:
    """Return a device that answers from a recording, its counters counting."""
    return Device(Living(read_recording(path.read_text(encoding="utf-8"))))


def _grown(value: bytes, by: int, bits: int) -> bytes:
    """Return an encoded counter that has grown, through its wraps."""
    return ber.integer((int.from_bytes(value[2:], "big") + by) % (1 << bits), value[0])


def _encoded(tag: int, value: str, *, in_hex: bool) -> bytes:
    ours = _TAGS[tag]
    if in_hex:
        return ber.element(ours, bytes.fromhex(value))
    if ours in {0x04, 0x44}:
        return ber.element(ours, value.encode())
    if ours == ber.OBJECT_ID:
        return ber.object_id(tuple(int(part) for part in value.split(".")))
    if tag == _ADDRESS:
        return ber.element(ours, bytes(int(part) for part in value.split(".")))
    return b"\x05\x00" if tag == 5 else ber.integer(int(value), ours)  # noqa: PLR2004 - null
