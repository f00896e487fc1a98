"""Hear from the kernel that a file was put into the drop folder, inotify(7): nobody has to look in vain meanwhile."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import Callable, Optional

from machxa_agent import pages
from machxa_agent.waker import Waker

logger = logging.getLogger(__name__)

_NONBLOCK, _CLOEXEC = 0x800, 0x80000  # IN_NONBLOCK, IN_CLOEXEC
_MOVED_TO = 0x80  # IN_MOVED_TO: a report is written under another name first
_MOST_BYTES = 4096


class Arrivals:
    """Watch one folder; the descriptor is selected on by a waker, None where nothing tells."""

    def __init__(self, came: Callable[[], None], waker: Waker) -> None:
        """Prepare; came is called, in the waker's thread, when something was put there."""
        self._came, self._waker = came, waker
        self._has_tried = False
        self.descriptor: Optional[int] = None
        waker.also = self

    def are_told(self, folder: Optional[Path]) -> bool:
        """Return whether the kernel tells of what comes; the folder is watched from when it is known first."""
        if folder is not None and not self._has_tried:
            self._has_tried = True
            try:
                self.descriptor = _watched(folder)
            except (OSError, ImportError, AttributeError) as exc:
                logger.info("the drop folder is looked at now and then: %s", exc)
            self._waker.wake()
        return self.descriptor is not None

    def drain(self) -> None:
        """Take in what the kernel told, and say so."""
        if self.descriptor is not None:
            try:
                os.read(self.descriptor, _MOST_BYTES)
            except BlockingIOError:
                return
            self._came()

    def close(self) -> None:
        """End watching."""
        descriptor, self.descriptor = self.descriptor, None
        if descriptor is not None:
            os.close(descriptor)


def _watched(folder: Path) -> Optional[int]:
    """Return a descriptor that tells of files in a folder, None where the system has none; raises OSError."""
    if sys.platform != "linux":
        return None
    descriptor = pages.libc_call("inotify_init1", _NONBLOCK | _CLOEXEC)
    if descriptor < 0:
        raise OSError("no more inotify instances")
    if pages.libc_call("inotify_add_watch", descriptor, os.fsencode(folder), _MOVED_TO) < 0:
        os.close(descriptor)
        raise OSError(f"{folder} cannot be watched")
    return descriptor
