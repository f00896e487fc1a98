"""Hold what the pages of work on paper read, in the shapes of /api/v1/paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Hold a figure in working hours; None: not known, then at_least holds all the same, if given."""

    figure: float | None
    at_least: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Hold one dossier taken on paper; entered_at None: not typed in yet; is_red: for more than a working day."""

    number: str
    group: str
    received_at: datetime
    stages: tuple[str, ...]
    entered_at: datetime | None
    dossier: str | None
    is_red: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """Hold one time on paper; groups empty: all; left: lines not typed in; ledger empty in a list of spells."""

    id: int
    unit: str
    started_at: datetime
    ended_at: datetime | None
    groups: tuple[str, ...]
    reason: str
    incident: str | None
    declared_by: str
    ended_by: str | None
    lines: int
    left: int
    red: int
    reentry_hours: Hours
    ledger: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SpellList:
    """Hold the newest spells."""

    spells: tuple[Spell, ...] = ()
