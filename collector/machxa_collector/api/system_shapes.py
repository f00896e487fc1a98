"""Say what answers and requests about work systems look like."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from machxa_collector.api.shapes import Moment
from machxa_collector.registry.reports import UNIT

_YEAR_9999_MS = 253_402_300_799_999
_Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
_Part = Annotated[str, StringConstraints(max_length=60, pattern=r"^[\w .:/-]*$")]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ContextShape(_Shape):
    """Hold a value that was told: of a unit, or null the whole province; part names an interface or a volume.

    state is what it says now: ok, warning, down; stale: too old to say anything; told: a figure alone.
    """

    name: str
    unit: str | None
    part: str | None
    number: float | None
    word: str | None
    at: Moment
    age_seconds: int
    state: Literal["ok", "warning", "down", "stale", "told"]
    told_by: str


class SystemShape(_Shape):
    """Hold a system; source says how its state is known: check, reports, storage, import or entered."""

    id: str
    vi: str
    en: str
    owner: Literal["province", "national"]
    source: Literal["check", "reports", "storage", "import", "entered"]
    system_class: str | None
    groups: list[str]
    enabled: bool
    checks: list[str]
    context: list[ContextShape]


class SystemList(_Shape):
    """Hold the catalogue in use; troubles say what of a province's own part of it is set aside, and why."""

    version: int
    troubles: list[str]
    systems: list[SystemShape]


class ContextValueRequest(BaseModel):
    """Tell one value, of one unit or (unit null) of the whole province; at is when it was so, null for now."""

    model_config = ConfigDict(extra="forbid", strict=True)
    system: _Word
    name: _Word
    unit: Annotated[str, StringConstraints(pattern=f"^({UNIT.pattern})$")] | None = None
    part: _Part = ""
    number: Annotated[float, Field(ge=0, le=1e15)] | None = None
    word: Literal["ok", "slow", "down"] | None = None
    at: Annotated[int, Field(ge=0, le=_YEAR_9999_MS)] | None = None


class ContextRequest(BaseModel):
    """Tell values, 500 at most at once."""

    model_config = ConfigDict(extra="forbid", strict=True)
    values: Annotated[list[ContextValueRequest], Field(min_length=1, max_length=500)]


class ContextTaken(_Shape):
    """Say how many values were new, and how many are older than what is known."""

    taken: int
    known_already: int
