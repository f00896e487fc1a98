"""Count what ended badly within a week: shutdowns nobody ordered, stopped systems, crashed programs."""

from __future__ import annotations

import os
import sys
import time
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Callable, Dict, Iterable, List, Mapping, Optional, Tuple

from machxa_agent.presence.wtmp import BOOT_TIME, RECORD_BYTES, entries
from machxa_agent.probes.probe import Probe
from machxa_wire.records import Sample, Series

if TYPE_CHECKING:
    from machxa_agent import events

WINDOW = timedelta(days=7)
_MOST_BYTES = RECORD_BYTES * 4096
_CORES = ("/var/lib/systemd/coredump", "/var/crash")
_MOST_FILES = 1000

# Kernel-Power 41 and EventLog 6008 tell of the same loss; 1001 of a blue screen; 1000 and 1002 of a program.
SYSTEM = "(EventID=41 or EventID=1001 or EventID=6008) and TimeCreated[timediff(@SystemTime) <= 604800000]"
APPLICATION = "(EventID=1000 or EventID=1002) and TimeCreated[timediff(@SystemTime) <= 604800000]"


def counts(found: Mapping[str, int]) -> Tuple[Sample, ...]:
    """Return counts within the last 7 days by kind; what a system does not tell has no sample."""
    return tuple(
        Sample(Series("machxa.crash.count", (("machxa.crash.kind", kind), ("window", "7d"))), count)
        for kind, count in sorted(found.items())
    )


def from_events(logged: Iterable[events.LoggedEvent], now: datetime) -> Dict[str, int]:
    """Return the counts by kind of events within a week before now; others' numbers of the same value do not count."""
    numbers: Dict[Tuple[str, int], int] = {}
    for one in logged:
        if now - WINDOW <= one.at <= now + timedelta(days=1):
            key = (one.provider, one.number)
            numbers[key] = numbers.get(key, 0) + 1
    unexpected = max(numbers.get(_KERNEL_POWER, 0), numbers.get(_EVENT_LOG, 0))
    return {
        "application": sum(numbers.get(one, 0) for one in _PROGRAMS),
        "system": sum(numbers.get(one, 0) for one in _STOPS),
        "unexpected_shutdown": unexpected,
    }


def from_wtmp(content: bytes, now: datetime) -> Optional[int]:
    """Return how many boots within a week before now followed no shutdown, from utmp(5)'s records of 384 bytes.

    None where no boot is recorded at all, as where nobody writes the file. Only kinds and times are looked at. The
    file's first boot has nothing before it and does not count.
    """
    boots, unexpected, was_shut_down = 0, 0, True
    for one in entries(content):
        if one.is_shutdown:
            was_shut_down = True
        elif one.kind == BOOT_TIME:
            boots += 1
            at = datetime.fromtimestamp(one.seconds, timezone.utc)
            unexpected += int(not was_shut_down and now - WINDOW <= at <= now)
            was_shut_down = False
    return unexpected if boots else None


def linux(
    root: str = "", machine: Optional[str] = None, clock: Callable[[], float] = time.time
) -> Callable[[], Tuple[Sample, ...]]:
    """Return a reader of wtmp and of the folders of core files below ``root``; their names are not looked at."""

    def read() -> Tuple[Sample, ...]:
        now = datetime.fromtimestamp(clock(), timezone.utc)
        found: Dict[str, int] = {}
        tail = _tail(root + "/var/log/wtmp")
        if tail is not None and (machine or os.uname().machine) != "aarch64":
            unexpected = from_wtmp(tail, now)
            found.update({} if unexpected is None else {"unexpected_shutdown": unexpected})
        folders = [root + one for one in _CORES if os.path.isdir(root + one)]  # noqa: PTH112
        if folders:
            found["application"] = sum(_recent(one, (now - WINDOW).timestamp()) for one in folders)
        return counts(found)

    return read


def _windows() -> Tuple[Sample, ...]:
    from machxa_agent import events  # noqa: PLC0415 - once an hour, on Windows only

    texts = (events.newest("System", SYSTEM), events.newest("Application", APPLICATION))
    logged: List[events.LoggedEvent] = [one for text in texts for one in events.from_xml(text)]
    return counts(from_events(logged, datetime.now(timezone.utc)))


def _tail(path: str) -> Optional[bytes]:
    """Return the last whole records of wtmp, None where there is no such file or it is not for us."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - pathlib is not loaded for this
            size = file.seek(0, os.SEEK_END)
            size -= size % RECORD_BYTES
            file.seek(max(0, size - _MOST_BYTES))
            return file.read(_MOST_BYTES)
    except OSError:
        return None


def _recent(folder: str, since: float) -> int:
    try:
        with os.scandir(folder) as entries:
            some = [one for _, one in zip(range(_MOST_FILES), entries)]
            return sum(one.is_file() and one.stat().st_mtime >= since for one in some)
    except OSError:
        return 0


_KERNEL_POWER = ("Microsoft-Windows-Kernel-Power", 41)
_EVENT_LOG = ("EventLog", 6008)
_STOPS = (("Microsoft-Windows-WER-SystemErrorReporting", 1001), ("BugCheck", 1001))
_PROGRAMS = (("Application Error", 1000), ("Application Hang", 1002))

PROBE = Probe("crash", linux() if sys.platform == "linux" else _windows, every=60, after=7, is_slow=True)
