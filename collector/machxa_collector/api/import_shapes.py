"""Say what answers about imports look like, for the OpenAPI document; a test holds every answer to it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from machxa_collector.api.shapes import Moment

Heading = Annotated[str, Field(min_length=1, max_length=120)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ColumnShape(_Shape):
    """Hold a column of a file and the field it fills, null when it is left out; id is the record's own."""

    heading: str
    field: str | None


class Remark(_Shape):
    """Say something of one cell, or of a row; row is counted as a spreadsheet does, from 1."""

    row: int
    column: str
    field: str | None
    vi: str
    en: str


class ProgressShape(_Shape):
    """Say how many rows are done."""

    done: int
    total: int


class Before(_Shape):
    """Say when this very file was taken in before, and by whom."""

    batch: str
    at: Moment | None
    actor: str


class ImportShape(_Shape):
    """Hold a file on its way in.

    new, changed, same and bad count its rows; problems are the first 200 and sample the first 20 rows. missing are
    fields that a new record needs and no column fills. detail says in Vietnamese why nothing was taken in.
    """

    id: str
    kind: str
    state: Literal["previewed", "running", "done", "failed"]
    at: Moment | None
    actor: str
    form: Literal["csv", "xlsx", "xls", "ods"]
    sheet: str | None
    sheets: list[str]
    heading_row: int
    columns: list[ColumnShape]
    mapping: str | None
    rows: int
    new: int
    changed: int
    same: int
    bad: int
    missing: list[str]
    problems: list[Remark]
    assumed: list[Remark]
    sample: list[list[str]]
    before: Before | None
    progress: ProgressShape | None
    batch: str | None
    detail: str | None
    detail_en: str | None
    kept_until: Moment | None


class ImportList(_Shape):
    """Hold the newest files, without their problems and samples, and the names of mappings that are kept."""

    imports: list[ImportShape]
    mappings: list[str]


class MappingRequest(_Shape):
    """Say which heading fills which field (null: leave it out), and keep it under a name if one is given."""

    columns: Annotated[dict[Heading, Annotated[str, Field(max_length=60)] | None], Field(max_length=200)]
    save_as: Annotated[str, Field(max_length=100)] = ""
    sheet: Annotated[str, Field(max_length=200)] = ""
