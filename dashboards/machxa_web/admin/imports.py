"""Hold what the import pages read, in the shapes of /api/v1/imports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Hold a column of a file and the field it fills, None when it is left out."""

    heading: str
    field: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowRemark:
    """Say something of one cell; row is counted as a spreadsheet counts."""

    row: int
    column: str = ""
    field: str | None = None
    vi: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Say how far an import is."""

    done: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """Say when this very file was taken in before, and by whom."""

    batch: str
    at: datetime | None = None
    actor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportShape:
    """Hold a file on its way in: state is previewed, running, done or failed."""

    id: str
    kind: str
    state: str
    at: datetime | None = None
    actor: str = ""
    form: str = ""
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    before: Before | None = None
    rows: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    bad: int = 0
    columns: tuple[Column, ...] = ()
    problems: tuple[RowRemark, ...] = ()
    assumed: tuple[RowRemark, ...] = ()
    sample: tuple[tuple[str, ...], ...] = ()
    missing: tuple[str, ...] = ()
    progress: Progress | None = None
    batch: str | None = None
    detail: str | None = None
    detail_en: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportList:
    """Hold the newest imports, and the names under which choices of columns are kept."""

    imports: tuple[ImportShape, ...] = ()
    mappings: tuple[str, ...] = ()
