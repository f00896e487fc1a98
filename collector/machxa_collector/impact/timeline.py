"""Cut a unit's working time into pieces within which weekday, part of the day and incidents do not change. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from itertools import pairwise

from machxa_collector.impact.words import Span
from machxa_collector.registry.calendar import LOCAL, Calendars, DayPlan, Hours, MakeUpDay, Session

_NOON = 12 * 3600


class Part(Enum):
    """Name a part of a working day."""

    MORNING = "morning"  # an official session that begins before noon
    AFTERNOON = "afternoon"
    EXTRA = "extra"  # declared beyond the official sessions


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Give a stretch of working time; weekday (0 is Monday) is the one whose sessions the day keeps."""

    start: datetime
    end: datetime
    weekday: int
    part: Part

    @property
    def hours(self) -> float:
        """Return its length."""
        return (self.end - self.start) / timedelta(hours=1)

    @property
    def middle(self) -> datetime:
        """Return a moment inside."""
        return self.start + (self.end - self.start) / 2


def pieces(calendars: Calendars, unit: str, span: Span, cuts: Iterable[datetime] = ()) -> Iterator[Piece]:
    """Give the pieces of a span in order, on the actual clock, also cut at the given moments."""
    edges = sorted({span.start, span.end, *(cut for cut in cuts if span.start < cut < span.end)})
    for day in days(span):
        for piece in _of_day(calendars.plan(unit, day)):
            inside = [edge for edge in edges if piece.start < edge < piece.end]
            bounds = [piece.start, *inside, piece.end]
            for start, end in pairwise(bounds):
                if span.start <= start and end <= span.end:
                    yield Piece(start=start, end=end, weekday=piece.weekday, part=piece.part)


def days(span: Span) -> Iterator[date]:
    """Give the local days a span touches."""
    first, last = span.start.astimezone(LOCAL).date(), span.end.astimezone(LOCAL).date()
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def midnight(day: date) -> datetime:
    """Return the moment a local day begins."""
    return datetime.combine(day, time(), LOCAL)


def kept_weekday(plan: DayPlan) -> int:
    """Return the weekday whose sessions a day keeps."""
    made_up = [row.weekday for row in plan.rows if isinstance(row, MakeUpDay)]
    return made_up[0] if made_up else plan.day.weekday()


def _of_day(plan: DayPlan) -> list[Piece]:
    weekday, start = kept_weekday(plan), midnight(plan.day)
    official = [(one, Part.MORNING if one.start < _NOON else Part.AFTERNOON) for one in plan.official]
    extra = [(one, Part.EXTRA) for one in _outside(plan.actual, plan.official)]
    return [
        Piece(
            start=start + timedelta(seconds=one.start),
            end=start + timedelta(seconds=one.end),
            weekday=weekday,
            part=part,
        )
        for one, part in sorted(official + extra, key=lambda pair: pair[0])
    ]


def _outside(hours: Hours, holes: Hours) -> Iterator[Session]:
    for session in hours:
        start = session.start
        for hole in holes:
            if start < hole.start < session.end:
                yield Session(start, hole.start)
            if hole.start < session.end and start < hole.end:
                start = hole.end
        if start < session.end:
            yield Session(start, session.end)
