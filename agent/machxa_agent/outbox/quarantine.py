"""Tell a damaged file from a full disk, and set damaged files aside."""

from __future__ import annotations

import errno
import re
import sqlite3
from pathlib import Path
from typing import List

from machxa_agent.outbox.disk import DamagedError

KEPT_MOST = 3
_PASSING = ("full", "unable to open", "readonly", "locked", "busy", "interrupted", "out of memory")
_PARTS = ("", "-wal", "-shm", "-journal")
_SPARE_BYTES = 128 * 1024  # with less room SQLite says "I/O error" for a full disk, too


def is_damage(exc: Exception, path: Path) -> bool:
    """Return whether an error is the file's or the medium's fault; a full or read-only disk passes by itself."""
    if isinstance(exc, DamagedError) or (isinstance(exc, OSError) and exc.errno == errno.EIO):
        return True
    if not isinstance(exc, sqlite3.Error):
        return False
    text = str(exc)
    if any(word in text for word in _PASSING):
        return False
    import shutil  # noqa: PLC0415 - with what it loads 1 MB, for a damaged outbox alone

    return not ("I/O error" in text and shutil.disk_usage(path.parent).free < _SPARE_BYTES)


def set_aside(path: Path) -> None:
    """Rename a database and what belongs to it; keep the newest three. Raises OSError."""
    numbers = _numbers(path)
    name = "{}.damaged-{}"
    new = name.format(path.stem, numbers[-1] + 1 if numbers else 1)
    for part in _PARTS:
        old = path.with_name(path.name + part)
        if old.exists():
            old.replace(path.with_name(new + part))
    for number in _numbers(path)[:-KEPT_MOST]:
        for part in _PARTS:
            path.with_name(name.format(path.stem, number) + part).unlink(missing_ok=True)


def clear_away(path: Path) -> None:
    """Remove a database that holds nothing, and what belongs to it. Raises OSError."""
    for part in _PARTS:
        path.with_name(path.name + part).unlink(missing_ok=True)


def _numbers(path: Path) -> List[int]:
    pattern = re.compile(re.escape(path.stem) + r"\.damaged-(\d+)(?:-wal|-shm|-journal)?")
    found = (pattern.fullmatch(one.name) for one in path.parent.iterdir())
    return sorted({int(one.group(1)) for one in found if one})
