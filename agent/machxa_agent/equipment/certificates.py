"""Judge the certificates an office signs with: how many days are left, and who issued them. Pure."""

from __future__ import annotations

import hmac
from datetime import datetime
from typing import Iterable, List, Tuple

from machxa_agent.equipment.certificate import Certificate, NotACertificate, read
from machxa_agent.equipment.condition import BLOCKED, OK, WARNING, Condition
from machxa_agent.measured import label
from machxa_wire.records import Sample, Scalar, Series

_SOON_DAYS = 30
_DAY_SECONDS = 86400
_MOST = 16

Held = Tuple[str, Certificate]  # its key, and what it says


def held(found: Iterable[bytes]) -> Tuple[Held, ...]:
    """Return the certificates that can be read; the key is a digest of all of it, and so no name."""
    kept: List[Held] = []
    for _, der in zip(range(_MOST), dict.fromkeys(found)):
        try:
            certificate = read(der)
        except NotACertificate:
            continue
        kept.append((f"cert:{hmac.digest(b'certificate', der, 'sha256').hex()[:8]}", certificate))
    return tuple(kept)


def conditions(certificates: Iterable[Held], now: datetime, *, with_position: bool) -> Tuple[Condition, ...]:
    """Return how each is: blocked once it has ended, warning in its last 30 days; the position only where enabled."""
    found: List[Condition] = []
    for key, one in certificates:
        days = _days_left(one, now)
        state, reasons = (
            (BLOCKED, ("expired",)) if days < 0 else (WARNING, ("expires",)) if days <= _SOON_DAYS else (OK, ())
        )
        more: List[Tuple[str, Scalar]] = [("issuer", label(one.issuer)), ("days_left", days)]
        if with_position and one.position:
            more.append(("position", label(one.position)))
        found.append(Condition(key, "certificate", "", state, reasons, tuple(more)))
    return tuple(found)


def samples(certificates: Iterable[Held], now: datetime) -> Tuple[Sample, ...]:
    """Return the days that are left of each, below 0 once it has ended."""
    return tuple(
        Sample(
            Series("machxa.certificate.days_left", (("hw.id", key), ("issuer", label(one.issuer)))),
            _days_left(one, now),
        )
        for key, one in certificates
    )


def _days_left(one: Certificate, now: datetime) -> int:
    return int((one.ends_at - now).total_seconds() // _DAY_SECONDS)
