"""Hold what the pages of dossiers read, in the shapes of /api/v1/dossiers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from machxa_web.admin.imports import Column, Progress, RowRemark


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Say something in both languages."""

    vi: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pull:
    """Say how a dossier system is asked: where, how often, with which sealed secret in which header."""

    url: str
    every_minutes: int
    secret: str | None = None
    header: str = "Authorization"
    scheme: str = "Bearer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Hold a dossier system with the age of its figures; as_of None: nothing was taken in."""

    id: str
    name: str
    mapping: str
    folder: bool
    good_only: bool = False
    pull: Pull | None = None
    hashes: bool = False
    as_of: datetime | None = None
    age_seconds: int | None = None
    first_day: date | None = None
    last_day: date | None = None
    tried_at: datetime | None = None
    good_at: datetime | None = None
    failures: int = 0
    failures_total: int = 0
    reason: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceList:
    """Hold the sources, and the names of mappings."""

    sources: tuple[Source, ...] = ()
    mappings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileShape:
    """Hold a file of dossiers: state is previewed, running, done, failed or undone."""

    id: str
    source: str
    kind: str
    state: str
    way: str
    mapping: str
    mapping_version: int = 0
    at: datetime | None = None
    actor: str = ""
    as_of: datetime | None = None
    first_day: date | None = None
    last_day: date | None = None
    file_name: str = ""
    file_sha256: str = ""
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    rows: int = 0
    new: int = 0
    replaced: int = 0
    same: int = 0
    older: int = 0
    bad: int = 0
    left_out: int = 0
    missing: tuple[str, ...] = ()
    problems: tuple[RowRemark, ...] = ()
    sample: tuple[tuple[str, ...], ...] = ()
    unknown_units: tuple[tuple[str, int], ...] = ()
    guessed: tuple[str, ...] = ()
    unknown_statuses: tuple[str, ...] = ()
    before: str | None = None
    progress: Progress | None = None
    detail: Reason | None = None
    undone_at: datetime | None = None
    undone_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileList:
    """Hold the newest files."""

    imports: tuple[FileShape, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Give dossiers an hour of a group on a weekday (0 is Monday), whose counts tell it, from how many days."""

    group: str
    weekday: int
    per_hour: float
    level: str
    sample_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRate:
    """Give what comes in a part of a weekday; per_hour None: no working hours lie in it."""

    group: str
    weekday: int
    part: str
    ratio: float
    share_level: str
    share_dossiers: int
    per_day: float
    per_hour: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StageRate:
    """Give what of a group's dossiers reaches a stage on a weekday."""

    group: str
    weekday: int
    stage: str
    ratio: float
    per_hour: float
    sample_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Hold what comes to a unit."""

    unit: str
    model: str
    season_factor: float
    rates: tuple[Rate, ...]
    session_rates: tuple[SessionRate, ...]
    stages: tuple[StageRate, ...]
