"""Join, cut and read the sessions of one day. Pure."""

from __future__ import annotations

import re

from machxa_collector.registry.calendar.rows import BadCalendar, Hours, Session

_SESSION = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)-([01]?\d|2[0-4]):([0-5]\d)")


def read_hours(texts: list[str]) -> Hours:
    """Return the sessions written as "07:30-11:30"; midnight at the end of the day is 24:00."""
    return tuple(_read(text) for text in texts)


def _read(text: str) -> Session:
    found = _SESSION.fullmatch(text)
    if found is None:
        raise BadCalendar(f"a session is written {text!r}, expected as in '07:30-11:30'")
    start_hour, start_minute, end_hour, end_minute = map(int, found.groups())
    return Session(start_hour * 3600 + start_minute * 60, end_hour * 3600 + end_minute * 60)


def union(hours: Hours, more: Hours) -> Hours:
    """Return when either has a session, each moment once."""
    joined: list[Session] = []
    for session in sorted(hours + more):
        if joined and session.start <= joined[-1].end:
            joined[-1] = Session(joined[-1].start, max(joined[-1].end, session.end))
        else:
            joined.append(session)
    return tuple(joined)


def subtract(hours: Hours, holes: Hours) -> Hours:
    """Return what is left of hours outside the holes."""
    left = hours
    for hole in holes:
        left = tuple(
            part
            for session in left
            for part in (
                Session(session.start, min(session.end, hole.start)),
                Session(max(session.start, hole.end), session.end),
            )
            if part.start < part.end
        )
    return left
