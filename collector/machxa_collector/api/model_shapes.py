"""Say what answers and requests about the assumptions of the impact model look like."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from machxa_collector.api.shapes import Moment
from machxa_collector.impact.matrix import MOST_ENTRIES

_Word = Annotated[str, StringConstraints(max_length=40)]
_Reason = Annotated[str, StringConstraints(min_length=3, max_length=500, strip_whitespace=True)]
_LAST_VERSION = 2**31 - 1
Number = Annotated[int, Field(ge=0, le=_LAST_VERSION)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class EntryShape(_Shape):
    """Hold one assumption; what its section does not need is "".

    section is need (stage, perhaps group and channel, name: the system), paper (group, stage), pace, threshold, figure
    (name), share (group). The value of a need is hard, defer, none or 0 to 1; numbers may have a comma.
    """

    section: _Word
    stage: _Word = ""
    group: _Word = ""
    channel: _Word = ""
    name: _Word = ""
    value: _Word


class VersionShape(_Shape):
    """Say of a version which one it was made from, when, by whom and why; 0 is what the product ships with."""

    version: int
    base: int
    made_at: Moment | None
    made_by: str
    reason: str


class ModelShape(VersionShape):
    """Hold a version whole."""

    entries: list[EntryShape]


class VersionList(_Shape):
    """Hold the versions, newest first."""

    versions: list[VersionShape]


class FaultShape(_Shape):
    """Say what is wrong in a row (0 is the first, null: the whole), in Vietnamese and English."""

    row: int | None
    column: str
    vi: str
    en: str


class ChangeShape(_Shape):
    """Give one row before and after; null: it was not there, or is no longer."""

    section: str
    stage: str
    group: str
    channel: str
    name: str
    before: str | None
    after: str | None


class ShiftShape(_Shape):
    """Say what of a stage's capacity is left (0 to 1) when one system is gone, before and after."""

    system: str
    group: str
    channel: str
    stage: str
    before: float
    after: float


class ModelPreview(_Shape):
    """Say what saving rows would do; with faults nothing can be saved. base is the version they are compared with."""

    base: int
    entries: list[EntryShape]
    faults: list[FaultShape]
    changes: list[ChangeShape]
    shifts: list[ShiftShape]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PreviewRequest(_Request):
    """Hold all rows as they should be."""

    entries: Annotated[list[EntryShape], Field(max_length=MOST_ENTRIES)]


class ModelRequest(PreviewRequest):
    """Hold all rows as they should be, the version that was changed, and why."""

    base: Number
    reason: _Reason


class RestoreRequest(_Request):
    """Say which version holds now, and why an older one should again."""

    base: Number
    reason: _Reason
