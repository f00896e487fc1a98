"""Decide what is told at once, what waits for the digest, and what is left out, with the reason. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from machxa_collector.impact.severity import Severity
from machxa_collector.notify.happening import Happening, Kind
from machxa_collector.notify.wishes import DAY_MINUTES, Wishes

MINUTE_MS = 60_000
DAY_MS = 86_400_000
_LOCAL_MS = 7 * 3_600_000  # Viet Nam, all year


class Way(Enum):
    """Say what becomes of one happening for one recipient."""

    NOW = "now"
    LATER = "later"  # in the next digest
    DROPPED = "dropped"


class Before(Enum):
    """Say how a recipient heard of an incident until now."""

    NEVER = "never"
    WAITS = "waits"  # in a digest to come
    DIGEST = "digest"
    AT_ONCE = "at_once"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Say what becomes of it and why, in a fixed word."""

    way: Way
    why: str


def verdict(happening: Happening, wishes: Wishes, before: Before, now: int) -> Verdict:
    """Return what becomes of something for one who may see it; the day's budget is another matter (``fits``)."""
    handling, severity = happening.handling, happening.incident.severity
    if handling.merged_into is not None:
        return Verdict(way=Way.DROPPED, why="merged")
    if handling.is_closed and happening.kind is not Kind.ENDED:
        return Verdict(way=Way.DROPPED, why="closed")
    if happening.kind is Kind.ENDED and before is Before.NEVER:
        return Verdict(way=Way.DROPPED, why="never_told")
    if happening.kind is Kind.WORSE and before is Before.AT_ONCE and severity is not Severity.P1:
        return Verdict(way=Way.DROPPED, why="told")
    if severity.value > wishes.least_digest.value and happening.kind is not Kind.ESCALATED:
        return Verdict(way=Way.DROPPED, why="below_least")
    return _when(happening, wishes, before, now)


def _when(happening: Happening, wishes: Wishes, before: Before, now: int) -> Verdict:
    severity = happening.incident.severity
    if happening.kind is Kind.ENDED and (before is not Before.AT_ONCE or not wishes.tell_ended):
        return Verdict(way=Way.LATER, why="ended")
    if severity.value > wishes.least.value and happening.kind is not Kind.ESCALATED:
        return Verdict(way=Way.LATER, why="small")
    passes = severity is Severity.P1 and wishes.urgent_passes and happening.kind is not Kind.ENDED
    if is_quiet(wishes, now) and not passes:
        return Verdict(way=Way.LATER, why="quiet")
    return Verdict(way=Way.NOW, why="")


def fits(wishes: Wishes, sent: int, worst: Severity, now: int) -> bool:
    """Tell whether one more message at once fits into a day's budget; sent is how many went today, digests too.

    Kept back is one message for each digest still to come, and a quarter of the budget for P1.
    """
    kept = 0 if worst is Severity.P1 else max(1, wishes.budget // 4)
    return sent + 1 + _slots_left(wishes, now) <= max(wishes.budget - kept, 1)


def digest_due(wishes: Wishes, sent: int, oldest: int | None, now: int) -> bool:
    """Tell whether a digest goes out now: something has waited since before the last digest time; oldest None: nothing.

    A time that passed while nobody could tell is made up for, outside quiet hours and within the budget.
    """
    if oldest is None or sent >= wishes.budget or is_quiet(wishes, now):
        return False
    return oldest < last_slot(wishes, now)


def slots(wishes: Wishes) -> tuple[int, ...]:
    """Return the minutes of the day at which a digest may go: those asked for outside quiet hours, and their end."""
    open_ones = {one for one in wishes.digest if not _in_quiet(wishes, one)}
    return tuple(sorted(open_ones | ({wishes.quiet[1]} if wishes.quiet is not None else set())))


def last_slot(wishes: Wishes, now: int) -> int:
    """Return the newest digest time that is not after now, ms since 1970 UTC."""
    midnight, minute = _midnight(now), _minute(now)
    today = [one for one in slots(wishes) if one <= minute]
    if today:
        return midnight + today[-1] * MINUTE_MS
    return midnight - DAY_MS + slots(wishes)[-1] * MINUTE_MS


def next_slot(wishes: Wishes, now: int) -> int:
    """Return the next digest time after now, ms since 1970 UTC."""
    midnight, minute = _midnight(now), _minute(now)
    left = [one for one in slots(wishes) if one > minute]
    return midnight + (left[0] if left else slots(wishes)[0] + DAY_MINUTES) * MINUTE_MS


def is_quiet(wishes: Wishes, now: int) -> bool:
    """Tell whether these are somebody's quiet hours."""
    return _in_quiet(wishes, _minute(now))


def day_of(now: int) -> int:
    """Return the day of Viet Nam, counted from 1970-01-01."""
    return (now + _LOCAL_MS) // DAY_MS


def _slots_left(wishes: Wishes, now: int) -> int:
    minute = _minute(now)
    return sum(one >= minute for one in slots(wishes))


def _in_quiet(wishes: Wishes, minute: int) -> bool:
    if wishes.quiet is None:
        return False
    first, last = wishes.quiet
    return first <= minute < last if first < last else minute >= first or minute < last


def _midnight(now: int) -> int:
    return day_of(now) * DAY_MS - _LOCAL_MS


def _minute(now: int) -> int:
    return (now - _midnight(now)) // MINUTE_MS
