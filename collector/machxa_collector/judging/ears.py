"""Say that the centre is blind once its broker has been away for a while."""

from __future__ import annotations

from collections.abc import Callable

from machxa_collector.incidents.judge import Judge

_DEAF_MS = 30_000


class Ears:
    """Tell a judge whether we hear; connected says so for this moment."""

    def __init__(self, connected: Callable[[], bool]) -> None:
        self._connected = connected
        self._deaf_since: int | None = None

    def listen(self, judge: Judge, now: int) -> None:
        """Look once; now is in ms since 1970 UTC."""
        if self._connected():
            if self._deaf_since is not None:
                self._deaf_since = None
                judge.blind(None)
        elif self._deaf_since is None:
            self._deaf_since = now
        elif now - self._deaf_since >= _DEAF_MS:
            judge.blind(self._deaf_since)
