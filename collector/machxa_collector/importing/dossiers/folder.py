"""Take in files that are dropped into a source's folder: once they stand still, and each out of the way afterwards.

A folder holds one folder for each source's id; there, done and failed receive what was read, failed with the reason
beside it. Of each the newest are kept.
"""

from __future__ import annotations

import logging
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from machxa_collector.registry.records import Told

logger = logging.getLogger(__name__)

DONE, FAILED = "done", "failed"
STILL_SECONDS = 10.0
MOST_FILES = 100  # looked at in one folder
MOST_KEPT = 50  # in done, and in failed
_UNFINISHED = (".tmp", ".part", ".crdownload", "~", ".filepart")
_LONGEST_NAME = 150


@dataclass(frozen=True, slots=True)
class _Seen:
    size: int
    changed_ns: int
    since: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """Say what became of a dropped file: why not (None: it was taken in), and its file of errors, if any."""

    why: Told | None
    errors: bytes = b""


class DropFolder:
    """Watch one source's folder; made once, asked again and again."""

    def __init__(self, place: Path, monotonic: Callable[[], float]) -> None:
        """Take the folder, which need not be there yet."""
        self.place = place
        self._monotonic = monotonic
        self._seen: dict[str, _Seen] = {}

    def ready(self) -> Sequence[Path]:
        """Return the files that have not changed for a while, by name; what is no plain file is passed over."""
        try:
            self.place.mkdir(parents=True, exist_ok=True)
            names = sorted(one.name for one in self.place.iterdir())[:MOST_FILES]
        except OSError as exc:
            logger.warning("drop folder %s cannot be read: %s", self.place, exc.strerror)
            return ()
        now, found, seen = self._monotonic(), [], {}
        for name in names:
            told = None if name.startswith(".") or name.lower().endswith(_UNFINISHED) else _plain(self.place / name)
            if told is None:
                continue
            before = self._seen.get(name)
            is_same = before is not None and (before.size, before.changed_ns) == told
            since = before.since if before is not None and is_same else now
            seen[name] = _Seen(*told, since)
            if is_same and now - since >= STILL_SECONDS:
                found.append(self.place / name)
        self._seen = seen
        return found

    def put_away(self, file: Path, read: Read, stamp: str) -> Path:
        """Move a file to done or failed, with the reason and the errors beside it; return where it is now."""
        into = self.place / (DONE if read.why is None else FAILED)
        into.mkdir(exist_ok=True)
        target = into / f"{stamp}-{file.name[-_LONGEST_NAME:]}"
        number = 1
        while target.exists():
            number += 1
            target = into / f"{stamp}-{number}-{file.name[-_LONGEST_NAME:]}"
        file.replace(target)
        if read.why is not None:
            target.with_name(f"{target.name}.reason.txt").write_text(
                f"{read.why.vi}\n{read.why.en}\n", encoding="utf-8"
            )
        if read.errors:
            target.with_name(f"{target.name}.errors.csv").write_bytes(read.errors)
        for old in sorted(into.iterdir())[: -3 * MOST_KEPT]:  # a file, its reason and its errors
            old.unlink(missing_ok=True)
        return target


def _plain(path: Path) -> tuple[int, int] | None:
    """Return a plain file's size and time of change, None for a link, a folder, and what is gone."""
    try:
        told = path.lstat()
    except OSError:
        return None
    return (told.st_size, told.st_mtime_ns) if stat.S_ISREG(told.st_mode) else None
