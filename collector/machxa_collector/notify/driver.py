"""Run the telling: hear that something is owed, make messages, send them; a thin shell in one thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from machxa_collector.incidents.incident import Incident, Notice
from machxa_collector.notify.composing import Composer
from machxa_collector.notify.delivery import Delivery, Send
from machxa_collector.notify.meters import NotifyMeters
from machxa_collector.notify.ways import sending
from machxa_collector.registry.sealing import Keyring
from machxa_collector.store import outbox
from machxa_collector.store.registry import Snapshot

logger = logging.getLogger(__name__)

_EVERY_SECONDS = 5.0
_PRUNE_MS = 3_600_000


class Notifier:
    """Tell people what the judgement noted; hear may be called from any thread."""

    def __init__(
        self,
        store: Engine,
        registry: Callable[[], Snapshot],
        seals: Keyring,
        now_ms: Callable[[], int],
        meters: NotifyMeters,
        send: Send = sending.send,
    ) -> None:
        """Take the store, the registry, what opens secrets, and what counts."""
        self._store, self._now_ms, self.meters = store, now_ms, meters
        self._composer = Composer(store, registry, meters)
        self._delivery = Delivery(store, seals, now_ms, meters, send)
        self._awake = threading.Event()
        self._stopped = False
        self._pruned_at = 0

    def hear(self, _told: Sequence[tuple[Notice, Incident]]) -> None:
        """Take that something is owed: what it is stands in the store, so that nothing is lost with us."""
        self._awake.set()

    def dead(self) -> Mapping[str, int]:
        """Return since when each dead channel fails (ms since 1970 UTC)."""
        return self._delivery.dead()

    def stop(self) -> None:
        """Make run return."""
        self._stopped = True
        self._delivery.stop()
        self._awake.set()

    def run(self) -> None:
        """Tell until stopped; a store that cannot now is asked again, a defect is logged and counted."""
        while not self._stopped:
            try:
                self.turn()
            except SQLAlchemyError as exc:
                logger.warning("notices wait for the store: %s", str(exc)[:200])
            except Exception:
                self.meters.defects.inc()
                logger.exception("notices met a defect; they are tried again")
            self._awake.wait(_EVERY_SECONDS)
            self._awake.clear()

    def turn(self) -> None:
        """Make what is owed into messages, and start what is due."""
        now = self._now_ms()
        while self._composer.turn(now) and not self._stopped:
            pass
        self._delivery.look()
        if not 0 <= now - self._pruned_at < _PRUNE_MS:
            self._pruned_at = now
            outbox.prune(self._store, now)
