"""Say whether throughput may be tested now, by what was spent, what the line carries, and the time of day. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Optional, Tuple

from machxa_agent.lines.line import Throughput

_DAY_SECONDS = 86400


class Answer(Enum):
    """Say whether to test, and why not."""

    NOW = "now"
    DONE = "this part of the day has had its test"
    BUSY = "the line carries other things"
    UNKNOWN = "how busy the line is cannot be told"
    SPENT = "the month's bytes are used up"


@dataclass(frozen=True)
class Spent:
    """Hold what tests have cost: the month (``2026-11``), its bytes, and the part of a day with the last test."""

    month: str = ""
    used_bytes: int = 0
    last: str = ""


def may_test(test: Throughput, spent: Spent, now: datetime, busy_bytes_per_second: Optional[float]) -> Answer:
    """Return whether to test; busy is what the line carries in both directions, None where nothing counts it.

    A whole test must fit the month's cap: none is begun that could not be finished. now is this computer's local
    time; a clock that is set back tests no more often, since the month's bytes count on.
    """
    if _part(test, now) == spent.last:
        return Answer.DONE
    if _of_month(spent, now).used_bytes + test.test_bytes > test.monthly_bytes:
        return Answer.SPENT
    if busy_bytes_per_second is None:
        return Answer.UNKNOWN
    return Answer.NOW if busy_bytes_per_second <= test.idle_bytes_per_second else Answer.BUSY


def begun(test: Throughput, spent: Spent, now: datetime) -> Spent:
    """Return the account with a whole test on it, before its first byte: an agent that dies has not saved any."""
    known = _of_month(spent, now)
    return replace(known, used_bytes=known.used_bytes + test.test_bytes, last=_part(test, now))


def settled(test: Throughput, spent: Spent, got_bytes: int) -> Spent:
    """Return the account after a test that was begun: what was not fetched is given back."""
    return replace(spent, used_bytes=spent.used_bytes - test.test_bytes + got_bytes)


def rate(before: Tuple[float, int], after: Tuple[float, int]) -> Optional[float]:
    """Return bytes a second between two readings (monotonic seconds, bytes); None where the counter fell."""
    seconds, grown = after[0] - before[0], after[1] - before[1]
    return grown / seconds if seconds > 0 and grown >= 0 else None


def _of_month(spent: Spent, now: datetime) -> Spent:
    month = now.strftime("%Y-%m")
    # an account of a later month stands: the clock was wrong then, or is now
    return spent if spent.month >= month else replace(spent, month=month, used_bytes=0)


def _part(test: Throughput, now: datetime) -> str:
    seconds = now.hour * 3600 + now.minute * 60 + now.second
    return f"{now:%Y-%m-%d} {seconds * test.per_day // _DAY_SECONDS}"
