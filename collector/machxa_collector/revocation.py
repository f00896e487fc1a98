"""Carry out revocations: the intake stops hearing, the list is written, the broker is told. Within a second."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Sequence

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from machxa_collector.authority import KeptAuthority
from machxa_collector.intake.rows import StoreUnavailableError
from machxa_collector.store import certificates

logger = logging.getLogger(__name__)

Told = Callable[[Sequence[str], bytes], None]
"""Take the agents revoked since last told, and the new list (PEM); raises OSError when the broker cannot be told."""

LOOK_SECONDS = 1.0  # a command of another process may have revoked
_AGAIN_SECONDS = 86_400.0  # the list is written anew though nothing changed: it has an end


def current_list(store: Engine, authority: KeptAuthority, now_ms: int) -> bytes:
    """Write the list of what is revoked now, and return it (PEM)."""
    return authority.list_revoked(certificates.revoked(store, now_ms))


class Revocation:
    """Notice revocations, whoever made them, and carry them out."""

    def __init__(
        self,
        store: Engine,
        authority: KeptAuthority,
        now_ms: Callable[[], int],
        *,
        refresh: Callable[[Collection[str]], None],
        told: Told,
    ) -> None:
        """Take the revocations there are as carried out: an intake that starts hears none of those agents."""
        self._store = store
        self._authority = authority
        self._now_ms = now_ms
        self._refresh = refresh
        self._told = told
        self._known = certificates.revoked_agents(store)
        self._untold: set[str] = set()
        self._listed_at = float("-inf")
        self._wake = threading.Event()
        self._stopping = False

    def look(self) -> None:
        """Look now, from any thread."""
        self._wake.set()

    def run(self) -> None:
        """Look every second until stopped; what cannot be done now is tried again."""
        while not self._stopping:
            try:
                self._round()
            except (SQLAlchemyError, StoreUnavailableError, OSError) as exc:
                logger.warning("a revocation waits for its next turn: %s", str(exc).partition("\n")[0])
            except Exception:
                logger.exception("a revocation met a defect; it is tried again")
            self._wake.wait(LOOK_SECONDS)
            self._wake.clear()

    def stop(self) -> None:
        """End ``run``."""
        self._stopping = True
        self._wake.set()

    def _round(self) -> None:
        revoked = certificates.revoked_agents(self._store)
        if revoked != self._known:
            self._refresh(revoked ^ self._known)
            self._untold |= revoked - self._known
            self._known = revoked
            logger.info("revoked: %s", ", ".join(sorted(self._untold)))
        if self._untold or time.monotonic() - self._listed_at > _AGAIN_SECONDS:
            told = sorted(self._untold)
            self._told(told, current_list(self._store, self._authority, self._now_ms()))
            self._untold.difference_update(told)
            self._listed_at = time.monotonic()


def nobody(_agents: Sequence[str], _revoked: bytes) -> None:
    """Tell nobody: the broker is the operator's own, who points it to the list."""
