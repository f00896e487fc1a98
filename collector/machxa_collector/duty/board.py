"""Hold what the duty desk shows of each unit and incident at one moment. Pure values, made by duty.making."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from machxa_collector.effects.readiness import Serving
from machxa_collector.impact.explained import Explained
from machxa_collector.impact.readiness import Readiness
from machxa_collector.impact.words import Stage
from machxa_collector.incidents.acts import Handling
from machxa_collector.incidents.incident import Incident
from machxa_collector.registry.units import Unit
from machxa_collector.store.reports import Report
from machxa_collector.store.unit_presence import Heard


class Line(Enum):
    """Say how a unit's line to the Internet is."""

    OK = "ok"
    WEAK = "weak"
    DOWN = "down"
    UNKNOWN = "unknown"


class Grade(Enum):
    """Say how a unit does by a measure of months: its old devices, what lateness comes from infrastructure."""

    LOW = "low"
    MIDDLE = "middle"
    HIGH = "high"
    NONE = "none"  # nothing was late
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Grades:
    """Hold the measures of months by unit; a unit without an entry is not known.

    at: as of when (ms since 1970 UTC), None before the first time; late is reckoned after old.
    """

    old: Mapping[str, Grade] = field(default_factory=dict)
    late: Mapping[str, Grade] = field(default_factory=dict)
    at: int | None = None
    is_late_reckoned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitNow:
    """Hold a unit: ready None is not known, held None is nothing open there; worst is 1 to 4, None without any.

    incidents counts those that are open.
    """

    unit: Unit
    serving: Serving
    heard: Heard
    line: Line
    ready: Readiness | None = None
    held: Explained | None = None
    at_risk: Explained | None = None
    incidents: int = 0
    worst: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Hold an open incident: what it holds up by unit, which stages stop (True) or slow down, working hours by now.

    providers are those whose lines its units use, name is its subject's; worked_hours None: the unit has no calendar.
    """

    incident: Incident
    handling: Handling
    held: Mapping[str, Explained] = field(default_factory=dict)
    hours: Mapping[str, Explained] = field(default_factory=dict)
    stages: Mapping[Stage, bool] = field(default_factory=dict)
    worked_hours: float | None = None
    providers: frozenset[str] = frozenset()
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Hold it all as of a moment (ms since 1970 UTC); version changes with anything that may be shown.

    reports are those of people that belong to no incident yet. systems are ids with names in Vietnamese and English.
    reckoned_at: as of when dossiers were reckoned, None before the first time.
    """

    at: int
    version: str
    units: Mapping[str, UnitNow]
    rows: tuple[Row, ...]
    reports: tuple[Report, ...]
    systems: Mapping[str, tuple[str, str]]
    reckoned_at: int | None
    has_dossiers: bool
    grades: Grades
