"""Read of a certificate when it ends, who issued it and, if asked, its holder's position: DER, within bounds.

The library that could do it all (cryptography) would cost an agent ten times the memory of everything else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Iterator, Optional, Tuple

_MOST_BYTES = 64 * 1024
_MOST_NAMES = 64
_SEQUENCE, _VERSION = 0x30, 0xA0
_UTC_TIME, _GENERALIZED_TIME = 0x17, 0x18
_COMMON_NAME, _ORGANIZATION, _TITLE = b"\x55\x04\x03", b"\x55\x04\x0a", b"\x55\x04\x0c"  # RFC 5280 appendix A.1
_TEXTS = {0x0C: "utf-8", 0x13: "ascii", 0x14: "latin-1", 0x16: "ascii", 0x1E: "utf-16-be"}


class NotACertificate(ValueError):
    """The bytes are no certificate that is read."""


@dataclass(frozen=True)
class Certificate:
    """Hold what is read: its end, its issuer's name, and the holder's position (title, RFC 5280), None without one."""

    ends_at: datetime
    issuer: str
    position: Optional[str]


def read(der: bytes) -> Certificate:
    """Return what a certificate says (RFC 5280 4.1); raises NotACertificate."""
    if len(der) > _MOST_BYTES:
        raise NotACertificate(f"{len(der)} bytes, expected {_MOST_BYTES} at most")
    try:
        outer = _inner(der, _SEQUENCE)
        parts = list(_parts(_inner(outer, _SEQUENCE)))
        if parts and parts[0][0] == _VERSION:
            parts = parts[1:]
        _serial, _signature, issuer, validity, subject = parts[:5]
        times = list(_parts(validity[1]))
        return Certificate(
            ends_at=_time(*times[1]),
            issuer=_name(issuer[1], _COMMON_NAME) or _name(issuer[1], _ORGANIZATION) or "",
            position=_name(subject[1], _TITLE),
        )
    except (ValueError, IndexError) as exc:
        raise NotACertificate(f"no certificate: {exc}") from exc


def from_pem(text: str) -> Tuple[bytes, ...]:
    """Return the certificates of a PEM file in DER; what is not whole is left out."""
    blocks = [one.partition("-----END CERTIFICATE-----") for one in text.split("-----BEGIN CERTIFICATE-----")[1:]]
    whole = ("".join(inside.split()) for inside, end, _ in blocks[:_MOST_NAMES] if end)
    return tuple(_decoded(one) for one in whole)


def _decoded(text: str) -> bytes:
    """Return what base64 text says, nothing where it is none."""
    import binascii  # noqa: PLC0415 - once a day

    try:
        return binascii.a2b_base64(text)
    except ValueError:
        return b""


def _name(raw: bytes, wanted: bytes) -> Optional[str]:
    """Return the first value of a kind in a Name, None where there is none."""
    for (_, group), _ in zip(_parts(raw), range(_MOST_NAMES)):
        for _, pair in _parts(group):
            (_, kind), (tag, value) = list(_parts(pair))[:2]
            if kind == wanted and tag in _TEXTS:
                return value.decode(_TEXTS[tag], "replace")
    return None


def _time(tag: int, raw: bytes) -> datetime:
    """Return a Time; of two digits of a year those from 50 on are of the last century (RFC 5280 4.1.2.5.1)."""
    text = raw.decode("ascii")
    if tag == _UTC_TIME:
        text = ("19" if text[:2] >= "50" else "20") + text
    elif tag != _GENERALIZED_TIME:
        raise ValueError(f"a time has tag {tag:#04x}")
    return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=timezone.utc)


def _inner(raw: bytes, expected: int) -> bytes:
    """Return the content of the first element."""
    tag, content = next(_parts(raw), (0, b""))
    if tag != expected:
        raise ValueError(f"tag {tag:#04x}, expected {expected:#04x}")
    return content


def _parts(raw: bytes) -> Iterator[Tuple[int, bytes]]:
    """Yield the elements of a constructed value: tag and content (X.690 8.1)."""
    at = 0
    while at + 2 <= len(raw):
        tag, length = raw[at], raw[at + 1]
        at += 2
        if length & 0x80:
            size = length & 0x7F
            if not 1 <= size <= 3:  # noqa: PLR2004 - 16 MB are more than is read
                raise ValueError("a length of more than three bytes")
            length = int.from_bytes(raw[at : at + size], "big")
            at += size
        if at + length > len(raw):
            raise ValueError("it is cut")
        yield tag, raw[at : at + length]
        at += length
