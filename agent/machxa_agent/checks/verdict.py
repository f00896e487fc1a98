"""Name what a check can come to, in fixed words, and hold what one try saw. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Mapping, Optional

PHASES = ("dns", "connect", "tls", "first_byte", "total")  # whose time is told


class State(Enum):
    """Say how a system does as seen from here; slow is the collector's to say."""

    OK = "ok"
    DOWN = "down"
    HANG = "hang"
    ERROR = "error"
    PORTAL = "portal"
    UNTRUSTED = "untrusted"
    UNKNOWN = "unknown"

    @property
    def is_failing(self) -> bool:
        """Return whether a person would be kept from working; not so where nothing is known."""
        return self not in (State.OK, State.UNKNOWN)


class Stop(Enum):
    """Say what ended a try before its end, in a word that never changes its meaning."""

    NO_NAME = "no_name"  # the resolver says there is none
    RESOLVER = "resolver"  # the resolver does not answer
    DNS_LIES = "dns_lies"  # an address that no other computer can have
    PRIVATE = "private_address"  # a private one that the policy does not name
    NOT_ALLOWED = "not_allowed"  # the policy does not name the host
    REFUSED = "refused"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    RESET = "reset"
    CLOSED = "closed"  # without an answer
    NO_BYTE = "no_byte"  # connected, and silent
    DRIP = "drip"  # bytes come, and no end of them in time
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    WRONG_HOST = "wrong_host"
    UNKNOWN_ISSUER = "unknown_issuer"
    PROTOCOL = "protocol"  # no TLS that both speak
    NOT_TLS = "not_tls"  # an answer in clear
    NOT_HTTP = "not_http"
    HEAD = "head"  # beyond every head of an answer
    GARBAGE = "garbage"  # no time-stamp response
    STUCK = "stuck"  # the check itself did not come back


@dataclass(frozen=True)
class Tried:
    """Hold what one try saw.

    phase is the last one begun (dns, tcp, tls, http, tsp), stop what ended it there, None where nothing did. seconds
    holds the phases that were measured. status, redirect (a host, "" for the same) and has_keyword are of HTTP;
    is_granted of RFC 3161; days_left of the certificate. traffic_bytes is in both directions, headers estimated.
    """

    phase: str
    stop: Optional[Stop] = None
    seconds: Mapping[str, float] = field(default_factory=dict)
    status: Optional[int] = None
    redirect: Optional[str] = None
    is_foreign: bool = False
    has_keyword: Optional[bool] = None
    is_granted: Optional[bool] = None
    days_left: Optional[int] = None
    traffic_bytes: int = 0


@dataclass(frozen=True)
class Verdict:
    """Hold what a try means: reason is a fixed word, "" where all is well."""

    state: State
    reason: str
    phase: str
