"""Start the collector's threads, in one place: intake and upkeep beside the web server's own."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

logger = logging.getLogger(__name__)


def start(name: str, work: Callable[[], None]) -> threading.Thread:
    """Run work in a named thread; a defect that ends it ends the process, since half a collector helps nobody."""

    def guarded() -> None:
        _tell_the_system(name)
        try:
            work()
        except BaseException:
            logger.critical("thread %s ended by a defect; the collector stops", name, exc_info=True)
            os._exit(70)

    thread = threading.Thread(target=guarded, name=name, daemon=True)
    thread.start()
    return thread


def _tell_the_system(name: str) -> None:
    """Give the running thread its name in Linux, for ``top -H``: it keeps 15 characters."""
    with suppress(OSError):
        Path(f"/proc/self/task/{threading.get_native_id()}/comm").write_text(name, encoding="utf-8")
