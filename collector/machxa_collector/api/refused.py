"""Write down that access was refused to somebody who is known: once an hour for each person and permission."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from machxa_collector.registry.audit import Entry, Result
from machxa_collector.registry.people import Permission
from machxa_collector.store import audit

logger = logging.getLogger(__name__)

_EVERY_MS = 3_600_000
_MOST = 10_000  # pairs remembered; the oldest is forgotten first


class RefusedAccess:
    """Keep entries "access" with the result refused; asking again fills no trail (OWASP ASVS 5.0, 16.3.2)."""

    def __init__(self, store: Engine, now_ms: Callable[[], int]) -> None:
        self._store, self._now_ms = store, now_ms
        self._lock = threading.Lock()
        self._noted: OrderedDict[tuple[str, Permission], int] = OrderedDict()

    def note(self, actor: str, origin: str, needed: Permission, path: str) -> None:
        """Write it down unless it was within the hour; a store that cannot now costs the entry, never the answer."""
        now = self._now_ms()
        with self._lock:
            before = self._noted.get((actor, needed))
            if before is not None and abs(now - before) < _EVERY_MS:
                return
            self._noted[actor, needed] = now
            self._noted.move_to_end((actor, needed))
            while len(self._noted) > _MOST:
                self._noted.popitem(last=False)
        detail = {"permission": needed.value}
        entry = Entry(
            at=now, actor=actor, origin=origin, action="access", subject=path, result=Result.REFUSED, detail=detail
        )
        try:
            audit.record_alone(self._store, entry)
        except SQLAlchemyError as exc:
            logger.warning("refused access of %s to %s is not in the trail: %s", actor, path, str(exc)[:200])
