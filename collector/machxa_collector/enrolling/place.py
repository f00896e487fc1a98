"""Hold what the commands about enrolment work on, and what they share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from machxa_collector.authority import KeptAuthority
from machxa_collector.failure import CannotRunError
from machxa_collector.registry.audit import Entry, Value
from machxa_collector.store.registry import LiveRegistry

Print = Callable[[str], None]
BY = "command line"


@dataclass(frozen=True, slots=True)
class Place:
    """Hold what the commands work on: the store, the authority, the time in ms since 1970 UTC, and where words go.

    out takes what scripts read, told what people read beside it.
    """

    live: LiveRegistry
    authority: KeptAuthority
    now_ms: int
    out: Print
    told: Print


def write_folder(folder: Path, named: dict[str, bytes]) -> None:
    """Write files into a folder, keys for their owner alone; raises CannotRunError."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, content in named.items():
            (folder / name).touch(mode=0o600 if name.endswith(".key") else 0o644)
            (folder / name).write_bytes(content)
    except OSError as exc:
        raise CannotRunError(f"không ghi được {folder}: {exc.strerror}", f"cannot write {folder}: {exc}") from exc


def check_unit(place: Place, unit: str | None) -> None:
    """Refuse the code of no unit; raises CannotRunError."""
    if unit is not None and not place.live.current().units.history(unit):
        raise CannotRunError(f"không có đơn vị mã {unit!r}", f"there is no unit {unit!r}")


def entry_of(place: Place, action: str, subject: str, **detail: Value) -> Entry:
    """Return what the audit trail is told of an act of the command line."""
    return Entry(at=place.now_ms, actor=BY, origin=BY, action=action, subject=subject, detail=detail)
