"""Place a moment in its local year: Vietnam keeps UTC+7 all year round. Pure."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, datetime, timedelta, timezone
from typing import NamedTuple

from machxa_collector.registry.calendar.rows import DAY_SECONDS

LOCAL = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
FIRST_YEAR = 2000  # since October 1999 offices are closed on Saturdays; older rows would need other rules
LAST_YEAR = 2049

_ZERO = datetime(FIRST_YEAR, 1, 1, tzinfo=LOCAL)
_YEAR_DAYS = [(date(year, 1, 1) - date(FIRST_YEAR, 1, 1)).days for year in range(FIRST_YEAR, LAST_YEAR + 2)]


class OutsideCalendar(ValueError):
    """Say which moment no calendar reaches: the caller shows no working time for it."""


class Place(NamedTuple):
    """Give a moment as a local year, whole seconds since it began, and microseconds."""

    year: int
    second: int
    micro: int


def place(moment: datetime) -> Place:
    """Return where a moment lies; raise OutsideCalendar beyond the years, ValueError when it names no time zone."""
    if moment.utcoffset() is None:
        raise ValueError(f"{moment} has no time zone, expected an aware time")
    since = moment - _ZERO
    if not 0 <= since.days < _YEAR_DAYS[-1]:
        raise OutsideCalendar(f"{moment} is outside the years {FIRST_YEAR} to {LAST_YEAR}")
    at = bisect_right(_YEAR_DAYS, since.days) - 1
    return Place(FIRST_YEAR + at, (since.days - _YEAR_DAYS[at]) * DAY_SECONDS + since.seconds, since.microseconds)


def moment_of(at: Place) -> datetime:
    """Return the local time of a place; its seconds and microseconds may be any number."""
    return _ZERO + timedelta(days=_YEAR_DAYS[at.year - FIRST_YEAR], seconds=at.second, microseconds=at.micro)
