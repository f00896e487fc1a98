"""Say what answers about the registry look like, for the OpenAPI document; a test holds every answer to it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from machxa_collector.api.shapes import Cursor, Moment

MOST_CELLS = 100
Cell = Annotated[str, Field(max_length=4_000)] | None
Cells = Annotated[dict[str, Cell], Field(max_length=MOST_CELLS, description="fields by name, as people write them")]
Note = Annotated[str | None, Field(max_length=500)]
Version = Annotated[str, Field(max_length=64, description="the version seen; another one by now is a conflict")]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PreviewRequest(_Shape):
    """Hold what would be saved; without id, as a new record."""

    id: Annotated[str | None, Field(max_length=36)] = None
    values: Cells


class CreateRequest(_Shape):
    """Hold a new record's values."""

    values: Cells
    note: Note = None


class ChangeRequest(_Shape):
    """Hold a record's new values; a field that is not named stays as it is."""

    values: Cells
    version: Version
    note: Note = None


class ChoiceShape(_Shape):
    """Hold one value of a closed set in both languages."""

    value: str
    vi: str
    en: str


class FieldShape(_Shape):
    """Describe a field. longest bounds a text, or each text of a list; least and most bound a number."""

    name: str
    vi: str
    en: str
    form: Literal["text", "code", "unit", "assets", "choice", "list", "date", "moment", "money", "decimal", "count"]
    required: bool
    choices: list[ChoiceShape]
    longest: int
    least: float | None
    most: float | None


class KindShape(_Shape):
    """Describe a kind of record; place is the field that says where a record lies, title those that name it.

    allowed: what who asks may do with records of this kind in their territory.
    """

    name: str
    vi: str
    en: str
    place: str
    title: list[str]
    fields: list[FieldShape]
    allowed: list[Literal["change", "import", "export"]]
    count: int


class Overview(_Shape):
    """Hold every kind; home is the code of the province this centre serves."""

    kinds: list[KindShape]
    home: str | None


class UnitName(_Shape):
    """Name a unit and its province."""

    code: str
    full_name: str
    province: str | None


RawValue = str | int | float | list[str] | None


class RecordShape(_Shape):
    """Hold a record. raw has a list as a list, a day as ISO 8601, a moment as ms since 1970 UTC."""

    id: str
    title: str
    version: str
    unit: UnitName | None
    values: dict[str, str]
    raw: dict[str, RawValue]


class RecordPage(_Shape):
    """Hold records in the order of their places and ids; total is null where a text was looked for."""

    records: list[RecordShape]
    total: int | None
    next: Cursor


class ChangeShape(_Shape):
    """Hold what an act did to a record: the fields that differ. before null: it was made, after null: removed."""

    batch: str
    kind: str
    record: str
    title: str
    at: Moment | None
    actor: str
    action: str
    note: str | None
    before: dict[str, str] | None
    after: dict[str, str] | None


class RecordDetail(RecordShape):
    """Hold a record with its history, newest first; may_change: who asks may change this one."""

    may_change: bool
    history: list[ChangeShape]
    history_next: Cursor


class DifferenceShape(_Shape):
    """Hold one field that a change would alter."""

    field: str
    before: str
    after: str


class Remark(_Shape):
    """Say something of a field, or of the whole record where field is null."""

    field: str | None
    vi: str
    en: str


class PreviewShape(_Shape):
    """Say what saving would do; with faults it would be refused."""

    differences: list[DifferenceShape]
    faults: list[Remark]
    assumed: list[Remark]


class BatchShape(_Shape):
    """Hold one act of one person; undone_by is the act that took it back."""

    id: str
    at: Moment | None
    actor: str
    action: str
    kind: str
    note: str | None
    file_sha256: str | None
    created: int
    changed: int
    removed: int
    undone_by: str | None


class Written(_Shape):
    """Hold a record as it is now, and the act that wrote it."""

    record: RecordShape
    batch: BatchShape


class Removed(_Shape):
    """Say what became of a record: removed, or kept as disposed because an agent or a history hangs on it."""

    outcome: Literal["removed", "disposed"]
    batch: BatchShape


class BatchPage(_Shape):
    """Hold acts, newest first."""

    batches: list[BatchShape]
    next: Cursor


class BatchDetail(_Shape):
    """Hold an act with a page of its changes."""

    batch: BatchShape
    changes: list[ChangeShape]
    next: Cursor


class Undone(_Shape):
    """Hold the act that took another back."""

    batch: BatchShape
