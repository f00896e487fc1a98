"""Renew this agent's certificate at two thirds of its life, in a thread that may be left behind."""

# ruff: noqa: PLC0415 - what renews is loaded when it is due

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path
from typing import Callable, Optional

from machxa_agent import threads
from machxa_agent.identity import Centre, Identity

logger = logging.getLogger(__name__)

_AGAIN_SECONDS = 3600.0  # after a renewal that failed; one that waits for a decision asks each time
_RENEWED_SECONDS = 86_400.0  # after one that did not: a clock that says otherwise is wrong
_CUT_OFF_SECONDS = 3600.0  # without a connection, after which the collector is asked whatever the clock says


def is_due(centre: Centre, now_s: float) -> bool:
    """Return whether two thirds of a certificate's life are over; now_s is the centre's time where it is known."""
    return now_s >= centre.begins_s + (centre.ends_s - centre.begins_s) * 2 / 3


class Renewal:
    """Look now and then; a renewal that hangs is not followed by another."""

    def __init__(
        self,
        folder: Path,
        identity: Identity,
        centre_s: Callable[[float], Optional[float]],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare; centre_s tells the centre's time, None before it is known: then this computer's clock has to do."""
        self._folder = folder
        self.identity = identity
        self._centre_s = centre_s
        self._monotonic = monotonic
        self._next_at = float("-inf")
        self._connected_at = monotonic()
        self._idle = threading.Event()
        self._idle.set()

    @property
    def ends_at(self) -> Optional[str]:
        """Return when the certificate ends, ISO 8601 in UTC, None without one."""
        centre = self.identity.centre
        return None if centre is None else time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(centre.ends_s))

    def look(self, *, connected: bool) -> None:
        """Begin to renew when that is due, or after an hour without connection.

        A PC with a dead clock that was off for months cannot know that its certificate has ended.
        """
        now = self._monotonic()
        if connected:
            self._connected_at = now
        centre, now_s = self.identity.centre, self._centre_s(now)
        if centre is None or not self._idle.is_set() or now < self._next_at:
            return
        is_cut_off = now - self._connected_at >= _CUT_OFF_SECONDS
        if is_cut_off or is_due(centre, time.time() if now_s is None else now_s):
            self._idle.clear()
            try:
                threads.start(self._renew, "renewal")
            except RuntimeError:  # no more threads just now
                self._idle.set()
                raise

    def _renew(self) -> None:
        from machxa_agent.enrol import EnrolError, Waiting, renew

        again = _AGAIN_SECONDS
        try:
            self.identity = renew(self._folder, self.identity)
            logger.info("the certificate was renewed")
            again = _RENEWED_SECONDS
        except Waiting as exc:
            logger.warning("the certificate is not renewed yet: %s", exc)
            again = float(exc.poll_seconds)
        except (EnrolError, OSError) as exc:
            logger.warning("the certificate is not renewed: %s", exc)
        finally:
            self._next_at = self._monotonic() + again
            self._idle.set()
