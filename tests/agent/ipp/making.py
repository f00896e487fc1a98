"""Write IPP answers for tests, and be a printer on loopback that gives them."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Union

from machxa_agent.ipp.message import attribute

Value = Union[str, bytes, int]
_NUMBERS = {"printer-state"}


def answer(attributes: dict[str, list[Value]], *, status: int = 0, number: int = 1, group: int = 4) -> bytes:
    """Return a whole answer; texts travel as textWithoutLanguage, numbers as integers or enums."""
    head = struct.pack(">BBHI", 2, 0, status, number) + b"\x01" + attribute(0x47, "attributes-charset", b"utf-8")
    return head + bytes([group]) + b"".join(lines(attributes)) + b"\x03"


def lines(attributes: dict[str, list[Value]]) -> Iterator[bytes]:
    for name, values in attributes.items():
        for place, value in enumerate(values):
            tag = 0x41
            raw = value.encode() if isinstance(value, str) else value
            if isinstance(raw, int):
                tag, raw = (0x23 if name in _NUMBERS else 0x21), struct.pack(">i", raw)
            yield attribute(tag, name if place == 0 else "", raw)


def http(body: bytes, *, status: str = "200 OK", extra: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{extra}\r\n".encode() + body


@contextmanager
def printer(respond: Callable[[bytes], bytes]) -> Iterator[int]:
    """Answer each request on a port of loopback with what ``respond`` makes of it; nothing is sent for b""."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_serve, args=(server, respond), daemon=True).start()
        yield server.getsockname()[1]


def _serve(server: socket.socket, respond: Callable[[bytes], bytes]) -> None:
    while True:
        try:
            link, _ = server.accept()
        except OSError:
            return
        with link:
            link.settimeout(5)
            try:
                link.sendall(respond(_request(link)))
            except OSError:
                continue


def _request(link: socket.socket) -> bytes:
    got = b""
    while not got.endswith(b"\x03"):
        part = link.recv(65536)
        if not part:
            break
        got += part
    return got


def number_of(request: bytes) -> int:
    """Return the request-id of an HTTP request."""
    return int.from_bytes(request.partition(b"\r\n\r\n")[2][4:8], "big")
