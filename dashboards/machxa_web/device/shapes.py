"""Hold what a device's page reads beside its readings; ratios 0 to 1, None is "not known"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from machxa_web.commune.shapes import Figure, Incident


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Name the unit a device stands in."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Hold an agent that spoke for the device."""

    agent: str
    enrolled_at: datetime
    last_seen: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Hold a merge of two records of one device; undone_at None: it stands."""

    at: datetime
    actor: str
    absorbed: str
    kept: str
    undone_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Hold a unit it stood in; ended_at None: there still."""

    unit: str | None
    began_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Hold a mark by which the device is known."""

    kind: str
    value: str
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Say which device it is."""

    marks: tuple[Mark, ...] = ()
    agents: tuple[Speaker, ...] = ()
    merges: tuple[Merge, ...] = ()
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """Hold what the books say; money is None for who may not see it."""

    acquired_on: date | None
    acquired_year: int | None
    acquired_source: str
    cost_vnd: int | None
    book_value_vnd: int | None
    budget: str | None
    supplier: str | None
    warranty_until: date | None
    pages: int | None
    pages_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """Hold an entry: state is done, estimate or beyond; vnd None: nobody said, or not for who asks."""

    on: date
    state: str
    what: str
    vnd: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Score(Figure):
    """Hold F12 with its parts by name."""

    inputs: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """Hold a sign of failing; sure: the device says so itself."""

    name: str
    figure: Figure
    sure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Hold the score with its three biggest reasons, the advice with its rule, and the right to be disposed of."""

    score: Score
    band: str
    completeness: float
    reasons: tuple[str, ...]
    action: str
    rule: str
    why: str
    disposal: str
    disposal_why: str
    disposal_rule: str
    book_value: Figure
    signs: tuple[Sign, ...]
    failures: Figure
    downtime: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Hold all of it; days give each day its share of working sessions in which the device served."""

    unit: Unit | None
    room: str | None
    code: str | None
    status: str
    label: str | None
    identity: Identity
    book: Book
    repairs: tuple[Repair, ...]
    sees_costs: bool
    finding: Finding | None
    days: tuple[tuple[date, float | None], ...]
    available_ratio: float | None
    down_hours: float | None
    outages: int | None
    alerts: tuple[Incident, ...]
