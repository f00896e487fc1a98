"""Tell a GLPI server each device's inventory when it has changed, in a thread of its own."""

from __future__ import annotations

import hashlib
import json
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from machxa_collector.registry.inventory import glpi
from machxa_collector.registry.records import KINDS
from machxa_collector.registry.records.asset_kind import GONE
from machxa_collector.sinks.influx import SinkError
from machxa_collector.sinks.meters import SinkMeters
from machxa_collector.store import glpi_sent, records_read
from machxa_collector.store.glpi_inventory import inventories_of
from machxa_collector.store.glpi_sent import Sent
from machxa_collector.store.record_rows import parts

logger = logging.getLogger(__name__)

EVERY_SECONDS = 3600.0
_FIRST_SECONDS = 60.0
_MOST_FAILURES = 3  # in a row, of devices: then it is the server
_ASSETS = KINDS["assets"]
_AT_ONCE = 100
_NONE = Sent()


class Takes(Protocol):
    """Take inventories: what is needed of a server."""

    def post(self, asset_id: str, inventory: Mapping[str, object]) -> None:
        """Post one; raises SinkError."""


class Inventorying:
    """Hold one GLPI sink; ``turn`` looks at every asset once, ``run`` does so hourly until stopped."""

    def __init__(self, name: str, server: Takes, store: Engine, meters: SinkMeters, now_ms: Callable[[], int]) -> None:
        """Prepare; nothing is asked yet."""
        self.name, self._server, self._store, self._meters = name, server, store, meters
        self._now_ms = now_ms
        self._fault = ""
        self._stopped = threading.Event()

    def run(self) -> None:
        """Look until stopped; while the server does not take, ever later, up to an hour."""
        wait = _FIRST_SECONDS
        while not self._stopped.wait(wait):
            try:
                is_well = self.turn()
            except SQLAlchemyError as exc:
                logger.warning("sink %s waits for the store: %s", self.name, str(exc)[:200])
                is_well = False
            except Exception:
                logger.exception("sink %s met a defect; it is tried again", self.name)
                is_well = False
            wait = EVERY_SECONDS if is_well else min(2 * wait, EVERY_SECONDS)

    def stop(self) -> None:
        """Make ``run`` return."""
        self._stopped.set()

    def turn(self) -> bool:
        """Send what changed since it was taken last; return whether the server takes."""
        known = glpi_sent.every(self._store, self.name)
        failures = 0
        for asset_id, made in self._made():
            if self._stopped.is_set() or failures >= _MOST_FAILURES:
                break
            if made is None:
                continue
            before, digest = known.get(asset_id, _NONE), _digest(made)
            if digest in (before.digest, before.refused):
                continue
            failures = 0 if self._sent(asset_id, made, digest, before) else failures + 1
        waits = glpi_sent.oldest_wait(self._store, self.name)
        self._meters.lag.labels(self.name).set(0.0 if waits is None else max(0.0, (self._now_ms() - waits) / 1000))
        return failures == 0

    def _made(self) -> Iterator[tuple[str, Mapping[str, object] | None]]:
        """Yield each asset's inventory; they are read some at a time, shortly before they go."""
        for some in parts(self._assets(), _AT_ONCE):
            stored = records_read.get_many(self._store, _ASSETS, some)
            yield from inventories_of(self._store, tuple(stored.values())).items()

    def _assets(self) -> list[str]:
        """Return whom to tell of: ids alone, so that no question stays open while a server is spoken to."""
        return [
            one.id
            for one in records_read.every(self._store, _ASSETS)
            if glpi.itemtype(str(one.record["kind"])) is not None and one.record["status"] not in GONE
        ]

    def _sent(self, asset_id: str, made: Mapping[str, object], digest: str, before: Sent) -> bool:
        """Send one; return False where the server, not the inventory, is in the way."""
        now_ms = self._now_ms()
        try:
            self._server.post(asset_id, made)
        except SinkError as exc:
            self._failed(exc, asset_id)
            if exc.is_refused:
                self._meters.refused.labels(self.name).inc()
                glpi_sent.keep(self._store, self.name, asset_id, Sent(before.digest, digest), now_ms)
                return True
            waiting = before._replace(waits_since=now_ms if before.waits_since is None else before.waits_since)
            glpi_sent.keep(self._store, self.name, asset_id, waiting, now_ms)
            return False
        self._fault = ""
        self._meters.inventories.labels(self.name).inc()
        glpi_sent.keep(self._store, self.name, asset_id, Sent(digest), now_ms)
        return True

    def _failed(self, exc: SinkError, asset_id: str) -> None:
        self._meters.failures.labels(self.name).inc()
        if str(exc) != self._fault:
            self._fault = str(exc)
            logger.warning("sink %s does not take the inventory of %s: %s", self.name, asset_id, exc)


def _digest(made: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(made, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
