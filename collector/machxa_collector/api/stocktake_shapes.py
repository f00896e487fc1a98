"""Say what answers about stock-takes look like."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from machxa_collector.api.registry_shapes import BatchShape, UnitName
from machxa_collector.api.shapes import Cursor, Moment


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class OpenRequest(_Shape):
    """Open a stock-take in a unit."""

    unit: Annotated[str, Field(min_length=1, max_length=10)]
    note: Annotated[str, Field(max_length=300)] = ""


class MarkRequest(_Shape):
    """Say what was scanned or typed: a label's address, a code, a serial number; and how and where it stands."""

    code: Annotated[str, Field(min_length=1, max_length=500)]
    damaged: bool = False
    room: Annotated[str, Field(max_length=200)] = ""


class ApplyRequest(_Shape):
    """Name the assets whose proposals become an act."""

    assets: Annotated[list[Annotated[str, Field(max_length=36)]], Field(min_length=1, max_length=5_000)]


class CountsShape(_Shape):
    """Count: expected by the books, found of those, found though they stand elsewhere, damaged, not found, no asset."""

    expected: int
    found: int
    moved: int
    damaged: int
    missing: int
    unknown: int


class StocktakeShape(_Shape):
    """Hold a stock-take; counts are those of now while it is open, of its closing afterwards."""

    id: str
    unit: UnitName | None
    note: str | None
    opened_at: Moment
    opened_by: str
    closed_at: Moment | None
    closed_by: str | None
    counts: CountsShape


class LineShape(_Shape):
    """Hold an asset of the books or a code in a stock-take; mark is the number by which it is unmarked."""

    asset: str | None
    code: str | None
    title: str
    kind: str | None
    room: str | None
    state: Literal["found", "moved", "damaged", "missing", "unknown", "waiting"]
    mark: int | None
    at: Moment | None
    by: str | None


class ProposalShape(_Shape):
    """Hold what the books would have to say of one asset; batch is the act that made it so, null while it waits."""

    asset: str
    title: str
    code: str | None
    why: list[Literal["missing", "moved", "damaged", "again", "room"]]
    before: dict[str, str | None]
    after: dict[str, str | None]
    batch: str | None


class StocktakeDetail(StocktakeShape):
    """Hold a stock-take with its lines, at most 2,000, and the proposals of a closed one."""

    lines: list[LineShape]
    proposals: list[ProposalShape]
    may_count: bool
    may_apply: bool


class StocktakePage(_Shape):
    """Hold stock-takes, newest first."""

    stocktakes: list[StocktakeShape]
    next: Cursor


class Marked(_Shape):
    """Say what was scanned: found, standing elsewhere by the books, or none of ours; again: it was scanned before."""

    outcome: Literal["found", "moved", "unknown"]
    again: bool
    asset: str | None
    title: str
    code: str
    counts: CountsShape


class Opened(_Shape):
    """Name a stock-take."""

    id: str


class Applied(_Shape):
    """Hold the act that the proposals became; it is taken back as a batch."""

    batch: BatchShape
    applied: int
