"""Judge how the last boot ended, from our own book and from what the system wrote down. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable, List, Mapping, Optional, Tuple

from machxa_agent.presence.wtmp import BOOT_TIME, Entry

SHUTDOWN, RESTART, STOP = "shutdown", "restart", "stop"
SLEEP, HIBERNATE, UNEXPECTED, UNKNOWN = "sleep", "hibernate", "unexpected", "unknown"
_SAME_BOOT_SECONDS = 300  # by which a boot's own record may differ from the one the clocks tell
# What of the System log is read; other providers' events of the same numbers are passed over.
LOG = "(EventID=27 or EventID=41 or EventID=42 or EventID=1074 or EventID=6005 or EventID=6006 or EventID=6008)"
_ORDER_SECONDS = 1800  # between the order to shut down and its end: updates are put in


@dataclass(frozen=True)
class Last:
    """Hold our own book of the last boot: why the agent went, None when it did not say; when it was last alive (ms)."""

    reason: Optional[str]
    at_ms: int


@dataclass(frozen=True)
class Ended:
    """Hold how a boot ended, and when in milliseconds since 1970, None where it is not known."""

    how: str
    at_ms: Optional[int]


def judged(last: Optional[Last], told: Optional[Ended]) -> Ended:
    """Return how the last boot ended: as we said ourselves, else as the system says, else unexpectedly.

    An agent that was stopped and not started again cannot tell; one that still ran, without any word, was cut off, and
    was alive at the time given.
    """
    if last is not None and last.reason in (SHUTDOWN, RESTART):
        return Ended(last.reason, last.at_ms)
    if told is not None and told.how != UNKNOWN:
        still_ran = last is not None and last.reason is None
        return Ended(told.how, last.at_ms if told.at_ms is None and last is not None and still_ran else told.at_ms)
    if last is not None and last.reason is None:
        return Ended(UNEXPECTED, last.at_ms)
    return Ended(UNKNOWN, None)


def from_wtmp(entries: Iterable[Entry], booted_s: float) -> Optional[Ended]:
    """Return how the boot before this one ended, from wtmp; None where it does not know this boot or none before."""
    rows = list(entries)
    boots = [index for index, one in enumerate(rows) if one.kind == BOOT_TIME]
    if len(boots) < 2 or abs(rows[boots[-1]].seconds - booted_s) > _SAME_BOOT_SECONDS:  # noqa: PLR2004 - this and the last
        return None
    between = rows[boots[-2] + 1 : boots[-1]]
    ends = [one for one in between if one.is_shutdown or one.level in _LEVELS]
    if not ends:
        return Ended(UNEXPECTED, None)
    levels = [_LEVELS[one.level] for one in ends if one.level in _LEVELS]
    return Ended(levels[-1] if levels else SHUTDOWN, ends[-1].seconds * 1000)


@dataclass(frozen=True)
class Logged:
    """Hold one event of Windows' System log: who logged it, its number, when (ms since 1970), its named values."""

    provider: str
    number: int
    at_ms: int
    values: Mapping[str, str]


def from_events(xml: str) -> Tuple[Logged, ...]:
    """Return the events of wevtutil's XML."""
    from machxa_agent.events import from_xml  # noqa: PLC0415 - on Windows only

    return tuple(Logged(one.provider, one.number, int(one.at.timestamp() * 1000), one.values) for one in from_xml(xml))


def from_log(events: Iterable[Logged]) -> Ended:
    """Return how the last boot ended, from the System log's events of any order.

    The newest start (EventLog 6005, Kernel-Boot 27) parts what was before from what came after. Kernel-Power 41 and
    EventLog 6008, logged after a start, say that nobody ordered the end. BootType 1 is Fast Startup, whose shutdown is
    a hibernation of the kernel (Kernel-Power 42), BootType 2 the return from a hibernation; else the end is
    EventLog 6006, and User32 1074 before it says whether a restart was asked for.
    """
    rows = sorted(events, key=lambda one: one.at_ms)
    starts = [one for one in rows if (one.provider, one.number) in (_STARTED, _BOOT)]
    if not starts:
        return Ended(UNKNOWN, None)
    newest = starts[-1].at_ms
    first = min(one.at_ms for one in starts if newest - one.at_ms <= _SAME_BOOT_SECONDS * 1000)
    after = [one for one in rows if one.at_ms >= first]
    before = [one for one in rows if one.at_ms < first]
    kinds = {(one.provider, one.number) for one in after}
    if _LOST in kinds or _LOST_TOO in kinds:
        return Ended(UNEXPECTED, None)
    types = [_number(one.values.get("BootType", "")) for one in after if (one.provider, one.number) == _BOOT]
    asleep = _newest(before, _ASLEEP)
    if types and types[-1] in _RESUMED:
        return Ended(_RESUMED[types[-1]], None if asleep is None else asleep.at_ms)
    end = _newest(before, _ENDED)
    return Ended(UNKNOWN, None) if end is None else Ended(_ordered(before, end), end.at_ms)


def slept(events: Iterable[Logged], since_ms: int) -> Tuple[str, Optional[int]]:
    """Return what kind of sleep began after a moment, and when: Kernel-Power 42, whose TargetState 5 is a hibernation.

    A hibernation for Fast Startup (Reason 6) is a shutdown, since the user ordered one.
    """
    asleep = _newest([one for one in events if one.at_ms >= since_ms], _ASLEEP)
    if asleep is None:
        return SLEEP, None
    if _number(asleep.values.get("TargetState", "")) != _HIBERNATION:
        return SLEEP, asleep.at_ms
    return SHUTDOWN if _number(asleep.values.get("Reason", "")) == _HYBRID else HIBERNATE, asleep.at_ms


def _ordered(before: List[Logged], end: Logged) -> str:
    """Return whether a restart or a shutdown was asked for before an end; param5 is in the system's language."""
    orders = [one for one in before if (one.provider.lower(), one.number) == _ORDER]
    orders = [one for one in orders if 0 <= end.at_ms - one.at_ms <= _ORDER_SECONDS * 1000]
    word = orders[-1].values.get("param5", "").lower() if orders else ""
    return RESTART if any(one in word for one in _RESTART_WORDS) else SHUTDOWN


def _newest(rows: Iterable[Logged], kind: Tuple[str, int]) -> Optional[Logged]:
    return max((one for one in rows if (one.provider, one.number) == kind), key=lambda one: one.at_ms, default=None)


def _number(text: str) -> Optional[int]:
    try:
        return int(text, 0)
    except ValueError:
        return None


_LEVELS = {"0": SHUTDOWN, "6": RESTART}  # init(8)
_STARTED, _ENDED, _LOST_TOO = ("EventLog", 6005), ("EventLog", 6006), ("EventLog", 6008)
_LOST, _ASLEEP = ("Microsoft-Windows-Kernel-Power", 41), ("Microsoft-Windows-Kernel-Power", 42)
_BOOT, _ORDER = ("Microsoft-Windows-Kernel-Boot", 27), ("user32", 1074)
_RESUMED = {1: SHUTDOWN, 2: HIBERNATE}  # BootType
_HIBERNATION, _HYBRID = 5, 6  # SYSTEM_POWER_STATE PowerSystemHibernate; Reason: hybrid shutdown
_RESTART_WORDS = ("restart", "khởi động lại")
