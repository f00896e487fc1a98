"""Say what answers and requests about work on paper look like."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from machxa_collector.api.impact_shapes import ExplainedShape
from machxa_collector.api.shapes import Moment

GroupWord = Literal["HT", "CT", "DD", "XD", "other"]
StageWord = Literal["receive_direct", "receive_online", "scan", "look_up", "process", "sign", "pay", "issue", "archive"]
PAPER_NUMBER = r"^[0-9A-Za-z][0-9A-Za-z./_-]{0,39}$"
DOSSIER_NUMBER = r"^[0-9A-Za-z][0-9A-Za-z./_-]{0,63}$"
MOST_LINES = 500  # of one request
_Ms = Annotated[int, Field(ge=1_600_000_000_000, le=4_102_444_800_000)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SpellShape(_Shape):
    """Hold one time in which a unit works by hand; ended_at null: it goes on. groups empty: all."""

    id: int
    unit: str
    started_at: Moment
    ended_at: Moment | None
    groups: list[GroupWord]
    reason: str
    incident: str | None
    declared_by: str
    ended_by: str | None
    lines: int
    left: int
    red: int
    reentry_hours: ExplainedShape


class LineShape(_Shape):
    """Hold one dossier taken on paper; entered_at null: not typed in yet; is_red: for more than a working day."""

    number: str
    group: GroupWord
    received_at: Moment
    stages: list[StageWord]
    entered_at: Moment | None
    dossier: str | None
    is_red: bool


class LedgerShape(SpellShape):
    """Hold a spell with its ledger, those that came first before."""

    ledger: list[LineShape]


class SpellList(_Shape):
    """Hold the newest spells."""

    spells: list[SpellShape]


class TakenShape(_Shape):
    """Hold what was taken in: how many lines are new, and the ledger as it stands."""

    added: int
    ledger: LedgerShape


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class DeclareRequest(_Request):
    """Declare that a unit works by hand from a moment on (ms since 1970 UTC, now if null), at most a week back."""

    unit: Annotated[str, StringConstraints(max_length=10)]
    reason: Annotated[str, StringConstraints(min_length=3, max_length=500, strip_whitespace=True)]
    groups: Annotated[list[GroupWord], Field(max_length=5)] = []
    incident: Annotated[str, StringConstraints(pattern="^[0-9a-f]{8,32}$")] | None = None
    started_at: _Ms | None = None


class EndRequest(_Request):
    """End it at a moment (ms since 1970 UTC, now if null)."""

    ended_at: _Ms | None = None


class LineRequest(_Request):
    """Write down one dossier: the number on its paper receipt, never a person's name, phone or ID number."""

    number: Annotated[str, StringConstraints(pattern=PAPER_NUMBER)]
    group: GroupWord
    received_at: _Ms
    stages: Annotated[list[StageWord], Field(max_length=9)] = []
    entered_at: _Ms | None = None
    dossier: Annotated[str, StringConstraints(pattern=DOSSIER_NUMBER)] | None = None


class LinesRequest(_Request):
    """Hold lines, all or none; one whose number is there is told to be typed in."""

    lines: Annotated[list[LineRequest], Field(min_length=1, max_length=MOST_LINES)]
