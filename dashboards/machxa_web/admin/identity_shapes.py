"""Hold what the pages of identities read, in the shapes of /api/v1/assets/{id}/identity and /identity-findings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Hold something by which a device is known; is_current: it has it now."""

    kind: str
    value: str
    first_at: datetime | None = None
    last_at: datetime | None = None
    is_current: bool = True
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Hold how one kind of mark compares between what arrived and what was recorded."""

    kind: str
    agreement: str
    arrived: tuple[str, ...] = ()
    recorded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Name an asset."""

    id: str
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Hold what the vote found of an agent's record (asset) and the record it may be (about)."""

    pk: int
    at: datetime | None
    verdict: str
    asset: Named
    about: Named | None = None
    agent: str | None = None
    confidence: float | None = None
    evidence: tuple[Compared, ...] = ()
    is_open: bool = True
    decided: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingPage:
    """Hold one page of findings."""

    findings: tuple[Finding, ...] = ()
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Hold an agent that speaks for the asset."""

    agent: str
    enrolled_at: datetime | None = None
    last_seen: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Hold a merge; undone_at None: it stands."""

    pk: int
    at: datetime | None
    actor: str
    kept: str
    absorbed: str
    confidence: float | None = None
    evidence: tuple[Compared, ...] = ()
    undone_at: datetime | None = None
    undone_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Hold where the asset stood: unit None is not known, ended_at None is there still."""

    unit: str | None
    began_at: datetime | None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Hold everything that says which device an asset is."""

    asset: str
    marks: tuple[Mark, ...] = ()
    refused: tuple[Mark, ...] = ()
    agents: tuple[Speaker, ...] = ()
    merges: tuple[Merge, ...] = ()
    places: tuple[Place, ...] = ()
    findings: tuple[Finding, ...] = ()
