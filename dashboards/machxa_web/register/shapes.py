"""Hold what the register's pages read, in the shapes of the public API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """Hold what the books say; source of the year is "book", "estimated" or "unknown"."""

    acquired_on: date | None = None
    acquired_year: int | None = None
    acquired_source: str = "unknown"
    cost_vnd: int | None = None
    owner: str | None = None
    budget: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetRow:
    """Hold an asset in a list."""

    id: str
    kind: str = ""
    name: str = ""
    code: str | None = None
    serial: str | None = None
    unit: str | None = None
    status: str = ""
    location: str | None = None
    book: Book = field(default_factory=Book)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetPage:
    """Hold one page of assets."""

    assets: tuple[AssetRow, ...] = ()
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Name a unit."""

    code: str
    full_name: str = ""
    province: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Hold an entry that a draft may be."""

    id: str
    title: str = ""
    code: str | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Hold a draft."""

    id: str
    title: str = ""
    kind: str = ""
    vendor: str | None = None
    model: str | None = None
    serial: str | None = None
    unit: Unit | None = None
    found_by: str = "agent"
    first_at: datetime | None = None
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPage:
    """Hold one page of drafts."""

    drafts: tuple[Draft, ...] = ()
    total: int = 0
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Name an act."""

    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Hold what became of drafts."""

    batch: Batch | None = None
    merges: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class KindCount:
    """Count the assets of one kind."""

    kind: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """Hold an asset that would be handed over."""

    id: str
    title: str = ""
    kind: str = ""
    code: str | None = None
    serial: str | None = None
    status: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """Hold what would be handed over."""

    of: Unit
    to: Unit
    count: int = 0
    kinds: tuple[KindCount, ...] = ()
    assets: tuple[Handed, ...] = ()
    cost_vnd: int | None = None
    without_code: int = 0
    without_cost: int = 0
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """Hold an act and how many it touched."""

    batch: Batch


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """Hold what a label says."""

    asset: str
    code: str | None = None
    name: str = ""
    unit: str | None = None
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelPage:
    """Hold labels."""

    labels: tuple[Label, ...] = ()
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """Name an open stock-take."""

    id: str
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Hold the asset that a label names."""

    asset: str
    code: str | None = None
    name: str = ""
    unit: str | None = None
    status: str = ""
    location: str | None = None
    open: tuple[Open, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Count what a stock-take shows."""

    expected: int = 0
    found: int = 0
    moved: int = 0
    damaged: int = 0
    missing: int = 0
    unknown: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stocktake:
    """Hold a stock-take in a list."""

    id: str
    unit: Unit | None = None
    note: str | None = None
    opened_at: datetime | None = None
    opened_by: str = ""
    closed_at: datetime | None = None
    closed_by: str | None = None
    counts: Counts = field(default_factory=Counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class StocktakePage:
    """Hold one page of stock-takes."""

    stocktakes: tuple[Stocktake, ...] = ()
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Hold an asset or a code in a stock-take."""

    asset: str | None = None
    code: str | None = None
    title: str = ""
    room: str | None = None
    state: str = "waiting"
    mark: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Hold what the books would have to say."""

    asset: str
    title: str = ""
    code: str | None = None
    why: tuple[str, ...] = ()
    before: Mapping[str, str | None] = field(default_factory=dict)
    after: Mapping[str, str | None] = field(default_factory=dict)
    batch: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StocktakeDetail(Stocktake):
    """Hold a stock-take whole."""

    lines: tuple[Line, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    may_count: bool = False
    may_apply: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """Say what was scanned: "found", "moved" or "unknown"."""

    outcome: str
    again: bool = False
    title: str = ""
    code: str = ""
