"""Hold what the page of assumptions reads, in the shapes of /api/v1/dossiers/model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Hold one assumption."""

    section: str
    stage: str
    group: str
    channel: str
    name: str
    value: str

    @property
    def field(self) -> str:
        """Return the name of its field in a form."""
        return f"{self.section}|{self.stage}|{self.group}|{self.channel}|{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """Say of a version where it comes from."""

    version: int
    base: int
    made_at: datetime | None
    made_by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Model(Version):
    """Hold a version whole."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """Hold the versions, newest first."""

    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Say what is wrong in a row."""

    row: int | None
    column: str
    vi: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Give one row before and after."""

    section: str
    stage: str
    group: str
    channel: str
    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """Say what is left of a stage when one system is gone, before and after."""

    system: str
    group: str
    channel: str
    stage: str
    before: float
    after: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Say what saving would do."""

    base: int
    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...]
    changes: tuple[Change, ...]
    shifts: tuple[Shift, ...]
