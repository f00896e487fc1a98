"""Keep a book of this boot: told how the last one ended, when the computer slept, and why it goes."""

# ruff: noqa: PLC0415 - what judges a start and an end is loaded then

from __future__ import annotations

import json
import logging
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Callable, Dict, Mapping, Optional, Tuple

from machxa_agent import threads
from machxa_agent.identity import Boot, write_durably
from machxa_wire.records import Scalar

if TYPE_CHECKING:
    from machxa_agent.presence.ended import Ended, Last, Logged

logger = logging.getLogger(__name__)

_LEAST_SLEEP_SECONDS = 2.0  # less is what two clocks differ by
_WTMP, _PANICS = "/var/log/wtmp", ("/sys/fs/pstore", "/var/lib/systemd/pstore")
_MOST_BYTES = 384 * 4096
_MOST_EVENTS = 60  # of some days
_LOG_SLACK_MS = 60_000  # by which the log may be earlier than the word we got

Tell = Callable[[str, Mapping[str, Scalar], float], None]


@dataclass(frozen=True)
class Clocks:
    """Hold one moment in seconds: on a clock that counts sleep, on one that does not, and since 1970."""

    with_sleep_s: float
    awake_s: float
    wall_s: float


class Presence:
    """Tell of starts, sleeps and ends; ``look`` from the thread that reads, the rest from the one that runs."""

    def __init__(self, folder: Path, boot: Boot, tell: Tell, clocks: Optional[Callable[[], Clocks]] = None) -> None:
        """Prepare; the book is kept in the folder."""
        self._path = folder / "presence.json"
        self._boot = boot
        self._tell = tell
        self._clocks = clocks or now
        self._before = self._clocks()
        self._told: Optional[str] = None

    def begin(self, told: Optional[Callable[[float], Optional[Ended]]] = None) -> None:
        """Tell of a new boot and how the last one ended; told asks the system, given when this boot began."""
        at, last = self._clocks(), self._last()
        self._write(None)
        booted_s = at.wall_s - at.with_sleep_s
        if not self._boot.is_new:
            return
        if told is None and sys.platform == "win32":  # its event log takes seconds to be read
            threads.start(lambda: self._tell_boot(last, by_the_log()), "last boot")
        else:
            self._tell_boot(last, (told or by_the_system)(booted_s))

    def woke(self, asleep_at_ms: int) -> None:
        """Tell of a sleep that began at about that time and ends now, where the system says so: a Windows service."""
        threads.start(lambda: self._tell_sleep(asleep_at_ms), "sleep")

    def look(self) -> None:
        """Tell when the computer slept since the last look.

        When within that span it fell asleep is not known, so the middle of what is possible is told, and by how much
        it may be wrong.
        """
        before, at = self._before, self._clocks()
        self._before = at
        for name, attributes, ago in sleeps(before, at):
            self._tell(name, attributes, ago)

    def beat(self) -> None:
        """Note that the computer is alive; not synced: losing the newest note costs minutes of accuracy."""
        try:
            self._path.write_text(self._text(None), encoding="ascii")
        except OSError as exc:
            logger.info("the book of this boot is not kept: %s", exc)

    def going(self, reason: str) -> None:
        """Take the system's word why it goes: "shutdown" or "restart"; Windows tells a service so."""
        self._told = reason

    def farewell(self) -> str:
        """Return why the agent ends: "shutdown", "restart" or "stop"; it stands in the book when this returns."""
        from machxa_agent.presence.going import reason

        why = self._told or (reason() if sys.platform == "linux" else "stop")
        self._write(why)
        return why

    def _tell_boot(self, last: Optional[Last], told: Optional[Ended]) -> None:
        from machxa_agent.presence.ended import UNKNOWN, judged

        ended = judged(last, told)
        attributes: Dict[str, Scalar] = {"boot": self._boot.name}
        if ended.how != UNKNOWN:
            attributes["ended"] = ended.how
            attributes.update({} if ended.at_ms is None else {"ended_at": ended.at_ms})
        self._tell("system.boot", attributes, 0.0)

    def _tell_sleep(self, asleep_at_ms: int) -> None:
        from machxa_agent.presence.ended import slept

        woke_s = self._clocks().wall_s
        kind, at_ms = slept(_logged(), asleep_at_ms - _LOG_SLACK_MS)
        began_ms = asleep_at_ms if at_ms is None else at_ms
        self._tell("system.sleep", {"kind": kind, "at": began_ms}, max(0.0, woke_s - began_ms / 1000))
        self._tell("system.wake", {"kind": kind, "at": int(woke_s * 1000)}, 0.0)

    def _last(self) -> Optional[Last]:
        from machxa_agent.presence.ended import Last

        try:
            kept = json.loads(self._path.read_text(encoding="ascii"))
            reason = kept["reason"]
            return Last(None if reason is None else str(reason), int(kept["at"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _write(self, reason: Optional[str]) -> None:
        try:
            write_durably(self._path, self._text(reason).encode("ascii"))
        except OSError as exc:
            logger.info("the book of this boot is not kept: %s", exc)

    def _text(self, reason: Optional[str]) -> str:
        return json.dumps({"boot": self._boot.name, "reason": reason, "at": int(self._clocks().wall_s * 1000)})


def now() -> Clocks:
    """Return what the clocks say; only Linux has one that stands still while the computer sleeps."""
    if sys.platform == "linux":
        return Clocks(time.clock_gettime(time.CLOCK_BOOTTIME), time.monotonic(), time.time())
    up = time.monotonic()
    return Clocks(up, up, time.time())


def sleeps(before: Clocks, at: Clocks) -> Tuple[Tuple[str, Dict[str, Scalar], float], ...]:
    """Return the events of a sleep between two moments, none where there was none: name, attributes, seconds ago."""
    awake = max(0.0, at.awake_s - before.awake_s)
    asleep = at.with_sleep_s - before.with_sleep_s - awake
    if asleep < _LEAST_SLEEP_SECONDS:
        return ()
    found, within = [], -int(-awake // 2)
    for name, ago in (("system.sleep", asleep + awake / 2), ("system.wake", awake / 2)):
        told: Dict[str, Scalar] = {"kind": "sleep", "at": int((at.wall_s - ago) * 1000), "within_seconds": within}
        found.append((name, told, ago))
    return tuple(found)


def by_the_system(booted_s: float) -> Optional[Ended]:
    """Return how the boot before the one that began then ended, as the system wrote it down; None where it did not."""
    if sys.platform != "linux":
        return None
    import os

    from machxa_agent.presence.ended import UNEXPECTED, Ended, from_wtmp
    from machxa_agent.presence.wtmp import RECORD_BYTES, entries

    if any(Path(one).is_dir() and _has_recent(Path(one), booted_s) for one in _PANICS):
        return Ended(UNEXPECTED, None)  # the kernel left its last words
    if os.uname().machine == "aarch64":
        return None
    try:
        with Path(_WTMP).open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - size % RECORD_BYTES - _MOST_BYTES))
            return from_wtmp(entries(file.read(_MOST_BYTES)), booted_s)
    except OSError:
        return None


def by_the_log() -> Optional[Ended]:
    """Return how the last boot ended, as Windows' System log tells it; None where it does not answer."""
    from machxa_agent.presence.ended import from_log

    logged = _logged()
    return from_log(logged) if logged else None


def _logged() -> Tuple[Logged, ...]:
    """Return the System log's newest starts, ends and sleeps, none where it does not answer."""
    from machxa_agent.child import NoAnswerError
    from machxa_agent.events import newest
    from machxa_agent.presence.ended import LOG, from_events

    try:
        return from_events(newest("System", LOG, _MOST_EVENTS))
    except NoAnswerError as exc:
        logger.info("the system's log does not tell of the last end: %s", exc)
        return ()


def _has_recent(folder: Path, booted_s: float) -> bool:
    """Return whether a dump lies there that was written or kept since shortly before this boot."""
    try:
        return any(one.stat().st_mtime >= booted_s - 600 for one in folder.iterdir())
    except OSError:
        return False
