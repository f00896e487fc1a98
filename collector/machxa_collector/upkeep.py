"""Pack closed days, gather open ones, forget what is too old and vote again on doubtful identities, now and then."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from machxa_collector import memory
from machxa_collector.store import audit, heard, identity, imports, incidents, open_day, terms
from machxa_collector.store.compaction import compact, first_unpacked, retain
from machxa_collector.store.sealed import seal_all

logger = logging.getLogger(__name__)

_EVERY_SECONDS = 900.0
_TOLD_DEVICES = 1_000  # fewer are each day's changes

Job = Callable[[Engine, int], str]
"""Do one thing at a time in ms since 1970 UTC; return what an operator should read of it, "" for nothing."""


def run(store: Engine, now_ms: Callable[[], int], stopped: threading.Event) -> None:
    """Work until stopped; a store that cannot now is asked again next time."""
    while True:
        look(JOBS, store, now_ms())
        if stopped.wait(_EVERY_SECONDS):
            return


def look(jobs: Mapping[str, Job], store: Engine, now_ms: int) -> None:
    """Do each job once; one that fails, were it by a defect of ours, holds up no other and is tried next time."""
    for name, job in jobs.items():
        try:
            told = job(store, now_ms)
        except SQLAlchemyError as exc:
            logger.warning("upkeep (%s) waits for its next turn: %s", name, str(exc)[:200])
        except Exception:
            logger.exception("upkeep (%s) met a defect; the other jobs go on", name)
        else:
            if told:
                logger.info("%s", told)


def _pack(store: Engine, now_ms: int) -> str:
    done = compact(store, now_ms)
    return f"packed {done.reports} reports into {done.days} days" if done.reports else ""


def _gather(store: Engine, now_ms: int) -> str:
    open_day.gather(store, now_ms, first_unpacked(store, now_ms))
    return ""


def _forget_samples(store: Engine, now_ms: int) -> str:
    deleted = retain(store, now_ms)
    return f"deleted {deleted} old chunks" if deleted else ""


def _sign_off(store: Engine, now_ms: int) -> str:
    """Log the root of closed days: who keeps the log elsewhere can prove that the trail was not written anew."""
    signed = audit.close_days(store, now_ms)
    return f"audit root: {signed}" if signed else ""


def _forget_audit(store: Engine, now_ms: int) -> str:
    forgotten = audit.retain(store, now_ms)
    return f"removed {forgotten} entries of the audit trail after 12 months" if forgotten else ""


def _forget_files(store: Engine, now_ms: int) -> str:
    imports.prune(store, now_ms)
    return ""


def _forget_heard(store: Engine, now_ms: int) -> str:
    heard.prune(store, now_ms)
    return ""


def _forget_incidents(store: Engine, now_ms: int) -> str:
    gone = incidents.prune(store, now_ms)
    return f"removed {gone} incidents that ended three years ago" if gone else ""


def _seal(store: Engine, _now_ms: int) -> str:
    seal_all(store)
    return ""


def _settle(store: Engine, now_ms: int) -> str:
    identity.settle_all(store, now_ms)
    return ""


def _name_devices(store: Engine, _now_ms: int) -> str:
    done = terms.renew_all(store)
    return f"wrote the words by which {done} devices are found" if done >= _TOLD_DEVICES else ""


def _settle_memory(_store: Engine, _now_ms: int) -> str:
    memory.settle()
    return ""


JOBS: Mapping[str, Job] = {
    "words of devices": _name_devices,
    "packing": _pack,
    "open days": _gather,
    "old samples": _forget_samples,
    "uploaded files": _forget_files,
    "what agents said": _forget_heard,
    "old incidents": _forget_incidents,
    "audit roots": _sign_off,
    "old audit": _forget_audit,
    "sealing": _seal,
    "identities": _settle,
    "memory": _settle_memory,
}
