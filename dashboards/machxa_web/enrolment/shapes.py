"""Hold what the pages of codes and tokens read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """Hold a code that still lets computers in, never its secret; uses_left and expires_at None: without end."""

    id: str
    unit: str | None
    unit_name: str
    note: str
    approves: bool
    uses_left: int | None
    created_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Name an agent whose computer looks like one that asks."""

    agent: str
    asset: str
    likeness: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Hold a computer that waits to be let in."""

    id: str
    at: datetime
    hostname: str
    role: str
    address: str
    uuid: str | None
    serial: str | None
    fingerprint: str | None
    alike: tuple[Alike, ...]
    again: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """Hold the codes there are, and who waits; base is the address agents are given, "" where none is set."""

    codes: tuple[Code, ...]
    waiting: tuple[Asking, ...]
    base: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCode:
    """Hold a code's secret, shown this once, with what agents compare the centre's authority with."""

    token: str
    fingerprint: str
    unit: str | None
    uses: int
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """Hold an API token as it is listed; permissions None: all that its roles may."""

    id: str
    name: str
    roles: tuple[str, ...]
    permissions: tuple[str, ...] | None
    place: str
    made_by: str
    made_at: datetime | None
    expires_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Hold API tokens, the newest first."""

    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """Hold a token's secret, shown this once."""

    id: str
    token: str
