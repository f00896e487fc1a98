"""Hold what the page of a week reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Hold a row that decided a day, with its source; name None where rows of its kind have none."""

    name: str | None
    source: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """Hold one day: official sessions, and those that really are held ("07:30-11:30")."""

    day: date
    kind: str
    official: tuple[str, ...]
    actual: tuple[str, ...]
    rows: tuple[Said, ...]

    @property
    def extra(self) -> tuple[str, ...]:
        """Return the sessions that are no official ones."""
        return tuple(one for one in self.actual if one not in self.official)


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Hold a unit whose week is not its province's: the days that differ, each with its sessions."""

    code: str
    name: str
    days: tuple[tuple[date, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Hold a week from Monday on; hours are of all its sessions. others: of a province, in Vietnamese order.

    before, after: the Mondays next to it, None where no calendar reaches. doubts: what is not sure, in Vietnamese.
    """

    unit: str
    name: str
    is_province: bool
    days: tuple[Day, ...]
    hours: float
    official_hours: float
    doubts: tuple[str, ...]
    others: tuple[Other, ...]
    more: int
    before: date | None
    after: date | None
    may_change: bool
