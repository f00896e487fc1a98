"""Write down now and then how each site's checks went, so that pages show whole days of them."""

from __future__ import annotations

import logging
from collections.abc import Callable

from sqlalchemy import Engine

from machxa_collector.incidents.hours import HOUR_MS, SystemHours
from machxa_collector.store import system_hours

logger = logging.getLogger(__name__)
_EVERY_SECONDS = 20.0


class HourKeeper:
    """Keep what was counted: whenever an hour is over, and else a few times a minute."""

    def __init__(self, store: Engine, monotonic: Callable[[], float]) -> None:
        """Take the store; nothing was written yet."""
        self._store, self._monotonic = store, monotonic
        self._hour: int | None = None
        self._kept_at = float("-inf")

    def look(self, hours: SystemHours, now: int) -> None:
        """Write what changed where it is due; now is in ms since 1970 UTC."""
        if now // HOUR_MS != self._hour or self._monotonic() - self._kept_at >= _EVERY_SECONDS:
            self.keep(hours, now)

    def keep(self, hours: SystemHours, now: int) -> None:
        """Write what changed; what cannot be written is told, and holds up no judgement."""
        changed = hours.take_changed(now)
        try:
            if changed:
                system_hours.keep(self._store, changed)
            if now // HOUR_MS != self._hour:
                system_hours.prune(self._store, now)
        except Exception:
            hours.again(changed)
            logger.exception("how checks went could not be written down; it is tried again")
        self._hour, self._kept_at = now // HOUR_MS, self._monotonic()
