"""Hold what the page of data age reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Age:
    """Say how old one source is.

    state: fresh, old, never (nothing came yet), none (nobody set it up), unknown (it says no day).
    name tells several sources of a kind apart, "" where there is one. at: until when it knows anything; day instead of
    it where only a day is known. most_seconds: how old it may be, None where another thing than age judges it.
    lacking of total: how many of what it should speak for do not.
    """

    kind: str
    state: str
    name: str = ""
    at: datetime | None = None
    day: date | None = None
    most_seconds: int | None = None
    lacking: int | None = None
    total: int | None = None
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ages:
    """Hold all sources, in the order in which they are told."""

    ages: tuple[Age, ...]
