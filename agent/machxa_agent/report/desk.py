"""Take the reports that people drop, and keep the file that the window shows. Part of the running agent."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Callable, Deque, Dict, List, Mapping, Optional, Protocol, Set, Tuple

from machxa_agent.outbox.shelf import Build, Depth, UnfitError
from machxa_agent.report import drop, shown
from machxa_agent.report.shown import MOST_REPORTS, Sent, Shown
from machxa_agent.report.told import attributes, from_file
from machxa_wire.encode import series_body
from machxa_wire.notices import Notices, body_of, decode_notices
from machxa_wire.records import Event, Samples, Scalar, Stamp
from machxa_wire.refusal import Refused

logger = logging.getLogger(__name__)

LOOK_SECONDS = 5.0
MOST_PER_HOUR = 20
_HOUR_SECONDS = 3600.0
_READINGS_PER_SHOW = 5
_REASON_CHARACTERS = 200


class Keeper(Protocol):
    """Keep records: what the desk needs of an outbox."""

    def add(self, build: Build) -> Optional[int]:
        """Keep one record and return its seq, None when it waits in memory; raises UnfitError."""

    def depth(self) -> Depth:
        """Return what is held."""


@dataclass(frozen=True)
class Around:
    """Hold what the desk needs of the agent. tell keeps an event; wake makes the link look at the outbox.

    software is the configured allow-list, None for the usual one.
    """

    stamp: Callable[[], Stamp]
    tell: Callable[[str, Mapping[str, Scalar]], None]
    wake: Callable[[], None]
    newest: Callable[[], Optional[Samples]]
    is_connected: Callable[[], bool]
    checks: Callable[[], Tuple[str, ...]]
    probes: Tuple[str, ...]
    device: str
    software: Optional[Tuple[str, ...]] = None
    monotonic: Callable[[], float] = time.monotonic
    now_s: Callable[[], float] = time.time


class Desk:
    """Look into the drop folder now and then; a report leaves it once the outbox has it on the disk."""

    def __init__(self, folder: Path, outbox: Keeper, around: Around) -> None:
        """Serve the window's folder; one that cannot be used is told in the log, and nobody can report there."""
        self._folder, self._outbox, self._around = folder, outbox, around
        self._stopped = threading.Event()
        self._drop: Optional[Path] = None
        self._fault = ""
        self._touched: Optional[int] = None
        self._taken: Deque[float] = deque(maxlen=MOST_PER_HOUR)
        self._held: Dict[str, str] = {}  # ids that the outbox keeps in memory, and their files
        self._refused: Dict[str, int] = {}
        self._refused_at = float("-inf")
        kept = _kept(folder)
        self._reports = kept.reports
        self._notices: Optional[Notices] = kept.notices if kept.notices.at else None
        self._lock = threading.Lock()
        self._said: object = None
        self._looks = 0

    def run(self) -> None:
        """Look until stopped."""
        while True:
            try:
                self.look()
            except Exception:
                logger.exception("looking for reports failed; it is tried again")
            if self._stopped.wait(LOOK_SECONDS):
                return

    def stop(self) -> None:
        """Make run return."""
        self._stopped.set()

    def notice(self, payload: bytes) -> None:
        """Take what the centre knows, its MAC checked; raises Refused."""
        told = decode_notices(payload)
        with self._lock:
            self._notices = told

    def look(self) -> None:
        """Take what was dropped, and write what is shown when it has changed."""
        self._looks += 1
        try:
            self._drop = self._drop or drop.make(self._folder)
            touched = self._drop.stat().st_mtime_ns
            if touched != self._touched or self._held or self._looks % 12 == 0:  # a file may have had to wait
                self._touched = touched
                self._empty(self._drop)
            self._follow()
            self._show()
            self._fault = ""
        except OSError as exc:
            if str(exc) != self._fault:
                self._fault = str(exc)
                logger.warning("reports of people cannot be taken from %s: %s", self._folder, exc)

    def _empty(self, folder: Path) -> None:
        self._let_go(folder)
        waiting, is_flooded = drop.look(folder, self._around.now_s())
        refused: List[Tuple[str, str]] = []
        for one in waiting:
            reason = one.refused
            if one.id in self._held or (reason is None and not self._has_room()):
                continue
            if reason is None:
                reason = self._take(folder, one)
            if reason is not None:
                refused.append((one.name, reason))
        if is_flooded and not refused:  # more files than may wait: those it has no room for go, the newest last
            refused = [(one.name, "too many files") for one in waiting if one.id not in self._held]
        for name, reason in refused:
            drop.remove(folder, name)
            self._refused[reason] = self._refused.get(reason, 0) + 1
        self._tell_refused()

    def _take(self, folder: Path, one: drop.Dropped) -> Optional[str]:
        """Put a report into the outbox; return why it is none, None when it is."""
        stamp = self._around.stamp()
        try:
            told = from_file(one.content)
            named = attributes(one.id, told, stamp.time, self._around.device)
            seq = self._outbox.add(lambda place: Event(place, stamp, "human.report", named))
        except (Refused, UnfitError) as exc:
            return str(exc)[:_REASON_CHARACTERS]
        self._taken.append(self._around.monotonic())
        sent = Sent(one.id, told.at, told.category, self._outbox.depth().stream, seq or 0)
        others = tuple(known for known in self._reports if known.id != one.id)
        self._reports = (*others, sent)[-MOST_REPORTS:]
        if seq is None:  # the disk takes nothing now: the file stays until the outbox has it there
            self._held[one.id] = one.name
        else:
            drop.remove(folder, one.name)
        self._around.wake()
        return None

    def _let_go(self, folder: Path) -> None:
        """Remove the files of reports that went from memory to the disk since."""
        depth = self._outbox.depth()
        if self._held and depth.held == 0 and depth.fault is None:
            held, self._held = self._held, {}
            self._reports = tuple(
                replace(one, stream=depth.stream, seq=depth.high) if one.id in held else one for one in self._reports
            )
            for name in held.values():
                drop.remove(folder, name)

    def _has_room(self) -> bool:
        """Return whether one more may be taken this hour; the others wait in the folder."""
        now = self._around.monotonic()
        while self._taken and now - self._taken[0] >= _HOUR_SECONDS:
            self._taken.popleft()
        return len(self._taken) < MOST_PER_HOUR

    def _tell_refused(self) -> None:
        """Tell the centre once an hour how many files were no reports, and why one of them was not."""
        now = self._around.monotonic()
        if self._refused and now - self._refused_at >= _HOUR_SECONDS:
            self._refused_at = now
            refused, self._refused = self._refused, {}
            reason = max(refused, key=lambda one: refused[one])
            count = sum(refused.values())
            logger.warning("%d files in %s are no reports: %s", count, self._drop, reason)
            self._around.tell("machxa.report.refused", {"count": count, "reason": reason})

    def _follow(self) -> None:
        """Note which reports the collector has acknowledged."""
        waiting: Set[str] = {one.id for one in self._reports if one.state == "waiting" and one.id not in self._held}
        if waiting:
            depth = self._outbox.depth()
            self._reports = tuple(
                replace(one, state=_state(one, depth.stream, depth.acknowledged)) if one.id in waiting else one
                for one in self._reports
            )

    def _show(self) -> None:
        with self._lock:
            notices = self._notices
        newest, is_connected, checks = self._around.newest(), self._around.is_connected(), self._around.checks()
        minute = self._looks * LOOK_SECONDS // (60 * _READINGS_PER_SHOW)
        say = (self._reports, notices, is_connected, checks, newest is None, minute)
        if say == self._said:
            return
        body: Dict[str, object] = {
            "written_at": int(self._around.now_s() * 1000),
            "device": self._around.device,
            "connected": is_connected,
            "reports": [shown.report_body(one) for one in self._reports],
            "probes": list(self._around.probes),
            "checks": list(checks),
        }
        if self._around.software is not None:
            body["software"] = list(self._around.software)
        if notices is not None:
            body["notices"] = body_of(notices)
        if newest is not None:
            values = [column[-1] for column in newest.columns]
            series = [series_body(one) for one in newest.series]
            body["newest"] = {"at": newest.stamp.time, "series": series, "values": values}
        shown.write(self._folder, body)
        self._said = say


def _state(sent: Sent, stream: str, acknowledged: int) -> str:
    if sent.stream != stream:
        return "unknown"
    return "sent" if acknowledged >= sent.seq else "waiting"


def _kept(folder: Path) -> Shown:
    """Return what was shown last: it holds over a restart without a line."""
    try:
        return shown.read(folder)
    except (OSError, Refused):
        return Shown(0)
