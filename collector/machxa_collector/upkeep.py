"""Pack closed days, forget what is too old and vote again on doubtful identities, now and then."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from machxa_collector.store import audit, identity, imports
from machxa_collector.store.compaction import compact, retain
from machxa_collector.store.sealed import seal_all

logger = logging.getLogger(__name__)

_EVERY_SECONDS = 900.0


def run(store: Engine, now_ms: Callable[[], int], stopped: threading.Event) -> None:
    """Work until stopped; a store that cannot now is asked again next time."""
    while True:
        try:
            done = compact(store, now_ms())
            deleted = retain(store, now_ms())
            imports.prune(store, now_ms())
            signed = audit.close_days(store, now_ms())
            forgotten = audit.retain(store, now_ms())
            seal_all(store)
            identity.settle_all(store, now_ms())
        except SQLAlchemyError as exc:
            logger.warning("upkeep of the store waits for its next turn: %s", str(exc)[:200])
        else:
            if done.reports or deleted:
                logger.info("packed %d reports into %d days, deleted %d old chunks", done.reports, done.days, deleted)
            if signed:  # who keeps the log elsewhere can prove from it that the trail was not written anew
                logger.info("audit root: %s", signed)
            if forgotten:
                logger.info("removed %d entries of the audit trail after 12 months", forgotten)
        if stopped.wait(_EVERY_SECONDS):
            return
