"""Keep the file that the window shows, and notice that somebody dropped a report. Part of the running agent.

What takes reports is loaded when one comes: most computers drop none for weeks, and memory is what they are short of.
"""

# ruff: noqa: PLC0415 - loaded when they are needed

from __future__ import annotations

import json
import logging
import os
import stat
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Callable, Dict, List, Mapping, Optional, Protocol, Tuple

from machxa_agent.outbox.shelf import Build, Depth
from machxa_wire.encode import series_body
from machxa_wire.records import Samples, Scalar, Stamp

if TYPE_CHECKING:
    from machxa_agent.report.taking import Taking

logger = logging.getLogger(__name__)

MOST_SENT = 20  # reports that are remembered for the window
_WAITED_LOOKS = 4  # after which what had to wait is looked at again
_LOOKS_PER_SHOW = 10
_MOST_BYTES = 512 * 1024
_FILE = "shown.json"
_FILE_MODE, _FOLDER_MODE, _DROP_MODE = 0o644, 0o755, 0o1733

Body = Dict[str, object]


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


class UnsafeFolderError(OSError):
    """Say why a folder is not used."""


class Desk:
    """Look into the drop folder now and then, and keep what is shown up to date.

    A report that was taken is a dictionary as it stands in the file: id, at, category, stream, seq, state, perhaps
    symptom, and over once somebody said that it works again.
    """

    def __init__(self, folder: Path, outbox: Keeper, around: Around) -> None:
        """Serve the window's folder; one that cannot be used is told in the log, and nobody can report there."""
        self._folder, self._outbox, self._around = folder, outbox, around
        self._lock = threading.Lock()
        kept = _kept(folder)
        self.reports: List[Body] = _reports(kept)
        self._notices: object = kept.get("notices")
        self._drop: Optional[Path] = None
        self._where = str(folder / "drop")
        self._taking: Optional[Taking] = None
        self._touched: Optional[int] = None
        self._fault, self._looks = "", 0
        self._said: object = None

    @property
    def drop(self) -> Optional[Path]:
        """Return the drop folder once it is in use."""
        return self._drop

    @property
    def is_waiting(self) -> bool:
        """Return whether the window waits to hear of a report."""
        return any(one["state"] == "waiting" for one in self.reports)

    def notice(self, payload: bytes) -> None:
        """Take what the centre knows, its MAC checked; raises Refused."""
        from machxa_wire.notices import body_of, decode_notices

        told = body_of(decode_notices(payload))
        with self._lock:
            self._notices = told

    def look(self) -> None:
        """Take what was dropped, and write what is shown when it has changed; never raises."""
        try:
            self._look()
            self._fault = ""
        except OSError as exc:
            if str(exc) != self._fault:
                self._fault = str(exc)
                logger.warning("reports of people cannot be taken from %s: %s", self._folder, exc)
        except Exception:
            logger.exception("looking for reports failed; it is tried again")

    def _look(self) -> None:
        self._looks += 1
        drop = self._drop = self._drop or make(self._folder)
        touched = os.stat(self._where).st_mtime_ns  # noqa: PTH116 - a third of Path.stat's cost, each ten seconds
        if touched != self._touched or self._looks % _WAITED_LOOKS == 0:
            self._touched = touched
            if self._taking is not None or any(True for _ in os.scandir(str(drop))):
                self._take(drop)
        self._follow()
        self._show()

    def _take(self, drop: Path) -> None:
        if self._taking is None:
            from machxa_agent.report.taking import Taking

            self._taking = Taking(drop, self._outbox, self._around)
        taken = self._taking.look()
        ids = {one["id"] for one in taken}
        self.reports = [*(one for one in self.reports if one["id"] not in ids), *taken][-MOST_SENT:]
        over, self._taking.over = self._taking.over, []
        for one in self.reports:
            if one["id"] in over:
                one["over"] = True

    def _follow(self) -> None:
        """Note which reports the collector has acknowledged; "unknown" once the outbox that held one is gone."""
        waiting = [one for one in self.reports if one["state"] == "waiting" and one["seq"]]
        if waiting:
            depth = self._outbox.depth()
            for one in waiting:
                if one["stream"] != depth.stream:
                    one["state"] = "unknown"
                elif isinstance(one["seq"], int) and depth.acknowledged >= one["seq"]:
                    one["state"] = "sent"

    def _show(self) -> None:
        with self._lock:
            notices = self._notices
        newest, is_connected, checks = self._around.newest(), self._around.is_connected(), self._around.checks()
        states = tuple((one["id"], one["state"], one.get("over")) for one in self.reports)
        say = (states, notices, is_connected, checks, newest is None, self._looks // _LOOKS_PER_SHOW)
        if say == self._said:
            return
        body: Body = {
            "written_at": self._around.stamp().time,
            "device": self._around.device,
            "connected": is_connected,
            "reports": self.reports,
            "probes": list(self._around.probes),
            "checks": list(checks),
        }
        if self._around.software is not None:
            body["software"] = list(self._around.software)
        if notices is not None:
            body["notices"] = notices
        if newest is not None:
            values = [column[-1] for column in newest.columns]
            series = [series_body(one) for one in newest.series]
            body["newest"] = {"at": newest.stamp.time, "series": series, "values": values}
        _write(self._folder, body)
        self._said = say


def make(folder: Path) -> Path:
    """Return the drop folder under the window's folder, made when it is missing; raises OSError."""
    drop = folder / "drop"
    for one, mode in ((folder, _FOLDER_MODE), (drop, _DROP_MODE)):
        one.mkdir(parents=True, exist_ok=True)
        found = one.lstat()
        if not stat.S_ISDIR(found.st_mode):
            raise UnsafeFolderError(f"{one} is no folder")
        if sys.platform != "win32":  # there the installer sets who may do what
            if found.st_uid != os.geteuid():
                raise UnsafeFolderError(f"{one} belongs to user {found.st_uid}, not to the agent")
            if stat.S_IMODE(found.st_mode) != mode:
                one.chmod(mode)
    return drop


def _write(folder: Path, body: Mapping[str, object]) -> None:
    """Write what is shown, readable by all; raises OSError. Not worth a sync."""
    new = folder / (_FILE + ".new")
    new.write_bytes(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"))
    if sys.platform != "win32":
        new.chmod(_FILE_MODE)
    new.replace(folder / _FILE)


def _kept(folder: Path) -> Body:
    """Return what was shown last: it holds over a restart without a line. Nothing when it cannot be read."""
    try:
        with (folder / _FILE).open("rb") as file:
            body = json.loads(file.read(_MOST_BYTES).decode("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _reports(body: Body) -> List[Body]:
    """Return the reports of a file that the agent itself wrote, whole ones only."""
    found = body.get("reports")
    names = {"id": str, "at": int, "category": str, "stream": str, "seq": int, "state": str}
    whole = found if isinstance(found, list) else []
    return [
        one
        for one in whole
        if isinstance(one, dict) and all(isinstance(one.get(name), kind) for name, kind in names.items())
    ][-MOST_SENT:]
