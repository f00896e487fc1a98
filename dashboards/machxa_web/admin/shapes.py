"""Hold what the registry's pages read, in the shapes of /api/v1/registry, /batches and /imports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceShape:
    """Hold one value of a closed set in both languages."""

    value: str
    vi: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldShape:
    """Describe a field; form is "text", "choice", "list", "date" and so on."""

    name: str
    vi: str
    en: str
    form: str
    required: bool = False
    choices: tuple[ChoiceShape, ...] = ()
    longest: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class KindShape:
    """Describe a kind of record and how many there are; allowed: "change", "import", "export", as who asks may."""

    name: str
    vi: str
    en: str
    count: int
    fields: tuple[FieldShape, ...] = ()
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Hold every kind, and the code of the centre's province, None before it is told."""

    kinds: tuple[KindShape, ...] = ()
    home: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRow:
    """Hold a record in a list: its values as people write them."""

    id: str
    title: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPage:
    """Hold one page of records."""

    records: tuple[RecordRow, ...] = ()
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Hold what one act did to one record; before None: it was made, after None: it was removed."""

    batch: str = ""
    record: str = ""
    title: str = ""
    at: datetime | None = None
    actor: str = ""
    action: str = ""
    before: Mapping[str, str] | None = None
    after: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDetail:
    """Hold a record with its newest changes first; version names the state that a change was made upon.

    may_change: who asks may change this one.
    """

    id: str
    title: str = ""
    version: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    history: tuple[Change, ...] = ()
    may_change: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Hold one field that a change would alter."""

    field: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Say something of a field, or of the whole record where field is None."""

    field: str | None = None
    vi: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Say what saving would do; with faults it would be refused."""

    differences: tuple[Difference, ...] = ()
    faults: tuple[Remark, ...] = ()
    assumed: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchShape:
    """Hold one act of one person: an edit, an import, an undo."""

    id: str
    at: datetime
    actor: str
    action: str
    kind: str
    note: str | None = None
    created: int = 0
    changed: int = 0
    removed: int = 0
    undone_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPage:
    """Hold one page of acts, newest first."""

    batches: tuple[BatchShape, ...] = ()
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchDetail:
    """Hold an act with a page of its changes."""

    batch: BatchShape
    changes: tuple[Change, ...] = ()
    next: str | None = None
