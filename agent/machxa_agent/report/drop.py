"""Put reports into the drop folder and take them out: any user of the computer may write there whatever they like.

The folder is the agent's, its mode 1733: others may put a file there, and neither list nor touch what is there. What a
file is comes from the opened file, never from its name; links, pipes and devices are refused unread.
"""

from __future__ import annotations

import os
import stat
import sys
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import List, Optional, Tuple

from machxa_agent.report.told import MOST_BYTES, NAME, Told, to_file

MOST_FILES = 200  # that may wait; what is beyond goes unread
_MOST_SEEN = 5000  # names of one look
MOST_AGE_SECONDS = 7 * 24 * 3600.0
_HALF_WRITTEN_SECONDS = 3600.0
_FILE_MODE = 0o644
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


@dataclass(frozen=True)
class Dropped:
    """Hold one file: its report's id and its content, or refused, which says why there is none."""

    name: str
    id: str
    content: bytes = b""
    refused: Optional[str] = None


def put(drop: Path, told: Told, id_: str = "") -> str:
    """Write a report where the agent looks and return its id; raises OSError. It is there wholly or not at all.

    id_ is one that follows from another report's, "" for a random one.
    """
    id_ = id_ or os.urandom(16).hex()
    new = drop / f"{id_}.new"
    handle = os.open(str(new), os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), _FILE_MODE)
    try:
        if sys.platform != "win32":
            os.fchmod(handle, _FILE_MODE)  # whatever the user's umask: the agent is somebody else and has to read it
        os.write(handle, to_file(told))
        os.fsync(handle)
    finally:
        os.close(handle)
    new.replace(drop / f"{id_}.json")
    return id_


def look(drop: Path, now_s: float, most: int = MOST_FILES) -> Tuple[List[Dropped], bool]:
    """Return the files that wait, those to refuse among them, and whether there are more than may wait.

    now_s is the wall clock. A file that is being written is left alone; raises OSError when the folder cannot be read.
    """
    plain: List[str] = []
    strange: List[str] = []
    with os.scandir(str(drop)) as entries:
        for entry in islice(entries, _MOST_SEEN):
            (plain if _is_plain(entry) else strange).append(entry.name)
    found = [_one(drop, name, now_s) for name in sorted(plain)[:most]]
    found += [_strange(name) for name in strange[:most]]  # a full folder of somebody else's cannot be removed
    return [one for one in found if one is not None], len(plain) > most


def remove(drop: Path, name: str) -> None:
    """Delete a file; one that cannot be deleted is met again."""
    try:
        (drop / name).unlink()
    except OSError:  # gone already, or a folder: an empty one can go
        try:
            (drop / name).rmdir()
        except OSError:
            return


def _is_plain(entry: os.DirEntry[str]) -> bool:
    """Return whether a name is a plain file's, from the folder alone: a file system mounted there may never answer."""
    try:
        return entry.is_file(follow_symlinks=False)
    except OSError:
        return False


def _strange(name: str) -> Dropped:
    named = NAME.fullmatch(name)
    return Dropped(name, "" if named is None else named.group(1), refused="it is no plain file")


def _one(drop: Path, name: str, now_s: float) -> Optional[Dropped]:
    named = NAME.fullmatch(name)
    try:
        found = (drop / name).lstat()
        if named is None:
            is_fresh = stat.S_ISREG(found.st_mode) and now_s - found.st_mtime < _HALF_WRITTEN_SECONDS
            return None if is_fresh and name.endswith(".new") else Dropped(name, "", refused="its name is no report's")
        return _read(drop / name, named.group(1), now_s)
    except FileNotFoundError:
        return None
    except OSError as exc:
        return Dropped(name, "" if named is None else named.group(1), refused=f"it cannot be read: {exc.strerror}")


def _read(path: Path, id_: str, now_s: float) -> Dropped:
    handle = os.open(str(path), _FLAGS)
    try:
        found = os.fstat(handle)
        reason = _fault(found, now_s)
        content = b"" if reason else os.read(handle, MOST_BYTES + 1)
    finally:
        os.close(handle)
    return Dropped(path.name, id_, content, reason)


def _fault(found: os.stat_result, now_s: float) -> Optional[str]:
    """Return why a file is not read, None when it is."""
    if not stat.S_ISREG(found.st_mode):
        return "it is no plain file"
    if found.st_nlink > 1:
        return "it has another name elsewhere"
    if found.st_size > MOST_BYTES:
        return f"it has more than {MOST_BYTES} bytes"
    if now_s - found.st_mtime > MOST_AGE_SECONDS:
        return "it is older than a week"
    return None
