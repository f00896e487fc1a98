"""Say why an act on records is not done."""

from __future__ import annotations

from dataclasses import dataclass

from machxa_collector.registry.records import Record, Told


@dataclass(frozen=True, slots=True)
class Conflicting:
    """Name a record that is not as it was seen, and how it is now; None: it is gone."""

    id: str
    told: Told
    now: Record | None


@dataclass(frozen=True, slots=True)
class Fault:
    """Say what is wrong with a record; its id is None when no one record is to blame."""

    id: str | None
    told: Told
    field: str | None = None


class Conflict(Exception):
    """Name the records that have changed since they were seen: look again, then decide again."""

    def __init__(self, conflicts: tuple[Conflicting, ...]) -> None:
        """Take every record that stands in the way."""
        super().__init__(f"{len(conflicts)} records have changed: {', '.join(one.id for one in conflicts[:5])}")
        self.conflicts = conflicts


class Refused(Exception):
    """Say what the records may not be: mend it, then try again."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        """Take every fault found."""
        super().__init__("; ".join(fault.told.en for fault in faults[:5]))
        self.faults = faults
