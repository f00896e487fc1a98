"""Lay the day of a commune out for its drawing: sessions shaded, incidents as bars by layer. Pure.

Places are per cent of the width, so that text beside them keeps its size on a narrow screen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from machxa_web.commune.shapes import Day, Incident
from machxa_web.languages import VIET_NAM, msg

SLOT = timedelta(minutes=5)  # the line of now moves by these: an unchanged page stays unchanged
_FIRST_HOUR, _LAST_HOUR = 6, 18
_HOUR = 3600
_HOURS_APART = 2
_LEAST = 0.6  # per cent: a short incident is seen all the same
ROWS: Mapping[str, str] = {
    "power": msg("Power"),
    "line": msg("Line"),
    "lan": msg("Network inside the office"),
    "device": msg("Devices"),
    "system": msg("Systems"),
    "other": msg("Other"),
}
_ROW_OF: Mapping[str, str] = {
    "power": "power",
    "power_or_line": "power",
    "line": "line",
    "provider": "line",
    "provider_area": "line",
    "lan": "lan",
    "device": "device",
    "provincial_system": "system",
    "national_system": "system",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Place one incident."""

    left: float
    width: float
    incident: Incident


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Hold the drawing: hours as marks, sessions with whether they are declared ones, rows of bars, and now."""

    ticks: tuple[tuple[float, str], ...]
    sessions: tuple[tuple[float, float, bool], ...]
    rows: tuple[tuple[str, tuple[Bar, ...]], ...]
    now: float | None


def slot_of(now: datetime) -> datetime:
    """Return the beginning of the five minutes that a moment lies in."""
    return datetime.fromtimestamp(now.timestamp() // SLOT.total_seconds() * SLOT.total_seconds(), VIET_NAM)


def picture(day: Day, now: datetime) -> Picture:
    """Return a day's drawing up to now; hours beside the working day are shown where something happened in them."""
    start = datetime(day.day.year, day.day.month, day.day.day, tzinfo=VIET_NAM)
    until = (slot_of(now) - start).total_seconds()
    spans = [(one, *_span(one, start, until)) for one in day.incidents]
    edges = [edge for _, first, last in spans for edge in (first, last)]
    edges += [edge for session in (*day.official, *day.extra) for edge in session]
    first = min([_FIRST_HOUR, *(int(edge // _HOUR) for edge in edges)])
    last = max([_LAST_HOUR, *(-int(-edge // _HOUR) for edge in edges)])
    width = (last - first) * _HOUR

    def place(second: float) -> float:
        return round(min(100.0, max(0.0, (second - first * _HOUR) / width * 100)), 2)

    return Picture(
        ticks=tuple((place(hour * _HOUR), f"{hour:02}") for hour in range(first, last + 1, _HOURS_APART)),
        sessions=tuple(
            (place(begin), round(place(end) - place(begin), 2), is_extra)
            for sessions, is_extra in ((day.official, False), (day.extra, True))
            for begin, end in sessions
        ),
        rows=_rows([(one, place(begin), place(end)) for one, begin, end in spans]),
        now=place(until) if first * _HOUR <= until <= last * _HOUR else None,
    )


def _span(one: Incident, start: datetime, until: float) -> tuple[float, float]:
    """Return when an incident begins and ends within the day, in seconds from midnight."""
    begin = max(0.0, (one.started_at - start).total_seconds())
    end = until if one.ended_at is None else (one.ended_at - start).total_seconds()
    return min(begin, 86_400.0), max(begin, min(end, 86_400.0))


def _rows(placed: Sequence[tuple[Incident, float, float]]) -> tuple[tuple[str, tuple[Bar, ...]], ...]:
    found: dict[str, list[Bar]] = {}
    for one, left, right in placed:
        bar = Bar(left=min(left, 100 - _LEAST), width=max(_LEAST, round(right - left, 2)), incident=one)
        found.setdefault(_ROW_OF.get(one.cause, "other"), []).append(bar)
    return tuple((row, tuple(found[row])) for row in ROWS if row in found)
