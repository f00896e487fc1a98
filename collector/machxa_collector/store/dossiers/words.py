"""Turn stored numbers into moments and days, and name what an import may be."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from enum import Enum

from machxa_collector.registry.calendar import LOCAL

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_DAY = date(1970, 1, 1)
LOCAL_MS = 7 * 3_600_000  # Việt Nam's time before UTC
DAY_MS = 86_400_000


class Kind(Enum):
    """Say what a file holds."""

    ROWS = "rows"
    COUNTS = "counts"


class State(Enum):
    """Say how far an import is."""

    PREVIEWED = "previewed"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    UNDONE = "undone"


class Way(Enum):
    """Say how a file came."""

    UPLOAD = "upload"
    COMMAND = "command"
    FOLDER = "folder"
    PULL = "pull"


def moment(ms: int) -> datetime:
    """Return a stored moment."""
    return _EPOCH + timedelta(milliseconds=ms)


def moment_or_none(ms: int | None) -> datetime | None:
    """Return a stored moment, None where there is none."""
    return None if ms is None else moment(ms)


def ms_of(when: datetime) -> int:
    """Return a moment as it is stored."""
    return (when - _EPOCH) // timedelta(milliseconds=1)


def day(number: int) -> date:
    """Return a stored day."""
    return _FIRST_DAY + timedelta(days=number)


def number_of(when: date) -> int:
    """Return a day as it is stored."""
    return (when - _FIRST_DAY).days


def day_of_ms(ms: int) -> int:
    """Return the day, as it is stored, on which a stored moment falls in Việt Nam."""
    return (ms + LOCAL_MS) // DAY_MS


def midnight_ms(when: date) -> int:
    """Return the stored moment at which a day begins in Việt Nam."""
    return ms_of(datetime(when.year, when.month, when.day, tzinfo=LOCAL))
