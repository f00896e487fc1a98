"""Turn calendars into what the API and the pages read: the plan of each day, working time, and what is not sure."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from machxa_collector.api.record_texts import NotThere, View
from machxa_collector.registry.calendar import LOCAL, Clock, DayPlan, Doubt, Hours, UnknownUnit
from machxa_collector.store.registry import LiveRegistry

MOST_DAYS = 400  # in one answer: a year and what lies around it


def calendar_days(live: LiveRegistry, unit: str, first: date, last: date) -> View:
    """Return what each day from first to last is, both included; raises NotThere for a unit we do not have."""
    calendars = live.current().calendars
    try:
        plans = [calendars.plan(unit, first + timedelta(days=n)) for n in range((last - first).days + 1)]
        doubts = calendars.doubts(unit, first, last)
    except UnknownUnit as exc:
        raise NotThere("no such unit") from exc
    return {"unit": unit, "days": [_day_view(plan) for plan in plans], "doubts": list(map(doubt_view, doubts))}


def working_time(live: LiveRegistry, unit: str, start: datetime, end: datetime, clock: Clock) -> View:
    """Return how much working time lies between two moments; raises NotThere, and OutsideCalendar."""
    calendars = live.current().calendars
    measure = calendars.w_off if clock is Clock.OFFICIAL else calendars.w_act
    try:
        worked = measure(unit, start, end)
        days = (start.astimezone(LOCAL).date(), end.astimezone(LOCAL).date())
        doubts = calendars.doubts(unit, *days)
    except UnknownUnit as exc:
        raise NotThere("no such unit") from exc
    return {
        "unit": unit,
        "from": start.astimezone(LOCAL).isoformat(),
        "to": end.astimezone(LOCAL).isoformat(),
        "clock": clock.value,
        "seconds": worked.total_seconds(),
        "doubts": list(map(doubt_view, doubts)),
    }


def doubt_view(doubt: Doubt) -> View:
    """Return what is not sure; reference None: nobody has said anything yet."""
    return {
        "from": doubt.valid_from.isoformat(),
        "to": doubt.valid_to.isoformat(),
        "text": doubt.text,
        "confidence": doubt.confidence.value,
        "reference": doubt.reference,
    }


def _day_view(plan: DayPlan) -> View:
    return {
        "day": plan.day.isoformat(),
        "kind": plan.kind.value,
        "official": _hours(plan.official),
        "actual": _hours(plan.actual),
        "rows": [
            {
                "name": getattr(row, "name", None),
                "source": row.source.reference,
                "confidence": row.source.confidence.value,
            }
            for row in plan.rows
        ],
    }


def _hours(hours: Hours) -> list[str]:
    return [f"{_clock(one.start)}-{_clock(one.end)}" for one in hours]


def _clock(second: int) -> str:
    return f"{second // 3600:02}:{second % 3600 // 60:02}"
