"""Let one agent at a time use a data folder."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Optional


class Lock:
    """Hold a lock file until the process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        """Name the file."""
        self._path = path
        self._file: Optional[int] = None

    def take(self) -> bool:
        """Return whether the lock is now ours. Raises OSError when the file cannot be made."""
        self._file = os.open(str(self._path), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(self._file)
        except OSError:
            self.release()
            return False
        return True

    def release(self) -> None:
        """Give it back."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
