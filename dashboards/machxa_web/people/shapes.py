"""Hold what the pages about people read, in the shapes of /api/v1/me and /api/v1/people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from machxa_web.languages import msg
from machxa_web.learnt import converted

_Shape = TypeVar("_Shape")

ROLES: Mapping[str, str] = {
    "province_it": msg("Provincial IT"),
    "finance": msg("Provincial finance"),
    "leader": msg("Unit leader"),
    "clerk": msg("Clerk"),
    "auditor": msg("Auditor (reads only)"),
    "admin": msg("Administrator"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """Say who asks; login None for a one-time link."""

    name: str
    login: str | None
    roles: tuple[str, ...]
    permissions: tuple[str, ...]
    second_factor: bool
    second_factor_missing: bool
    recovery_codes_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Hold one of one's own sessions."""

    id: str
    current: bool
    began_at: datetime | None
    seen_at: datetime | None
    address: str
    browser: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sessions:
    """Hold one's own living sessions."""

    sessions: tuple[Session, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """Hold a second factor that waits for its first code."""

    secret: str
    address: str
    pending: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Hold an account; place says in words where it may look."""

    id: str = ""
    login: str = ""
    name: str = ""
    roles: tuple[str, ...] = ()
    scope: str = ""
    place: str = ""
    has_password: bool = False
    second_factor: bool = False
    disabled: bool = False
    signed_in_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Hold the accounts that may be seen."""

    people: tuple[Person, ...]


def taken(told: object, shape: type[_Shape]) -> _Shape:
    """Return what the desk told as one of these shapes; raises msgspec.ValidationError for a defect of ours."""
    return converted(told, shape)
