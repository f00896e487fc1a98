"""Say whom to ask, with which words, and within which bounds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Optional


@dataclass(frozen=True)
class Limits:
    """Bound one poll of one device."""

    seconds: float = 25.0
    answer_bytes: int = 2_000_000


@dataclass(frozen=True)
class Credentials:
    """Hold what version 3 with authPriv needs, SHA and AES-128 (RFC 3414, RFC 3826); the keys are never shown."""

    user: str
    auth_key: str = field(repr=False)
    priv_key: str = field(repr=False)


@dataclass(frozen=True)
class Target:
    """Name a device; version is None where 2c is tried, then 1; with credentials it is asked in version 3."""

    host: str
    port: int = 161
    community: str = field(default="public", repr=False)
    version: Optional[str] = None
    credentials: Optional[Credentials] = None
