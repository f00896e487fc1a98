"""Say how long a session lasts, by the roles that it opens (OWASP ASVS 5.0, section 7.3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from machxa_collector.registry.people.roles import Role

_MINUTE_MS = 60_000
_HOUR_MS = 60 * _MINUTE_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """Hold after how long without a request a session ends, and after how long in any case."""

    idle_ms: int
    longest_ms: int


OFFICE = Sitting(idle_ms=30 * _MINUTE_MS, longest_ms=24 * _HOUR_MS)
COUNTER = Sitting(idle_ms=12 * _HOUR_MS, longest_ms=7 * 24 * _HOUR_MS)  # a commune's tablet, signed in on Monday
LINK = Sitting(idle_ms=30 * _MINUTE_MS, longest_ms=12 * _HOUR_MS)

_AT_THE_COUNTER = frozenset({Role.LEADER, Role.CLERK})


def sitting_of(roles: Iterable[Role]) -> Sitting:
    """Return the limits for somebody with these roles: the shorter ones as soon as one role reaches further."""
    return COUNTER if frozenset(roles) <= _AT_THE_COUNTER else OFFICE
