"""Tell from months of signs what planning asks of a device: levels, alerts, crashes, failures, downtime. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

Levels = tuple[tuple[float, float], ...]  # (day, value) in order
Span = tuple[int, int]  # ms since 1970 UTC

METHODS: Mapping[str, str] = {
    "crashes": (
        "at least: blue screens by counters a week wide that do not overlap, of 90 days; at most: boots of 90 days "
        "after an end that nobody ordered, power cuts among them, or after one nobody knows"
    ),
    "failures": (
        "incidents of 12 months that say the device was lost, blocked by more than paper or toner, or its disk failing"
    ),
    "downtime": "working time, declared sessions among it, of incidents of 12 months: lost, offline or blocked",
}
ROUTINE = frozenset(  # what somebody refills or empties: no sign of wear
    ("paper_low", "no_paper", "tray_empty", "toner_low", "toner_empty", "output_nearly_full", "output_full")
)
_ALERTING = ("warning", "blocked")
_FAILED = ("lost", "disk_failing")
_DOWN = ("lost", "offline", "blocked")


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Hold what was seen of a device over months; None or empty: nobody watched.

    free_bytes of the fullest volume and toner, each supply's share left, are by day. alerts and pages are of the same
    time. crashes are of 90 days; failures and downtime_hours of watched_years, 12 months at most.
    """

    free_bytes: Levels = ()
    toner: Mapping[str, Levels] = field(default_factory=dict)
    alerts: int | None = None
    pages: int | None = None
    crashes_least: int | None = None
    crashes_most: int | None = None
    failures: int | None = None
    downtime_hours: float | None = None
    watched_years: float | None = None


NO_HISTORY = History()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Hold of an incident with a device what counts: its state, reasons, span and how often it came."""

    state: str
    reasons: frozenset[str]
    span: Span
    spells: int = 1

    @property
    def is_failure(self) -> bool:
        """Tell whether the device failed: what somebody only refills is none."""
        return self.state in _FAILED or (self.state == "blocked" and not self.reasons <= ROUTINE)

    @property
    def is_down(self) -> bool:
        """Tell whether the device did not do its work meanwhile."""
        return self.state in _DOWN


def alerts(told: Iterable[tuple[str, Iterable[str]]]) -> int:
    """Return how often a printer began to tell of something, from its states with reasons in the order of time."""
    count, standing = 0, frozenset[str]()
    for state, reasons in told:
        now = frozenset(reasons) - ROUTINE if state in _ALERTING else frozenset[str]()
        count += bool(now - standing)
        standing = now
    return count


def printed(counters: Sequence[tuple[int, float]]) -> int | None:
    """Return the pages between the first and the last of (time, counter); None where one fell: it was another's."""
    values = [value for _, value in counters]
    if len(values) < 2 or values != sorted(values):  # noqa: PLR2004 - a difference has two ends
        return None
    return int(values[-1] - values[0])


def apart(windows: Iterable[tuple[int, float]], width: int) -> int | None:
    """Return the sum of counts over windows (their end, count) that do not overlap, from the newest on; None: none."""
    total, free_until = None, None
    for end, count in sorted(windows, reverse=True):
        if free_until is None or end <= free_until:
            total, free_until = int(count) + (total or 0), end - width
    return total


def together(spans: Iterable[Span], window: Span) -> list[Span]:
    """Return spans within a window as ones that do not touch."""
    found: list[Span] = []
    for start, end in sorted((max(start, window[0]), min(end, window[1])) for start, end in spans):
        if end <= start:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found
