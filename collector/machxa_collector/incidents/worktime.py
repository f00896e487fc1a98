"""Answer whether a unit works at a moment and how near its sessions' edges are; remembers days. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from machxa_collector.registry.calendar import LOCAL, Calendars, OutsideCalendar, UnknownUnit

DAY_MS = 86_400_000
_LOCAL_MS = 7 * 3_600_000
_EPOCH = date(1970, 1, 1)
_MOST_DAYS = 3  # remembered of each unit
Spans = tuple[tuple[int, int], ...]


class WorkTime:
    """Know when units work. Times are milliseconds since 1970 UTC; a unit without a calendar never works."""

    def __init__(self, calendars: Calendars) -> None:
        """Take the registry's calendars."""
        self._calendars = calendars
        self._days: dict[str, dict[int, Spans]] = {}

    def knows(self, unit: str) -> bool:
        """Tell whether a unit has a calendar."""
        try:
            self._calendars.plan(unit, _EPOCH + timedelta(days=20_000))
        except UnknownUnit:
            return False
        return True

    def working(self, unit: str, at: int) -> bool:
        """Tell whether a session runs."""
        return any(start <= at < end for start, end in self._of_day(unit, at))

    def session_start(self, unit: str, at: int) -> int | None:
        """Return when the session that runs began, None when none does."""
        return next((start for start, end in self._of_day(unit, at) if start <= at < end), None)

    def near_edge(self, unit: str, at: int, within: int) -> bool:
        """Tell whether a session begins or ends within so many milliseconds before or after."""
        return any(abs(at - edge) <= within for span in self._of_day(unit, at) for edge in span)

    def since_end(self, unit: str, at: int) -> int | None:
        """Return for how long no session runs since the last of the day ended; None in one, or before the first."""
        ends = [end for start, end in self._of_day(unit, at) if end <= at]
        return at - max(ends) if ends and not self.working(unit, at) else None

    def worked(self, unit: str, start: int, end: int) -> int:
        """Return the working time between two moments, declared sessions among it."""
        if end <= start:
            return 0
        if end - start < DAY_MS:
            days = {day: None for at in (start, end) for day in self._of_day(unit, at)}
            return sum(max(0, min(last, end) - max(first, start)) for first, last in days)
        try:
            return self._calendars.w_act(unit, _moment(start), _moment(end)) // timedelta(milliseconds=1)
        except (UnknownUnit, OutsideCalendar, OverflowError, ValueError):  # a stamp may lie before any calendar
            return 0

    def _of_day(self, unit: str, at: int) -> Spans:
        day = (at + _LOCAL_MS) // DAY_MS
        days = self._days.setdefault(unit, {})
        found = days.get(day)
        if found is None:
            found = days[day] = self._look_up(unit, day)
            while len(days) > _MOST_DAYS:
                del days[next(iter(days))]
        return found

    def _look_up(self, unit: str, day: int) -> Spans:
        zero = day * DAY_MS - _LOCAL_MS
        try:
            plan = self._calendars.plan(unit, _EPOCH + timedelta(days=day))
        except (UnknownUnit, OutsideCalendar, OverflowError):
            return ()
        return tuple((zero + session.start * 1000, zero + session.end * 1000) for session in plan.actual)


def _moment(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(LOCAL)
