"""Say what an act on records is, what it did, and what became of each record."""

from __future__ import annotations

from dataclasses import dataclass

from machxa_collector.registry.audit import Entry, Value
from machxa_collector.store.record_rows import Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Say who does what, when and from where: action is one word such as edit, import or undo.

    The file is what it came from; origin is the caller's address, empty where none is known.
    """

    actor: str
    at_ms: int
    action: str = "edit"
    note: str | None = None
    file_sha256: str | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Hold what one act did. undone_by is the batch that took it back.

    made and disposed are told by the act itself and read back from nowhere: the ids of what it created, in the order
    given, and of the assets it was to remove and kept as disposed.
    """

    id: str
    at_ms: int
    actor: str
    action: str
    kind: str
    note: str | None
    file_sha256: str | None
    created: int
    changed: int
    removed: int
    undone_by: str | None = None
    made: tuple[str, ...] = ()
    disposed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """Hold one record before and after; None: there is none."""

    id: str
    before: Values | None
    after: Values | None

    def differences(self) -> tuple[Values | None, Values | None]:
        """Return the fields that differ, or all of a record that comes or goes."""
        if self.before is None or self.after is None:
            return self.before, self.after
        names = [name for name, value in self.after.items() if value != self.before[name]]
        return {name: self.before[name] for name in names}, {name: self.after[name] for name in names}


def entry_of(act: Act, batch: Batch, undone: str | None = None) -> Entry:
    """Return the audit trail's entry of an act on records; undone is the batch that it took back."""
    detail: dict[str, Value] = {
        "kind": batch.kind,
        "created": batch.created,
        "changed": batch.changed,
        "removed": batch.removed,
    }
    if undone is not None:
        detail["undone"] = undone
    return Entry(
        at=act.at_ms,
        actor=act.actor,
        origin=act.origin,
        action=f"records.{act.action}",
        subject=f"batches/{batch.id}",
        detail=detail,
    )
