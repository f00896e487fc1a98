"""Say what answers and requests about planning look like."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from machxa_collector.api.shapes import Cursor, Moment
from machxa_collector.purchasing.papers import MOST_BYTES

Reason = Annotated[str, StringConstraints(min_length=3, max_length=500, strip_whitespace=True)]
PaperName = Annotated[str, StringConstraints(max_length=60)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class FigureShape(_Shape):
    """Hold a figure as an interval, with the rule it comes from and its inputs; both ends null: missing says why."""

    low: float | None
    high: float | None
    unit: str
    rule: str
    missing: str | None
    inputs: dict[str, FigureShape | float | bool | str | None]


class GapShape(_Shape):
    """Hold what a unit may have, has and lacks of one class; allowed: pieces that the norm leaves to buy."""

    unit: str
    name: str
    item: str
    expected: FigureShape
    lacking: FigureShape
    have: int
    works: int
    broken: int
    unsure: int
    allowed: int | None
    max_price_vnd: int | None
    missing_capability: bool


class CoverageShape(_Shape):
    """Hold the shares of assets with enough facts for a score, a day of purchase, a cost; null without assets."""

    scored: float | None
    dated: float | None
    priced: float | None


class NeedPage(_Shape):
    """Hold needs in the order of units; stamp names the versions of all they rest on."""

    on: date
    stamp: str
    coverage: CoverageShape
    needs: list[GapShape]
    next: Cursor


class LineShape(_Shape):
    """Hold one line: what, for what, at what price, who pays, or why it is left out.

    overridden names the override it stands by, beyond what that goes beyond: norm, highest price.
    """

    id: str
    unit: str
    item: str
    action: str
    asset: str | None
    vnd: int | None
    rule: str
    why: str
    priority: int
    source: str | None
    left_out: str | None
    overridden: str | None
    beyond: list[str]
    disposal: str | None
    disposal_why: str | None


class OverrideShape(_Shape):
    """Hold a person's decision over a proposal: what was proposed, what it goes beyond, why its lines stay out."""

    line: str
    unit: str | None
    was: str | None
    quantity: int | None
    action: str | None
    actor: str
    on: date
    reason: str
    beyond: list[str]
    refused: list[str]


class TransferShape(_Shape):
    """Hold an asset's way from a unit that has it beyond the norm to one that lacks it."""

    asset: str
    item: str
    giver: str
    taker: str
    km: float | None
    saves_vnd: int | None
    rule: str


class SplitShape(_Shape):
    """Flag purchases of one owner that were cut into parts."""

    owner: str
    commodity: str
    year: int
    packages: int
    vnd: int
    way: str
    rule: str


class PackageShape(_Shape):
    """Hold what one owner buys of like things, and how it may be bought."""

    owner: str
    commodity: str
    source: str
    vnd: int
    way: str | None
    rule: str | None


class DueShape(_Shape):
    """Hold a deadline."""

    on: date
    what: str
    source: str
    confidence: str


class MoneySourceShape(_Shape):
    """Hold a shared source: its ceiling, what it pays, and which classes, actions, units alone it may; null: all."""

    name: str
    ceiling_vnd: int
    paid_vnd: int
    items: list[str] | None
    actions: list[str] | None
    units: list[str] | None


class PlanShape(_Shape):
    """Hold a plan: what it spends and saves, how far it is from the best possible, its lines from a cursor on.

    shared_ceiling_vnd and shared_vnd sum the shared sources. minimum_per_1000: đồng that each unit gets at least for
    each 1,000 dossiers of a year, null where the scenario does not say. next_source: the one in which next_vnd more
    would give most, null where it buys nothing.
    """

    scenario: str
    on: date
    stamp: str
    shared_ceiling_vnd: int
    shared_vnd: int
    own_ceiling_vnd: int
    minimum_per_1000: int | None
    own_vnd: int
    sources: list[MoneySourceShape]
    hours: float
    still_lost: float
    floor: int
    floor_of: int
    floor_waiting: int
    bound: float | None
    gap: float | None
    exact: bool
    next_vnd: int
    next_source: str | None
    next_hours: float
    next_lines: list[str]
    lines: list[LineShape]
    transfers: list[TransferShape]
    packages: list[PackageShape]
    overrides: list[OverrideShape]
    splits: list[SplitShape]
    deadlines: list[DueShape]
    next: Cursor


class EndedShape(_Shape):
    """Name a program of an asset whose support ends, or ended, on a day."""

    program: str
    version: str
    ends_on: date


class SignShape(_Shape):
    """Hold a sign of failing with the method that found it; sure: the device says so itself."""

    name: str
    figure: FigureShape
    method: str
    sure: bool


class FindingShape(_Shape):
    """Hold what is found of one asset: its score with parts, its advice, its right to be disposed of."""

    asset: str
    unit: str
    item: str
    score: FigureShape
    band: str
    completeness: float
    reasons: list[str]
    action: str
    rule: str
    why: str
    disposal: str
    disposal_why: str
    disposal_rule: str
    book_value: FigureShape
    dates_disagree: bool
    signs: list[SignShape]
    failures: FigureShape
    downtime: FigureShape
    programs: list[EndedShape]


class FindingPage(_Shape):
    """Hold findings in the order of assets."""

    on: date
    stamp: str
    findings: list[FindingShape]
    next: Cursor


class PaperAbout(_Shape):
    """Say of a paper its newest version, who made it, when and why."""

    kind: str
    name: str
    version: int
    made_at: Moment
    made_by: str
    reason: str


class PaperList(_Shape):
    """Hold the papers that hold now."""

    papers: list[PaperAbout]


class PaperShape(PaperAbout):
    """Hold a paper whole: TOML for rules and scenarios, CSV for prices and units."""

    content: str


class PaperRequest(_Shape):
    """Keep a new version of a paper; content null takes it away."""

    name: PaperName = ""
    content: Annotated[str, Field(max_length=MOST_BYTES)] | None
    reason: Reason


class Attached(_Shape):
    """Hold what is told of a file behind a price or an asset; sha256 is of the bytes kept."""

    number: int
    subject: str
    name: str
    media_type: str
    sha256: str
    size: int
    added_at: Moment
    added_by: str


class AttachedList(_Shape):
    """Hold the files behind one subject."""

    files: list[Attached]
