"""Read a scenario's office hours, declared sessions and days off, in the ways people write them."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, timedelta

from machxa_fleet.drill.fields import Bad, Fields
from machxa_fleet.drill.scenario import OFFICE, CalendarSpec, Extra

_MOST = 400
_HOURS = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)-([01]?\d|2[0-4]):([0-5]\d)")
_DATED = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](.+))?")


def read(fields: Fields, units: Collection[str]) -> CalendarSpec:
    """Return the calendar; raises Bad.

    extra holds "2026-03-14" (the office hours), "2026-03-14 07:30-11:30", or objects with date, hours and unit or
    units; holidays holds days, "first/last", or objects with date.
    """
    office = tuple(_hours(text, "calendar.office") for text in fields.texts("office", OFFICE, most=6))
    extra = tuple(_extra(one, office, units) for one in fields.array("extra", most=_MOST))
    off = tuple(day for one in fields.array("holidays", most=_MOST) for day in _days(one))
    fields.end()
    return CalendarSpec(office=office, extra=extra, holidays=tuple(sorted(set(off))))


def _extra(told: object, office: tuple[str, ...], units: Collection[str]) -> Extra:
    if isinstance(told, str):
        found = _DATED.fullmatch(told)
        if found is None:
            raise Bad(f"calendar.extra holds {told!r:.80}, expected '2026-03-14' or '2026-03-14 07:30-11:30'")
        hours = tuple(_hours(part.strip(), "calendar.extra") for part in (found.group(2) or "").split(",") if part)
        return Extra(day=_day(found.group(1)), hours=hours or office)
    fields = Fields(told, "calendar.extra[]")
    day = _day(fields.text("date" if fields.has("date") else "day"))
    key = "sessions" if fields.has("sessions") else "hours"
    hours = tuple(_hours(text, "calendar.extra[]") for text in fields.texts(key, office, most=6))
    named = tuple(fields.texts("units", (), most=4000)) or tuple(filter(None, [fields.optional_text("unit")]))
    fields.optional_text("decision")
    fields.end()
    if not set(named) <= set(units):
        raise Bad(f"calendar.extra[].units names {min(set(named) - set(units))!r}, which is no unit of the scenario")
    return Extra(day=day, hours=hours, units=named)


def _days(told: object) -> list[date]:
    if isinstance(told, dict):
        fields = Fields(told, "calendar.holidays[]")
        told = fields.text("date" if fields.has("date") else "day")
    if not isinstance(told, str):
        raise Bad(f"calendar.holidays holds {told!r:.80}, expected a day such as '2026-03-12'")
    first, _, last = told.partition("/")
    begin, end = _day(first), _day(last or first)
    if not timedelta() <= end - begin <= timedelta(days=_MOST):
        raise Bad(f"calendar.holidays holds {told!r:.80}, expected the first day before the last")
    return [begin + timedelta(days=n) for n in range((end - begin).days + 1)]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as exc:
        raise Bad(f"calendar: {text!r:.80} is no day, expected one such as '2026-03-14'") from exc


def _hours(text: str, place: str) -> str:
    found = _HOURS.fullmatch(text)
    if found is None:
        raise Bad(f"{place} holds {text!r:.80}, expected hours such as '07:30-11:30'")
    start, end = (int(found.group(n)) * 60 + int(found.group(n + 1)) for n in (1, 3))
    if not start < end <= 1440:  # noqa: PLR2004 - minutes of a day
        raise Bad(f"{place} holds {text!r:.80}, expected an end after the start, by 24:00")
    return text
