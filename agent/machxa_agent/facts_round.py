"""Gather facts at start and daily, in a thread that may be left behind, and send them when they tell something new."""

# ruff: noqa: PLC0415 - what gathers facts is loaded when they are due

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path
from typing import Callable, Optional, Tuple

from machxa_agent import threads
from machxa_agent.identity import write_durably
from machxa_agent.outbox.shelf import Outbox, UnfitError
from machxa_wire.records import Facts, Stamp

logger = logging.getLogger(__name__)

_DAY_SECONDS = 24 * 3600.0


class FactsRound:
    """Look at the facts once a day; a look that hangs is not followed by another."""

    def __init__(
        self,
        path: Path,
        outbox: Outbox,
        stamp: Callable[[], Stamp],
        after_facts: Callable[[], None],
        monotonic: Callable[[], float] = time.monotonic,
        software: Optional[Tuple[str, ...]] = None,
    ) -> None:
        """Prepare; path keeps the digest of what was sent last, after_facts is called when some are kept.

        software is the allow-list of programs, None for the one of ``machxa_agent.facts.software``.
        """
        self._path = path
        self._outbox = outbox
        self._stamp = stamp
        self._after_facts = after_facts
        self._software = software
        self._monotonic = monotonic
        self._looked_at = float("-inf")
        self._idle = threading.Event()
        self._idle.set()

    def look(self, *, urgent: bool) -> None:
        """Gather when a day has passed; urgent sends facts that did not change, too. Returns at once."""
        now = self._monotonic()
        if now - self._looked_at < _DAY_SECONDS or not self._idle.is_set():
            return
        is_daily = self._looked_at != float("-inf")
        self._looked_at = now
        self._idle.clear()
        threads.start(lambda: self._gather(send_anyway=urgent or is_daily), "facts")

    def _gather(self, *, send_anyway: bool) -> None:
        try:
            from machxa_agent.facts import digest, gather

            found = gather(self._software)
            told = digest(found)
            if send_anyway or told != self._sent():
                stamp = self._stamp()
                self._outbox.add(lambda place: Facts(place, stamp, found))
                self._after_facts()
                write_durably(self._path, told.encode("ascii"))
        except UnfitError as exc:
            logger.error("facts are not sent: %s", exc)  # noqa: TRY400 - says it all
        except Exception:
            logger.exception("facts could not be gathered; tried again in a day")
        finally:
            self._idle.set()

    def _sent(self) -> str:
        try:
            return self._path.read_text(encoding="ascii")
        except (OSError, ValueError):
            return ""
