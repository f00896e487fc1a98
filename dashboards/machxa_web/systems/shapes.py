"""Hold what the pages of systems read, in the shapes of /api/v1/systems/hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

Cell = tuple[int, int, int, int]  # sites watched; of these well, slow, and hung or failing


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Hold an incident of a system; ended_at None: it is open."""

    id: str
    cause: str
    state: str
    severity: str
    confidence: float
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemHours:
    """Hold one system's hours, the oldest first."""

    id: str
    vi: str
    en: str
    owner: str
    cells: tuple[Cell, ...]
    incidents: tuple[Trouble, ...]

    @property
    def open(self) -> Trouble | None:
        """Return the gravest incident that is open."""
        return min((one for one in self.incidents if one.ended_at is None), key=lambda one: one.severity, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Hold the hours of all systems that agents check; first is when the first hour begins."""

    at: datetime
    first: datetime
    hours: int
    systems: tuple[SystemHours, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Hold one group of sites; id "" are those of which it is not known."""

    id: str
    name: str
    sites: int
    cells: tuple[Cell, ...]
    results: int
    slow: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class One(SystemHours):
    """Hold one system with the numbers that its hours were made from: results in all, slow, not well."""

    at: datetime
    first: datetime
    hours: int
    numbers: tuple[tuple[int, int, int], ...]
    by: str
    groups: tuple[Group, ...]
    next: str | None
