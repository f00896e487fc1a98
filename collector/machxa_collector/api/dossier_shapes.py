"""Say what answers about dossiers' imports look like, for the OpenAPI document; a test holds every answer to it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from machxa_collector.api.import_shapes import ColumnShape, ProgressShape, Remark
from machxa_collector.api.shapes import Moment

Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ReasonShape(_Shape):
    """Say something in both languages."""

    vi: str
    en: str


class SourceShape(_Shape):
    """Hold a dossier system with the age of its figures.

    as_of: until when they know anything, null: nothing was taken in. age_seconds: how long ago that is. first_day and
    last_day: of these days all that came in is there. tried_at, good_at, failures, reason: how asking by the timetable
    goes. hashes: its dossiers' numbers are kept as hashes.
    """

    id: str
    name: str
    province: str | None
    hashes: bool
    mapping: str
    folder: bool
    good_only: bool
    pull: dict[str, Any] | None
    as_of: Moment | None
    age_seconds: int | None
    taken_in_at: Moment | None
    first_day: str | None
    last_day: str | None
    tried_at: Moment | None
    good_at: Moment | None
    failures: int
    failures_total: int
    reason: ReasonShape | None


class SourceList(_Shape):
    """Hold all sources of one's territory, and which mappings there are."""

    sources: list[SourceShape]
    mappings: list[str]


class SourceRequest(_Shape):
    """Name a source and say how it is asked; hash_numbers can be chosen when it is made, and never after."""

    id: Id
    name: Annotated[str, Field(min_length=1, max_length=200)]
    hash_numbers: bool = False
    asked: dict[str, Any] = Field(default_factory=dict)


class DossierImportShape(_Shape):
    """Hold a file of dossiers on its way in, or what became of it.

    new, replaced, same, older and bad count its rows: older ones met figures of a file that knows more. unknown_units
    are codes with their rows that the mapping has to name; groups say what fields were taken for, guessed which of them
    by no word we know. first_day and last_day: of these days the file has all that came in.
    """

    id: str
    source: str
    kind: Literal["rows", "counts"]
    state: Literal["previewed", "running", "done", "failed", "undone"]
    way: Literal["upload", "command", "folder", "pull"]
    at: Moment | None
    actor: str
    as_of: Moment | None
    first_day: str | None
    last_day: str | None
    form: str
    file_name: str
    file_sha256: str
    mapping: str
    mapping_version: int
    sheet: str | None
    sheets: list[str]
    heading_row: int
    columns: list[ColumnShape]
    rows: int
    new: int
    replaced: int
    same: int
    older: int
    bad: int
    left_out: int
    missing: list[str]
    problems: list[Remark]
    sample: list[list[str]]
    unknown_units: list[tuple[str, int]]
    groups: dict[str, str]
    guessed: list[str]
    unknown_statuses: list[str]
    before: str | None
    progress: ProgressShape | None
    detail: ReasonShape | None
    undone_at: Moment | None
    undone_by: str | None


class DossierImportList(_Shape):
    """Hold the newest imports, without their problems and samples."""

    imports: list[DossierImportShape]


class DossierMappingRequest(_Shape):
    """Say how a file is read: what is told is laid over what held, name by name; kept under a name if one is given."""

    columns: dict[str, str | None] = Field(default_factory=dict, max_length=200)
    units: dict[str, str] = Field(default_factory=dict, max_length=5000)
    groups: dict[str, str] = Field(default_factory=dict, max_length=5000)
    statuses: dict[str, str] = Field(default_factory=dict, max_length=200)
    unit: str | None = None
    sheet: str | None = None
    save_as: Annotated[str, Field(max_length=60)] = ""


class RateShape(_Shape):
    """Give the dossiers an hour of a group on a weekday (0 is Monday), whose counts tell it, and from how many days.

    level: unit_weekday, unit, province, or sources: figures of press articles, since nothing else is known.
    """

    group: str
    weekday: int
    per_hour: float
    level: str
    sample_days: int


class ShareShape(_Shape):
    """Give the share of a group's dossiers that come online."""

    group: str
    online_ratio: float
    level: str
    sample_days: int


class SessionShape(_Shape):
    """Give the share of the dossiers received in the morning, in the afternoon, and outside both."""

    part: str
    ratio: float
    dossiers: int


class SessionRateShape(_Shape):
    """Give what comes of a group in a part of a weekday; per_hour null: no working hours lie in it.

    share_level: unit_group or unit, whose dossiers of known hours tell ratio (share_dossiers of them), or hours:
    nothing tells it, so the day is spread evenly over its working hours. level and sample_days: of the weekday's rate.
    """

    group: str
    weekday: int
    part: str
    hours: float
    ratio: float
    share_level: str
    share_dossiers: int
    per_day: float
    per_hour: float | None
    level: str
    sample_days: int


class StageRateShape(RateShape):
    """Give what of a group's dossiers reaches a stage, by the paths of the assumptions (model): ratio of all."""

    stage: str
    ratio: float


class FlowShape(_Shape):
    """Hold what comes to a unit: by group and weekday, online, by part of the day where times are known, by stage."""

    unit: str
    model: str
    season_factor: float
    rates: list[RateShape]
    online: list[ShareShape]
    capacity: list[RateShape]
    sessions: list[SessionShape]
    session_rates: list[SessionRateShape]
    stages: list[StageRateShape]
    sources: list[SourceShape]
