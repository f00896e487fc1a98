"""Tell until when a certificate is valid, from its DER: RFC 5280 section 4.1. Pure."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Optional

from machxa_agent.checks.der import GENERALIZED_TIME, SEQUENCE, UTC_TIME, NotDer, Part, part, parts

_VERSION = 0xA0
_VALIDITY = 3  # after serial number, signature, issuer
_DAY_SECONDS = 86400
_FIFTY = 50  # RFC 5280 4.1.2.5.1: below it a year of two digits is of this century
_UTC_DIGITS, _GENERALIZED_DIGITS = 12, 14


def not_after(raw: bytes) -> Optional[float]:
    """Return the end of a certificate's validity in seconds since 1970 UTC, None where the bytes are none."""
    try:
        fields = parts(part(part(raw).content).content)
        if fields and fields[0].tag == _VERSION:
            fields = fields[1:]
        validity = parts(fields[_VALIDITY].content) if fields[_VALIDITY].tag == SEQUENCE else []
        return _time(validity[1])
    except (NotDer, IndexError, ValueError, OverflowError):
        return None


def days_left(raw: bytes, now_seconds: float) -> Optional[int]:
    """Return whole days until a certificate ends, below 0 once it has; None where the bytes are no certificate."""
    end = not_after(raw)
    return None if end is None else int((end - now_seconds) // _DAY_SECONDS)


def _time(one: Part) -> float:
    text = one.content.decode("ascii")
    digits = {UTC_TIME: _UTC_DIGITS, GENERALIZED_TIME: _GENERALIZED_DIGITS}.get(one.tag)
    if digits is None or len(text) != digits + 1 or text[-1] != "Z" or not text[:-1].isdigit():
        raise ValueError(f"{text[:20]!r} is no time in UTC")
    numbers = text[:-1]
    if one.tag == UTC_TIME:
        numbers = ("20" if int(numbers[:2]) < _FIFTY else "19") + numbers
    return datetime.strptime(numbers + "+0000", "%Y%m%d%H%M%S%z").astimezone(timezone.utc).timestamp()
