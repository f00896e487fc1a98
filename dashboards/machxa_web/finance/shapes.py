"""Hold what the finance pages read; None is never 0: nobody knows. Money is whole đồng."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

Tree = Mapping[str, object]  # a figure: low, high, unit, rule, missing, inputs


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """Say of a version of a scenario who kept it, when (ms since 1970 UTC) and why."""

    version: int
    made_at: int
    made_by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Hold a kept scenario, with its newest versions first."""

    name: str
    shared_vnd: int
    shared_source: str
    own_vnd: int
    locks: int
    overrides: int
    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenarios:
    """Hold the kept scenarios; empty says what of all papers is missing: prices, units."""

    scenarios: tuple[Scenario, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Hold a source of money; items, actions and units: what alone it may pay for, None: everything."""

    name: str
    ceiling_vnd: int
    paid_vnd: int
    items: tuple[str, ...] | None
    actions: tuple[str, ...] | None
    units: tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Hold what a plan rests on; coverage are shares of assets by what is known of them.

    sources: the shared ones, the first one first, then units' own money.
    """

    scenario: str
    ceiling: int | None
    province: str | None
    year: int
    on: date
    read_at: int
    stamp: str
    sha256: str
    units: int
    assets: int
    coverage: Mapping[str, float | None]
    rules: str
    rules_source: str
    minimum_per_1000: int | None = None
    prices: str | None
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassRow:
    """Hold one class of equipment over all units."""

    item: str
    units: int
    no_norm: int
    norm: int | None
    have: int
    works: int
    replace: int
    upgrade: int
    repair: int
    transfer: int
    lacking: int | None
    buy: int
    price_vnd: int | None
    paid: int
    paid_vnd: int
    need_vnd: int | None
    lines: int
    no_price: int
    hours: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Hold a plan's first page; money is of machxa_collector.purchasing.views.heads."""

    head: Head
    classes: tuple[ClassRow, ...]
    money: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """Hold one line of a plan."""

    number: int
    id: str
    unit: str
    unit_name: str
    item: str
    asset_id: str | None
    asset: str | None
    acquired_on: date | None
    firmware_on: date | None
    cost_vnd: int | None
    book_low: int | None
    book_high: int | None
    score_low: float | None
    score_high: float | None
    reasons: tuple[str, ...] | None
    band: str | None
    failures: int | None
    downtime_hours: float | None
    held: float | None
    action: str
    why: str
    rule: str
    disposal: str | None
    disposal_why: str | None
    can_dispose: bool
    vnd: int | None
    source: str | None
    left_out: str | None
    allowed: int | None
    priority: int
    completeness: float | None
    decided: Mapping[str, object] | None
    beyond: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePage:
    """Hold one page of lines; vnd sums all that fit, no_price counts those of them without a price."""

    head: Head
    total: int
    vnd: int
    no_price: int
    start: int
    next: int | None
    sources: tuple[str, ...]
    years: tuple[int, ...]
    knows_last: bool
    rows: tuple[LineRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """Hold a file behind a price or an asset; size in bytes."""

    number: int
    subject: str
    name: str
    media_type: str
    sha256: str
    size: int
    added_at: datetime
    added_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineShown:
    """Hold a line with the figures behind it, and the scenario that decides of it."""

    head: Head
    row: LineRow
    parts: Mapping[str, object]
    scenario: Scenario | None
    exceptions: tuple[str, ...]
    actions: tuple[str, ...]
    subjects: tuple[str, ...]
    files: tuple[Attached, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Hold a page of rows that a template words."""

    head: Head
    told: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Charts:
    """Hold ages, five years, and need by dossiers."""

    head: Head
    ages: tuple[Mapping[str, object], ...]
    years: tuple[Mapping[str, object], ...]
    dossiers: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """Hold a line under contract; measured are bit/s, None: nothing measured it; share: of served hours it worked."""

    id: str
    unit: str
    unit_name: str
    name: str
    kind: str
    provider: str
    contract: str | None
    down_mbps: float | None
    price_vnd: int | None
    expires_on: date | None
    p10_bps: float | None
    p50_bps: float | None
    tests: int
    share: float | None
    outages: int | None
    outage_minutes: int | None
    advice: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contracts:
    """Hold all lines under contract, of days."""

    first: date
    last: date
    rows: tuple[Contract, ...]
