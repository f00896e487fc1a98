"""Look at the centre's own line by hosts of the operator's choice, so that we know when it is we who are blind.

Off unless anchors are named: the centre asks nobody unasked. A TCP connection that is taken or refused is an answer.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from machxa_collector.failure import CannotRunError

logger = logging.getLogger(__name__)

EVERY_SECONDS = 15.0
_TIMEOUT_SECONDS = 5.0
_SILENT_ROUNDS = 2
_DEFAULT_PORT = 443
MOST = 4

Reach = Callable[[str, int], bool]


@dataclass(frozen=True, slots=True)
class Anchor:
    """Name a host outside our own building."""

    host: str
    port: int


def read_anchor(text: str) -> Anchor:
    """Return the anchor of HOST or HOST:PORT; raises ValueError."""
    host, colon, port = text.partition(":")
    if not host or (colon and not (port.isascii() and port.isdecimal() and 0 < int(port[:6]) < 65536)):  # noqa: PLR2004
        raise ValueError(f"{text!r}, expected HOST or HOST:PORT")
    return Anchor(host, int(port) if colon else _DEFAULT_PORT)


def reaches(host: str, port: int) -> bool:
    """Return whether a host answers, whatever it answers."""
    try:
        with contextlib.suppress(ConnectionRefusedError):
            socket.create_connection((host, port), _TIMEOUT_SECONDS).close()
    except (OSError, UnicodeError):  # the last one: no name of a host at all
        return False
    return True


class Outlook:
    """Tell whether any anchor answers; without anchors nothing is looked at, and the line counts as well."""

    def __init__(self, anchors: Sequence[Anchor] = (), reach: Reach = reaches) -> None:
        """Begin with a line that is well."""
        self._anchors, self._reach = tuple(anchors), reach
        self._silent = 0
        self._over = threading.Event()

    @property
    def is_open(self) -> bool:
        """Return whether anybody answered in one of the last rounds."""
        return self._silent < _SILENT_ROUNDS

    def beside(self, connected: Callable[[], bool]) -> Callable[[], bool]:
        """Return what tells whether we hear: another sign of it, and an open line."""
        return lambda: connected() and self.is_open

    def run(self) -> None:
        """Look until stopped; a defect is logged."""
        while self._anchors:
            try:
                self.look()
            except Exception:
                logger.exception("looking at the anchors met a defect; it goes on")
            if self._over.wait(EVERY_SECONDS):
                return

    def stop(self) -> None:
        """Make run return."""
        self._over.set()

    def look(self) -> None:
        """Ask the anchors once, until one answers."""
        was_open = self.is_open
        answered = any(self._reach(one.host, one.port) for one in self._anchors)
        self._silent = 0 if answered else self._silent + 1
        if was_open and not self.is_open:
            logger.error("no anchor answers: the centre's own line is cut, and what agents say may not come here")
        elif self.is_open and not was_open:
            logger.info("an anchor answers again")


def of(told: Sequence[str]) -> Outlook:
    """Return what looks at the anchors that an operator names; raises CannotRunError."""
    if len(told) > MOST:
        raise CannotRunError(f"--anchor: nhiều nhất {MOST} máy", f"--anchor: {MOST} hosts at most")
    try:
        return Outlook([read_anchor(one) for one in told])
    except ValueError as exc:
        raise CannotRunError(f"--anchor {exc}; cần có dạng HOST hoặc HOST:PORT", f"--anchor {exc}") from exc
