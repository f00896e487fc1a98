"""Tell a watcher elsewhere that we live while records go through: a dead-man ping, off unless an address is named.

Whoever is pinged (healthchecks, Uptime Kuma, an Alertmanager's watchdog receiver) raises the alarm when the pings stay
away: the one failure that nobody here can tell of. The address may hold a secret and is never logged.
"""

from __future__ import annotations

import logging
import threading
import urllib.request
from collections.abc import Callable
from urllib.parse import urlsplit

from machxa_collector.failure import CannotRunError

logger = logging.getLogger(__name__)

EVERY_SECONDS = 60.0
_TIMEOUT_SECONDS = 10.0

Ping = Callable[[str], None]


def checked(url: str | None) -> str | None:
    """Return an address that can be pinged; raises CannotRunError."""
    if url is None:
        return None
    try:
        parts = urlsplit(url)
        is_fit = parts.scheme in ("http", "https") and bool(parts.hostname) and url.isascii() and url.isprintable()
        _ = parts.port
    except ValueError:
        is_fit = False
    if not is_fit or " " in url:
        raise CannotRunError("--heartbeat cần có dạng http(s)://HOST/...", "--heartbeat expects http(s)://HOST/...")
    return url


def ping(url: str) -> None:
    """Ask an address once; raises OSError."""
    urllib.request.urlopen(url, timeout=_TIMEOUT_SECONDS).close()  # noqa: S310 - the operator's, its scheme is checked


class Heartbeat:
    """Ping once a minute while we are ready."""

    def __init__(self, url: str | None, is_ready: Callable[[], bool], ask: Ping = ping) -> None:
        """Begin; without an address nobody is pinged."""
        self._url, self._is_ready, self._ask = url, is_ready, ask
        self._was_heard = True
        self._over = threading.Event()

    def run(self) -> None:
        """Ping until stopped; a defect is logged."""
        while self._url is not None:
            try:
                self.beat()
            except Exception:
                logger.exception("the heartbeat met a defect; it goes on")
            if self._over.wait(EVERY_SECONDS):
                return

    def stop(self) -> None:
        """Make run return."""
        self._over.set()

    def beat(self) -> None:
        """Ping once, unless records do not go through; that nobody answers is logged on the change only."""
        if self._url is None or not self._is_ready():
            return
        try:
            self._ask(self._url)
        except OSError as exc:
            if self._was_heard:
                logger.warning("the heartbeat is not heard: %s", type(exc).__name__)
            self._was_heard = False
        else:
            if not self._was_heard:
                logger.info("the heartbeat is heard again")
            self._was_heard = True
