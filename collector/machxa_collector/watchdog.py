"""Tell systemd that the collector is ready, and that it lives for as long as its pages answer. sd_notify(3)."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable

logger = logging.getLogger(__name__)

_EVERY_SECONDS = 10.0  # the unit waits six times as long
_SEND_SECONDS = 1.0


class Watchdog:
    """Report to systemd through its socket; does nothing where systemd did not start this process."""

    def __init__(self, address: str | None, answers: Callable[[], bool]) -> None:
        """Report to a socket's path ("@": an abstract one), None for nobody; answers tells whether the pages do."""
        self._address = address
        self._answers = answers
        self._due = 0.0

    def ready(self) -> None:
        """Say that the start is over."""
        self._say("READY=1")

    def look(self, now: float) -> None:
        """Say that the collector lives when that is due and true; now is monotonic time in seconds."""
        if self._address is None or now < self._due:
            return
        self._due = now + _EVERY_SECONDS
        if self._answers():
            self._say("WATCHDOG=1")

    def _say(self, text: str) -> None:
        if self._address is None:
            return
        name = f"\0{self._address[1:]}" if self._address.startswith("@") else self._address
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
            out.settimeout(_SEND_SECONDS)
            try:
                out.sendto(text.encode("ascii"), name)
            except OSError as exc:  # systemd restarts us if it hears nothing for long: that is its part, not ours
                logger.warning("systemd did not take %r: %s", text, exc)


def address() -> str | None:
    """Return where systemd listens, None when it did not start this process."""
    return os.environ.get("NOTIFY_SOCKET")
