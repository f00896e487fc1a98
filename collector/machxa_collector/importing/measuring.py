"""Measure what a piece of work costs this process: memory at its height, time of processors."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Self

_LOOK_SECONDS = 0.02


class Peak:
    """Watch how far this process grows."""

    def __enter__(self) -> Self:
        """Begin to look."""
        self._before = self._most = _resident_bytes("self")
        self.child_bytes = 0
        self._ended = threading.Event()
        self._watching = threading.Thread(target=self._watch, daemon=True)
        self._watching.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        """Look no more."""
        self._ended.set()
        self._watching.join()

    @property
    def most_bytes(self) -> int:
        """Return how large it was at the height."""
        return self._most

    @property
    def growth_bytes(self) -> int:
        """Return how much larger it became than it was."""
        return self._most - self._before

    def _watch(self) -> None:
        while not self._ended.wait(_LOOK_SECONDS):
            self._most = max(self._most, _resident_bytes("self"))
            self.child_bytes = max(self.child_bytes, *map(_resident_bytes, _children()), 0)


def cpu_seconds() -> float:
    """Return what this process and the ended children took of processors; a busy machine takes longer by the clock."""
    return sum(os.times()[:4])


def _children() -> list[str]:
    """Return the ids of the processes that this one has started."""
    return [child for file in Path("/proc/self/task").glob("*/children") for child in _read(file).split()]


def _resident_bytes(process: str) -> int:
    """Return how much memory a process has, 0 when it has ended."""
    text = _read(Path("/proc") / process / "statm")
    return int(text.split()[1]) * os.sysconf("SC_PAGE_SIZE") if text else 0


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii")
    except OSError:
        return ""
