"""Hold what the pages of availability read, in the shapes of /api/v1/availability."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Hold one subject's figures, in seconds; ratios are 0 to 1, None where nothing is known."""

    id: str
    name: str
    unit: str | None
    units: int
    service_seconds: int
    maintenance_seconds: int
    up_seconds: int
    degraded_seconds: int
    down_seconds: int
    unknown_seconds: int
    off_seconds: int
    outages: int
    longest_seconds: int
    available_ratio: float | None
    known_ratio: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Hold one page of a report."""

    by: str
    first: date
    last: date
    hours: str
    left_out: int
    rows: tuple[Row, ...]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """Hold one day of a figure."""

    day: date
    available_ratio: float | None
    known_ratio: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Say how an incident counts at one unit."""

    unit: str
    incident: str
    cause: str
    state: str
    started_at: datetime
    ended_at: datetime
    counts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """Hold an announced time without service."""

    unit: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs(Row):
    """Hold what one figure is made of."""

    days: tuple[Day, ...]
    incidents: tuple[Counted, ...]
    planned: tuple[Planned, ...]
