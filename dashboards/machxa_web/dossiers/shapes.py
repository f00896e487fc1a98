"""Hold what the pages of dossiers read, in the shapes of /api/v1/dossiers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from machxa_web.admin.imports import Column, Progress, RowRemark


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Say something in both languages."""

    vi: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Hold a dossier system with the age of its figures; as_of None: nothing was taken in."""

    id: str
    name: str
    mapping: str
    folder: bool
    hashes: bool = False
    as_of: datetime | None = None
    age_seconds: int | None = None
    first_day: str | None = None
    last_day: str | None = None
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
    first_day: str | None = None
    last_day: str | None = None
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
