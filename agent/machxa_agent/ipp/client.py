"""Ask a printer over HTTP on port 631: one answer, bounded in time and bytes, no redirects, no proxy."""

from __future__ import annotations

import secrets
import socket
import time
from typing import Dict, List, Optional, Tuple

from machxa_agent.ipp.message import MOST_BYTES, VERSION_NOT_SUPPORTED, VERSIONS, Answer, NotIpp, decode, request

PORT = 631
_PATHS = ("/ipp/print", "/")
_MOST_HEAD = 16 * 1024
_OK = 200


class Unreachable(Exception):
    """Nobody answers there as a printer does; the message says what came instead."""


def ask(host: str, port: int = PORT, seconds: float = 10.0) -> Answer:
    """Return a printer's attributes; raises Unreachable, NotIpp. All tries together last no longer than seconds."""
    until = time.monotonic() + seconds
    wrong = Unreachable("no answer")
    for path in _PATHS:
        for version in VERSIONS:
            try:
                answer = _asked(host, port, path, version, until)
            except Unreachable as exc:
                wrong = exc
                break
            if answer.status != VERSION_NOT_SUPPORTED:
                if answer.is_success:
                    return answer
                wrong = Unreachable(f"{path}: the printer answers with status 0x{answer.status:04x}")
                break
    raise wrong


def _asked(host: str, port: int, path: str, version: Tuple[int, int], until: float) -> Answer:
    number = secrets.randbelow(2**31 - 1) + 1
    shown = f"[{host}]" if ":" in host else host
    body = request(f"ipp://{shown}:{port}{path}", number, version)
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {shown}:{port}\r\nContent-Type: application/ipp\r\nAccept: application/ipp\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    try:
        with socket.create_connection((host, port), timeout=_left(until)) as link:
            link.settimeout(_left(until))
            link.sendall(head.encode("ascii") + body)
            raw = _read(link, until)
    except (OSError, UnicodeError) as exc:
        raise Unreachable(f"{host}:{port}: {exc}") from exc
    return decode(payload(raw), number)


def _read(link: socket.socket, until: float) -> bytes:
    """Return everything up to the end of the answer, which is where the connection or the announced length ends."""
    got = bytearray()
    while not _is_whole(bytes(got[:_MOST_HEAD]), len(got)):
        link.settimeout(_left(until))
        part = link.recv(65536)
        if not part:
            break
        got += part
        if len(got) > MOST_BYTES + _MOST_HEAD:
            raise NotIpp("the answer has no end")
    return bytes(got)


def _is_whole(start: bytes, length: int) -> bool:
    head, gap, _ = start.partition(b"\r\n\r\n")
    announced = _length(head) if gap and not head.startswith(b"HTTP/1.1 100") else None
    return announced is not None and length >= len(head) + 4 + announced


def payload(raw: bytes) -> bytes:
    """Return the body of an HTTP answer; raises Unreachable for any status but 200: redirects are not followed."""
    head, gap, body = raw.partition(b"\r\n\r\n")
    while gap and head.split(b" ", 2)[1:2] == [b"100"]:
        head, gap, body = body.partition(b"\r\n\r\n")
    words = head.split(b"\r\n", 1)[0].split(b" ", 2)
    if not gap or not words[0].startswith(b"HTTP/1.") or len(words) < 2:  # noqa: PLR2004 - version and status
        raise Unreachable("it does not speak HTTP")
    if words[1] != b"%d" % _OK:
        raise Unreachable(f"HTTP status {words[1][:20]!r}")
    if _headers(head).get(b"transfer-encoding", b"").lower() == b"chunked":
        return _joined(body)
    announced = _length(head)
    if announced is not None and len(body) < announced:
        raise NotIpp("it is cut")
    return body[:announced]


def _length(head: bytes) -> Optional[int]:
    """Return the announced length, None where there is none or no sensible one."""
    announced = _headers(head).get(b"content-length", b"")
    return int(announced) if announced.isdigit() and len(announced) < 10 else None  # noqa: PLR2004 - below a gigabyte


def _headers(head: bytes) -> Dict[bytes, bytes]:
    lines = [line.partition(b":") for line in head.split(b"\r\n")[1:]]
    return {name.strip().lower(): value.strip() for name, _, value in lines}


def _joined(body: bytes) -> bytes:
    """Return chunks put together (RFC 9112 section 7.1); raises NotIpp."""
    parts: List[bytes] = []
    while True:
        size, gap, rest = body.partition(b"\r\n")
        try:
            length = int(size.split(b";")[0].strip()[:8], 16)
        except ValueError as exc:
            raise NotIpp("a chunk has no length") from exc
        if not gap or length < 0 or len(rest) < length:
            raise NotIpp("it is cut")
        if length == 0:
            return b"".join(parts)
        parts.append(rest[:length])
        body = rest[length + 2 :]


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise Unreachable("no answer in time")
    return left
