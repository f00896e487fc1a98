"""Say when an office works, in rows that each carry their dates and their source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from itertools import pairwise
from typing import NamedTuple

DAY_SECONDS = 86_400
_DAYS = ("thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật")
_MOST_DAYS = 366  # of a row that names single days; a longer one is a mistake of typing, or belongs in WeekHours


class BadCalendar(ValueError):
    """Say which row cannot be used and why; the person who entered it can mend it.

    vi says it in Vietnamese, None where only a program could have entered it so.
    """

    def __init__(self, told: str, vi: str | None = None) -> None:
        """Take the reason, and the same in Vietnamese."""
        super().__init__(told)
        self.vi = vi


class Confidence(Enum):
    """Say how sure a source is."""

    CONFIRMED = "confirmed"  # the decree, letter or decision itself, or two sources that agree
    LIKELY = "likely"  # one secondary source, or computed from the law before any letter
    OPEN = "open"  # not decided yet, or not to be found: what the row says is an assumption


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Name the decree, letter or decision with number and date, or where the row was read."""

    reference: str
    confidence: Confidence = Confidence.CONFIRMED

    def __post_init__(self) -> None:
        """Refuse a source that names nothing."""
        if not self.reference.strip():
            raise BadCalendar("a row names no source, expected the number and date of a decision")


class Session(NamedTuple):
    """Give one interval of work, in seconds since local midnight; the end is not part of it."""

    start: int
    end: int


Hours = tuple[Session, ...]  # in order, apart from each other; empty: nobody works


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekHours:
    """Give the official sessions of some weekdays (0 is Monday) from one date to another.

    valid_to is the last day, None while it holds. No sessions: these weekdays are free.
    """

    valid_from: date
    valid_to: date | None = None
    weekdays: frozenset[int]
    sessions: Hours
    source: Source

    def __post_init__(self) -> None:
        """Refuse turned dates, weekdays that are none, and sessions that overlap."""
        _check_dates(self.valid_from, self.valid_to)
        _check_weekdays(self.weekdays)
        check_hours(self.sessions)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOff:
    """Free the days from valid_from to valid_to, both included: a holiday, or a day swapped for a worked Saturday."""

    valid_from: date
    valid_to: date
    name: str
    source: Source

    def __post_init__(self) -> None:
        """Refuse turned dates and a span over a year."""
        _check_days(self.valid_from, self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeUpDay:
    """Work on a day with the official sessions of a weekday: usually a Saturday, with those of the day it makes up."""

    day: date
    weekday: int
    name: str
    source: Source

    def __post_init__(self) -> None:
        """Refuse a weekday that is none."""
        _check_weekdays({self.weekday})


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedHours:
    """Close an office for part of each day from valid_from to valid_to, both included: a half day off, say.

    Takes from official sessions and from those declared by weekday, not from those declared for the very day.
    """

    valid_from: date
    valid_to: date
    hours: Hours
    source: Source

    def __post_init__(self) -> None:
        """Refuse turned dates, a span over a year, and hours that overlap."""
        _check_days(self.valid_from, self.valid_to)
        check_hours(self.hours)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraHours:
    """Declare sessions beyond the official ones, such as Saturday mornings; the source is the decision with its number.

    With weekdays: on each of them from valid_from to valid_to (None while it holds), but not on a day off.
    With weekdays None: on each day from valid_from to valid_to, whatever else that day is.
    """

    valid_from: date
    valid_to: date | None = None
    weekdays: frozenset[int] | None = None
    sessions: Hours
    source: Source

    def __post_init__(self) -> None:
        """Refuse turned dates, single days without an end, and sessions that overlap."""
        check_hours(self.sessions)
        if self.weekdays is not None:
            _check_weekdays(self.weekdays)
            _check_dates(self.valid_from, self.valid_to)
        elif self.valid_to is None:
            raise BadCalendar(
                f"extra hours of single days from {self.valid_from} have no last day", "buổi làm thêm chưa có ngày cuối"
            )
        else:
            _check_days(self.valid_from, self.valid_to)


Row = WeekHours | DayOff | MakeUpDay | ClosedHours | ExtraHours


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """Hold the rows of one owner: the country, a province, or a unit; the nearest owner's row holds.

    Two rows that decide the same day of the same owner are refused: nobody could say which holds.
    """

    week: tuple[WeekHours, ...] = ()
    off: tuple[DayOff, ...] = ()
    make_up: tuple[MakeUpDay, ...] = ()
    closed: tuple[ClosedHours, ...] = ()
    extra: tuple[ExtraHours, ...] = ()

    def __post_init__(self) -> None:
        """Refuse rows that contradict each other."""
        for weekday in range(7):
            rows = sorted((row for row in self.week if weekday in row.weekdays), key=lambda row: row.valid_from)
            for one, other in pairwise(rows):
                if one.valid_to is None or one.valid_to >= other.valid_from:
                    raise BadCalendar(
                        f"weekday {weekday} has two sets of sessions on {other.valid_from}: give the older a last day",
                        f"{_DAYS[weekday]} có hai bộ giờ từ {other.valid_from:%d/%m/%Y}: hãy ghi ngày cuối cho bộ cũ",
                    )
        decided: set[date] = set()
        for day in self._decided():
            if day in decided:
                raise BadCalendar(f"{day} is decided twice", f"ngày {day:%d/%m/%Y} đã có quyết định khác")
            decided.add(day)

    def _decided(self) -> Iterator[date]:
        for row in self.off:
            yield from days(row.valid_from, row.valid_to)
        yield from (row.day for row in self.make_up)


def days(first: date, last: date) -> Iterator[date]:
    """Give every day from the first to the last, both included."""
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def check_hours(hours: Hours) -> None:
    """Refuse sessions that are empty, overlap, touch, are out of order or leave the day."""
    for session in hours:
        if not 0 <= session.start < session.end <= DAY_SECONDS:
            raise BadCalendar(
                f"a session goes from {session.start} to {session.end} s, expected 0 to {DAY_SECONDS}",
                f"buổi {_clock(session)}: giờ kết thúc phải sau giờ bắt đầu, và không quá 24:00",
            )
    for one, other in pairwise(hours):
        if one.end >= other.start:
            raise BadCalendar(
                f"sessions {tuple(one)} and {tuple(other)} are not apart and in order",
                f"các buổi {_clock(one)} và {_clock(other)} phải rời nhau và theo thứ tự",
            )


def _clock(session: Session) -> str:
    return "-".join(f"{second // 3600:02}:{second % 3600 // 60:02}" for second in session)


def _check_weekdays(weekdays: Iterable[int]) -> None:
    wrong = sorted(set(weekdays) - set(range(7)))
    if wrong:
        raise BadCalendar(f"weekdays are {wrong}, expected 0 (Monday) to 6")


def _check_dates(first: date, last: date | None) -> None:
    if last is not None and last < first:
        raise BadCalendar(
            f"a row ends on {last}, before it starts on {first}",
            f"ngày cuối {last:%d/%m/%Y} trước ngày đầu {first:%d/%m/%Y}",
        )


def _check_days(first: date, last: date) -> None:
    _check_dates(first, last)
    if (last - first).days >= _MOST_DAYS:
        raise BadCalendar(
            f"a row names the days from {first} to {last}, expected at most {_MOST_DAYS}",
            f"từ {first:%d/%m/%Y} đến {last:%d/%m/%Y} là quá dài, nhiều nhất {_MOST_DAYS} ngày",
        )
