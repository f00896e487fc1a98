"""Hold what the page of norms reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Hold one norm: for each holder of titles, one for per_staff of them, per counter, or per unit.

    is_own: the province's row, or the province's copy of a shipped one. state: now, past, later.
    """

    id: str
    item: str
    titles: tuple[str, ...]
    per_staff: int
    per_counter: float
    per_unit: int
    max_price_vnd: int | None
    purpose: str
    source: str
    confidence: str
    valid_from: date | None
    valid_to: date | None
    is_own: bool
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """Hold one version of the province's own rules; is_gone: from then on the shipped ones hold alone."""

    version: int
    made_at: datetime
    made_by: str
    reason: str
    is_gone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """Hold how many of a class all units may have, before and after; unknown: units whose staff is not entered."""

    item: str
    before: int | None
    after: int | None
    unknown: int
    price_before: int | None = None
    price_after: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Hold the norms as they are; read_on: the day on which the shipped rows were held against their texts.

    base: the newest version of the own rules, 0 for none. why_not: "" where it may.
    """

    read_on: date
    source: str
    rows: tuple[Row, ...]
    versions: tuple[Version, ...]
    totals: tuple[Total, ...]
    units: int
    base: int
    why_not: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Hold what a change would do from a day on."""

    day: date
    totals: tuple[Total, ...]
    units: int
    base: int
    row: Row | None
