"""Gather facts at start and daily, in a thread that may be left behind, and send what changed when they tell it."""

# ruff: noqa: PLC0415 - what gathers facts is loaded when they are due

from __future__ import annotations

import json
import logging
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Callable, Dict, Mapping, Optional, Tuple

from machxa_agent import threads
from machxa_agent.identity import write_durably
from machxa_agent.outbox.shelf import Outbox, UnfitError
from machxa_wire.records import Facts, Place, Stamp

logger = logging.getLogger(__name__)

_DAY_SECONDS = 24 * 3600.0
_HELLO_SECONDS = 1.0  # in which a starting agent says hello
_ASKED_SECONDS = 3600.0  # between two times the whole is sent because it is asked for
_WHOLE_EVERY = 30  # tellings: whatever goes wrong between two books is right again after a month

Body = Mapping[str, object]


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
        gather: Optional[Callable[[Optional[Tuple[str, ...]]], Dict[str, object]]] = None,
    ) -> None:
        """Prepare; path keeps what was sent last, after_facts is called when some are kept.

        software is the allow-list of programs, None for the one of ``machxa_agent.facts.software``; gather finds the
        facts, None for ``machxa_agent.facts.gather`` a second later: the agent's first hello goes first.
        """
        self._path = path
        self._outbox = outbox
        self._stamp = stamp
        self._after_facts = after_facts
        self._software = software
        self._gatherer = gather
        self._monotonic = monotonic
        self._looked_at = float("-inf")
        self._asked_at = float("-inf")
        self._idle = threading.Event()
        self._idle.set()

    def look(self, *, urgent: bool) -> None:
        """Gather when a day has passed; urgent sends facts that did not change, too. Returns at once."""
        now = self._monotonic()
        if now - self._looked_at < _DAY_SECONDS or not self._idle.is_set():
            return
        is_daily = self._looked_at != float("-inf")
        self._looked_at = now
        self._begin(lambda: self._gather(send_anyway=urgent or is_daily))

    def send_whole(self) -> None:
        """Send in whole what was sent last, at most once an hour: the collector lacks a difference's base."""
        now = self._monotonic()
        if now - self._asked_at < _ASKED_SECONDS or not self._idle.is_set():
            return
        self._asked_at = now
        self._begin(self._repeat)

    def _begin(self, work: Callable[[], None]) -> None:
        self._idle.clear()
        try:
            threads.start(work, "facts")
        except RuntimeError:  # no more threads just now
            self._idle.set()
            raise

    def _gather(self, *, send_anyway: bool) -> None:
        try:
            if self._gatherer is None:
                time.sleep(_HELLO_SECONDS)
            from machxa_agent import facts

            found = (self._gatherer or facts.gather)(self._software)
            last = _Sent.read(self._path)
            if send_anyway or last is None or facts.digest(found) != facts.digest(last.body):
                self._send(json.loads(json.dumps(found)), last)  # as the collector will hold it: lists, no tuples
        except UnfitError as exc:
            logger.error("facts are not sent: %s", exc)  # noqa: TRY400 - says it all
        except Exception:
            logger.exception("facts could not be gathered; tried again in a day")
        finally:
            self._idle.set()

    def _repeat(self) -> None:
        try:
            last = _Sent.read(self._path)
            if last is not None:
                self._send(dict(last.body), None)
        except Exception:
            logger.exception("the facts that were asked for could not be sent")
        finally:
            self._idle.set()

    def _send(self, body: Dict[str, object], last: Optional[_Sent]) -> None:
        """Put facts into the outbox as a difference to the last ones where that is possible, and keep them.

        Should this die in between, the next difference builds on the older body, which the collector has, too.
        """
        from machxa_wire.difference import difference, digest_of

        stamp = self._stamp()
        usable = last if last is not None and last.count < _WHOLE_EVERY else None
        patch = None if usable is None else difference(usable.body, body)
        sent = _Sent("", 1, body)

        def record(place: Place) -> Facts:
            sent.stream = place.stream
            if usable is None or patch is None or place.stream != usable.stream:
                sent.count = 1
                return Facts(place, stamp, body)
            sent.count = usable.count + 1
            return Facts(place, stamp, patch, digest_of(usable.body), digest_of(body))

        self._outbox.add(record)
        self._after_facts()
        try:
            sent.write(self._path)
        except OSError:
            with suppress(OSError):
                self._path.unlink()  # what was sent before it is no base any more, and must not be sent in whole for it
            raise


class _Sent:
    """Hold what was sent last: in which stream, which body, and the how manieth telling since the last whole one."""

    def __init__(self, stream: str, count: int, body: Body) -> None:
        self.stream = stream
        self.count = count
        self.body = body

    @classmethod
    def read(cls, path: Path) -> Optional[_Sent]:
        """Return what is kept, None where nothing is or it cannot be read."""
        try:
            kept = json.loads(path.read_bytes().decode("utf-8"))
            body = kept["facts"]
            return cls(str(kept["stream"]), int(kept["count"]), body) if isinstance(body, dict) else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, path: Path) -> None:
        """Keep it."""
        kept = {"stream": self.stream, "count": self.count, "facts": self.body}
        write_durably(path, json.dumps(kept, ensure_ascii=False).encode("utf-8"))
