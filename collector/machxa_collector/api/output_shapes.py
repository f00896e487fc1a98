"""Say what answers and requests about documents look like."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from machxa_collector.api.shapes import Moment

KindWord = Literal["slip", "fair", "recorded", "monthly", "ledger", "annex", "brief"]
FormWord = Literal["html", "xlsx", "csv", "docx", "json"]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class GivenShape(_Shape):
    """Hold a document as it was given out; unit is the province's code for its brief."""

    id: int
    kind: KindWord
    unit: str
    subject: str
    title: str
    made_at: Moment
    made_by: str
    sha256: str


class GivenList(_Shape):
    """Hold the newest documents."""

    documents: list[GivenShape]


class VerifiedShape(_Shape):
    """Say whether a hash is that of a document given out here, and whether what is kept still has it."""

    sha256: str
    is_known: bool
    is_whole: bool
    document: GivenShape | None


class OutputRequest(BaseModel):
    """Ask for a document as of now.

    slip: incident and unit. fair, recorded, monthly: unit and month (2026-11).
    ledger: paper, the number of a time on paper. annex: dossier, its number.
    brief: unit, a province's code, and day, any day of the week.
    """

    model_config = ConfigDict(extra="forbid", strict=True)
    kind: KindWord
    incident: Annotated[str, StringConstraints(pattern="^[0-9a-f]{8,32}$")] | None = None
    unit: Annotated[str, StringConstraints(min_length=2, max_length=10)] | None = None
    month: Annotated[str, StringConstraints(pattern=r"^20\d\d-(0[1-9]|1[0-2])$")] | None = None
    day: Annotated[str, StringConstraints(pattern=r"^20\d\d-\d\d-\d\d$")] | None = None
    paper: int | None = None
    dossier: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = None
