"""Notice that a thread of the agent is stuck, and end the process for the service manager, which starts it anew.

A stuck thread cannot be ended in Python and may hold what the others wait for, so nothing is restarted beside it. Why
is kept in a file for the next start to tell. systemd hears that we live, sd_notify(3). Standard library alone.
"""

from __future__ import annotations

import json
import logging
import os
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, List, Mapping, Optional, Tuple

from machxa_agent import threads
from machxa_wire.records import Scalar

logger = logging.getLogger(__name__)

EXIT_STUCK = 70  # EX_SOFTWARE
LOOK_SECONDS = 120.0  # each wake costs: so it is woken while another thread has work, and by itself only where none has
_SOON, _LATE = 0.95, 1.25  # of LOOK_SECONDS: from when on a nudge is one to look, and when nobody has nudged
_POKE_AFTER_SECONDS = 3 * LOOK_SECONDS
_NOTE_SECONDS = 5.0
_NOTE = "ended.json"
_MOST_NOTE_BYTES = 4096
_SEND_SECONDS = 1.0


@dataclass
class Heart:
    """Hold one thread's heartbeat: how often it beat, and for how long it has not while the computer was awake."""

    name: str
    allowed_seconds: Callable[[], float]
    beats: int = 0
    seen: int = 0
    silent_seconds: float = 0.0

    def look(self, elapsed_seconds: float) -> bool:
        """Count a look; return whether it has been silent for too long."""
        if self.beats != self.seen:
            self.seen, self.silent_seconds = self.beats, 0.0
        else:
            self.silent_seconds += elapsed_seconds
        return self.silent_seconds > self.allowed_seconds()


class Watchdog:
    """Look at all hearts now and then, in a thread of its own."""

    def __init__(
        self,
        folder: Path,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        end: Callable[[int], None] = os._exit,
        address: Optional[str] = None,
    ) -> None:
        """Keep notes in the agent's folder; address is systemd's socket, None for the one it gave this process."""
        self._folder, self._monotonic, self._end = folder, monotonic, end
        self._address = os.environ.get("NOTIFY_SOCKET") if address is None else address
        self._hearts: List[Heart] = []
        self._awake = threading.Event()
        self._is_stopped = False
        self._looked_at = monotonic()
        self.poke: Callable[[], None] = _nothing  # wakes threads that may sleep for long
        self.also: Callable[[float], None] = _nothing_at  # what else is looked at now and then

    def heart(self, name: str, allowed_seconds: Callable[[], float]) -> Callable[[], float]:
        """Return a monotonic clock for a thread: each time it asks what time it is, its heart beats."""
        heart = Heart(name, allowed_seconds)
        self._hearts.append(heart)
        monotonic = self._monotonic

        def clock() -> float:
            heart.beats += 1
            return monotonic()

        return clock

    def run(self) -> None:
        """Look until stopped."""
        self.say("READY=1")
        while not self._is_stopped:
            self._awake.wait(_LATE * LOOK_SECONDS)
            self._awake.clear()
            if not self._is_stopped:
                self.look()

    def nudge(self) -> None:
        """Look now if it is time: whoever has just worked calls it, so that a sleeping processor is woken once."""
        if self._monotonic() - self._looked_at >= _SOON * LOOK_SECONDS:
            self._awake.set()

    def stop(self) -> None:
        """End looking: the threads end now, each in its time."""
        self._is_stopped = True
        self._awake.set()
        self.say("STOPPING=1")

    def look(self) -> None:
        """Look once: end the process when a heart stands still, else tell systemd that we live.

        A look counts for twice its interval at most: a computer that slept is no thread that did.
        """
        now = self._monotonic()
        elapsed, self._looked_at = min(now - self._looked_at, 2 * LOOK_SECONDS), now
        stuck = [heart for heart in self._hearts if heart.look(elapsed)]
        if stuck:
            self.give_up(stuck[0].name, stuck[0].silent_seconds)
            return
        if any(heart.silent_seconds > _POKE_AFTER_SECONDS for heart in self._hearts):
            self.poke()
        self.say("WATCHDOG=1")
        try:
            self.also(now)
        except Exception:
            logger.exception("a look at limits failed; it is tried again")

    def give_up(self, what: str, silent_seconds: float = 0.0) -> None:
        """End the process with the reason kept, within seconds even when the disk hangs."""
        import faulthandler  # noqa: PLC0415 - once in a life

        logger.critical("%s is stuck; the agent ends, to be started anew", what)
        reason = {"what": what, "silent_s": int(silent_seconds)}
        writing = threading.Event()
        with suppress(RuntimeError):  # no more threads may be what is wrong
            threads.start(lambda: self._keep(reason, writing), "last note")
            writing.wait(_NOTE_SECONDS)
        with suppress(OSError, ValueError, RuntimeError, AttributeError):  # a service has no standard error
            faulthandler.dump_traceback(all_threads=True)
        self._end(EXIT_STUCK)

    def say(self, text: str) -> None:
        """Tell systemd, where it listens."""
        if not self._address:
            return
        name = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
                out.settimeout(_SEND_SECONDS)
                out.sendto(text.encode("ascii"), name)
        except OSError as exc:  # it restarts us when it hears nothing for long: that is its part
            logger.warning("systemd did not take %r: %s", text, exc)

    def _keep(self, reason: Mapping[str, object], written: threading.Event) -> None:
        try:
            (self._folder / _NOTE).write_bytes(json.dumps(reason).encode("ascii"))
        except OSError as exc:
            logger.warning("why could not be kept: %s", exc)
        written.set()


def last_end(folder: Path) -> Tuple[Mapping[str, Scalar], ...]:
    """Return why the agent ended itself last time, once; nothing when it did not."""
    path = folder / _NOTE
    try:
        with path.open("rb") as file:
            body = json.loads(file.read(_MOST_NOTE_BYTES).decode("ascii"))
        path.unlink()
        return ({"what": str(body["what"])[:40], "silent_s": int(body["silent_s"])},)
    except (OSError, ValueError, KeyError, TypeError):
        return ()


def _nothing() -> None:
    """Do nothing: nobody sleeps."""


def _nothing_at(_now: float) -> None:
    """Do nothing: nothing else is looked at."""
