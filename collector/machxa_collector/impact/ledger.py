"""Tell what of a paper ledger is overdue for typing in, and how long typing the rest in takes (F3, F4). Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from machxa_collector.impact.explained import Explained, Measure, Missing, known, unknown
from machxa_collector.impact.flow import FlowProfile
from machxa_collector.impact.model import Model
from machxa_collector.impact.words import Channel, Group
from machxa_collector.registry.calendar import Calendars


def is_red(unit: str, received: datetime, now: datetime, calendars: Calendars, day_hours: float) -> bool:
    """Return whether a dossier taken on paper has waited to be typed in for more than one working day."""
    return calendars.w_off(unit, received, now) > timedelta(hours=day_hours)


def reentry(left: Iterable[Group], flow: FlowProfile, model: Model, weekday: int, day: date) -> Explained:
    """Return the working hours until what is left is typed in beside what comes in person; 0 when nothing is.

    Work is rho of a dossier's effort each; what can be done beyond arrivals is learnt or assumed, group by group.
    """
    counts = Counter(left)
    parts = {group.value: _of_group(group, count, flow, model, (weekday, day)) for group, count in counts.items()}
    inputs: Mapping[str, Explained] = parts
    if any(one.figure is None for one in parts.values()):
        return unknown(Missing.NEVER_ENDS, Measure.HOURS, "F4", **inputs)
    return known(max((one.figure or 0.0 for one in parts.values()), default=0.0), Measure.HOURS, "F4", **inputs)


def _of_group(group: Group, count: int, flow: FlowProfile, model: Model, on: tuple[int, date]) -> Explained:
    stream = group, Channel.DIRECT
    capacity, arrivals = flow.capacity(stream), flow.arrivals(stream, *on, reopening=False)
    spare = (capacity.figure or 0.0) - (arrivals.figure or 0.0)
    effort = model.pace.reentry_effort
    inputs: dict[str, Explained | float | str | None] = {
        "left": count,
        "reentry_effort": effort,
        "capacity_per_hour": capacity,
        "arrivals_per_hour": arrivals,
    }
    if spare <= 0:
        return unknown(Missing.NEVER_ENDS, Measure.HOURS, "F4", **inputs)
    return known(count * effort / spare, Measure.HOURS, "F4", **inputs)
