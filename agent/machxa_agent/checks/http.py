"""Write a request and read as much of an answer as a check needs: RFC 9110, RFC 9112. Pure."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import Dict, Mapping, Optional, Tuple

MOST_HEAD_BYTES = 16 * 1024
MOST_BODY_BYTES = 64 * 1024
MOST_TEXT_BYTES = 256 * 1024  # of a body that was compressed
AGENT = "MachXa-check/1 (Mach Xa; kiem tra he thong, khong dang nhap)"
_USUAL_PORTS = {"http": 80, "https": 443}
_STATUS = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})(?: [^\r\n]*)?")
_AUTHORITY = re.compile(
    r"(?:(https?):)?//([a-z0-9.-]+)(?::([0-9]{1,5}))?(?:[/?#].*)?", re.ASCII | re.IGNORECASE | re.DOTALL
)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.ASCII | re.IGNORECASE)
_REDIRECTS = (301, 302, 303, 307, 308)
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,6})[^\r\n]*\r\n")


class NotHttp(ValueError):
    """The bytes are no head of an answer."""


@dataclass(frozen=True)
class Head:
    """Hold an answer's status and headers, names in lower case, and where its body begins."""

    status: int
    headers: Mapping[str, str]
    size: int

    @property
    def redirect(self) -> Optional[str]:
        """Return where a redirect leads, None for any other answer."""
        return self.headers.get("location") if self.status in _REDIRECTS else None

    @property
    def length(self) -> Optional[int]:
        """Return how many bytes of body are announced, None where none are."""
        told = self.headers.get("content-length", "")
        return int(told) if told.isascii() and told.isdigit() and len(told) <= 12 else None  # noqa: PLR2004

    @property
    def is_chunked(self) -> bool:
        """Return whether the body comes in chunks."""
        return "chunked" in self.headers.get("transfer-encoding", "").lower()


def request(
    host: str, port: int, path: str, *, scheme: str, method: str = "GET", body: Optional[Tuple[str, bytes]] = None
) -> bytes:
    """Return a request that says nothing of who asks; body is its media type and content."""
    named = host if port == _USUAL_PORTS[scheme] else f"{host}:{port}"
    head = f"{method} {path} HTTP/1.1\r\nHost: {named}\r\nUser-Agent: {AGENT}\r\n"
    head += "Accept: */*\r\nAccept-Encoding: gzip\r\nConnection: close\r\n"
    if body is None:
        return (head + "\r\n").encode("ascii")
    return (head + f"Content-Type: {body[0]}\r\nContent-Length: {len(body[1])}\r\n\r\n").encode("ascii") + body[1]


def head(raw: bytes) -> Optional[Head]:
    """Return the head that these first bytes of an answer hold, None where more are needed; raises NotHttp."""
    if not b"HTTP/1."[: len(raw)] == raw[:7]:
        raise NotHttp("no status line of HTTP/1.1")
    end = raw.find(b"\r\n\r\n")
    if end < 0:
        return None
    lines = raw[:end].split(b"\r\n")
    found = _STATUS.fullmatch(lines[0])
    if found is None:
        raise NotHttp("no status line of HTTP/1.1")
    headers: Dict[str, str] = {}
    for line in lines[1:]:
        name, _, value = line.decode("latin-1").partition(":")
        headers.setdefault(name.strip().lower(), value.strip())
    return Head(int(found.group(1)), headers, end + 4)


def body(raw: bytes, told: Head) -> Tuple[bytes, bool]:
    """Return as much of the body as is here, and whether that is all of it."""
    if not told.is_chunked:
        content = raw[told.size :]
        return (content, False) if told.length is None else (content[: told.length], len(content) >= told.length)
    return _joined(raw[told.size :])


def text(content: bytes, told: Head) -> bytes:
    """Return a body as it reads, as far as it came and as it may grow; what is not compressed by gzip as it stands."""
    if told.headers.get("content-encoding", "").lower() not in ("gzip", "x-gzip"):
        return content
    try:
        return zlib.decompressobj(31).decompress(content, MOST_TEXT_BYTES)  # 31: gzip's head and sum
    except zlib.error:
        return b""


def leads_to(location: str, host: str, port: int) -> Tuple[str, int]:
    """Return the host and port of a redirect: this host's own for a path, "?" for what is no plain address."""
    found = _AUTHORITY.fullmatch(location)
    if found is None:
        return ("?", 0) if "//" in location[:2] or _SCHEME.match(location) or "\\" in location[:3] else (host, port)
    scheme, name, told = found.groups()
    default = port if scheme is None else _USUAL_PORTS[scheme.lower()]
    return name.lower(), int(told) if told else default


def _joined(raw: bytes) -> Tuple[bytes, bool]:
    """Return the content of chunks, and whether the last one is among them; what is no chunk ends the reading."""
    content, at = b"", 0
    while True:
        size = _SIZE.match(raw, at)
        if size is None:
            return content, False
        length = int(size.group(1), 16)
        if length == 0:
            return content, True
        content += raw[size.end() : size.end() + length]
        at = size.end() + length + 2
