"""Say what the registry's pages need of the collector, on behalf of one person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from fastapi import Request
from fastapi.params import Depends


class Trouble(Exception):
    """Say in both languages why something was not done; status is the HTTP answer's."""

    def __init__(self, status: int, vi: str, en: str) -> None:
        """Take the answer's status and the sentence."""
        super().__init__(en)
        self.status, self.vi, self.en = status, vi, en


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """Hold the bytes of a file that a person sent, and the kept choice of columns they named, "" for none."""

    content: bytes
    mapping: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Guards:
    """Hold the dependencies that let a person look, change something, and take files in."""

    looking: Sequence[Depends]
    changing: Sequence[Depends]
    importing: Sequence[Depends]


class Desk(Protocol):
    """Answer with JSON-like objects in the shapes of the public API. Every method may raise Trouble."""

    def overview(self) -> object:
        """Return what GET /registry does."""
        ...

    def records(self, kind: str, q: str, unit: str, cursor: str | None) -> object:
        """Return what GET /registry/{kind} does."""
        ...

    def record(self, kind: str, record: str) -> object:
        """Return what GET /registry/{kind}/{id} does."""
        ...

    def preview(self, kind: str, record: str | None, values: Mapping[str, str]) -> object:
        """Return what POST /registry/{kind}/preview does; record None is a new one."""
        ...

    def save(self, kind: str, record: str | None, values: Mapping[str, str], version: str) -> tuple[str, str]:
        """Keep a new or changed record; return the record's id and the batch's."""
        ...

    def remove(self, kind: str, record: str, version: str) -> str:
        """Remove a record; return the batch's id."""
        ...

    def batches(self, kind: str, cursor: str | None) -> object:
        """Return what GET /batches does; kind "" is all."""
        ...

    def batch(self, batch: str, cursor: str | None) -> object:
        """Return what GET /batches/{id} does."""
        ...

    def undo(self, batch: str) -> str:
        """Take an act back; return the id of the batch that did."""
        ...


class ImportDesk(Protocol):
    """Take files in, likewise."""

    def imports(self, kind: str) -> object:
        """Return what GET /imports does, of one kind."""
        ...

    def upload(self, kind: str, file: Upload) -> str:
        """Take a file in for a preview; return the import's id."""
        ...

    def one(self, import_id: str) -> object:
        """Return what GET /imports/{id} does."""
        ...

    def remap(self, import_id: str, columns: Mapping[str, str | None], save_as: str, sheet: str) -> None:
        """Say which column of which sheet fills which field, and keep that under a name unless it is empty."""
        ...

    def start(self, import_id: str, *, good_only: bool) -> None:
        """Begin to take the rows in."""
        ...

    def drop(self, import_id: str) -> None:
        """Forget a file that was not taken in."""
        ...


class IdentityDesk(Protocol):
    """Tell which device is which, likewise."""

    def findings(self, cursor: str | None) -> object:
        """Return what GET /identity-findings?open=true does."""
        ...

    def identity(self, asset: str) -> object:
        """Return what GET /assets/{id}/identity does."""
        ...

    def decide(self, finding: int, decision: str) -> None:
        """Settle a finding: "same", "apart" or "settled"."""
        ...

    def merge(self, asset: str, absorb: str) -> None:
        """Let an asset absorb another record of the same device."""
        ...

    def undo_merge(self, merge: int) -> None:
        """Take a merge back."""
        ...

    def split(self, asset: str, agent: str) -> str:
        """Give an agent a record of its own again; return its id."""
        ...

    def move(self, asset: str, unit: str, note: str) -> None:
        """Say that an asset stands in another unit from now on."""
        ...


DeskOf = Callable[[Request], Desk]
IdentityDeskOf = Callable[[Request], IdentityDesk]
ImportDeskOf = Callable[[Request], ImportDesk]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desks:
    """Hold what answers each request: for records, for files, for identities."""

    records: DeskOf
    files: ImportDeskOf
    identities: IdentityDeskOf
