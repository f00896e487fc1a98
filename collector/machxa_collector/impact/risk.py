"""F6: list the dossiers that an outage puts at risk of being overdue, least slack first. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from machxa_collector.impact.explained import Explained, Measure, Missing, bounded, known, unknown
from machxa_collector.registry.calendar import Calendars, Clock

_REPAIR_SHARE = 0.8  # the percentile of past repairs that is reckoned with


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDossier:
    """Give what is needed of a dossier that is not finished: its number or salted hash, unit, due time, work left.

    remaining_hours is the usual working time of the stages before it; None: not known.
    """

    number: str
    unit: str
    due: datetime
    remaining_hours: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AtRisk:
    """Give a dossier with its slack in official hours, below 0 when at risk; unknown: nobody can say."""

    dossier: OpenDossier
    slack: Explained


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskList:
    """Give dossiers at risk, least slack first, those nobody can judge, and the age of the rows in official hours.

    hidden says why nothing is listed.
    """

    at_risk: tuple[AtRisk, ...]
    not_known: tuple[AtRisk, ...]
    age: Explained
    hidden: Missing | None


def remaining_repair(past: Sequence[timedelta], open_for: timedelta) -> Explained:
    """Return the working hours of repair still to come, with how many past incidents of the class and layer tell it.

    It is their 80th percentile less what has passed; 0 when it has taken longer than that already.
    """
    if not past:
        return unknown(Missing.NO_HISTORY, Measure.HOURS, "F6", incidents=0)
    usual = sorted(past)[ceil(_REPAIR_SHARE * len(past)) - 1] / timedelta(hours=1)
    passed = open_for / timedelta(hours=1)
    return known(
        max(0.0, usual - passed), Measure.HOURS, "F6", incidents=len(past), percentile_hours=usual, open_hours=passed
    )


def queue_wait(backlog: Explained, capacity: Explained) -> Explained:
    """Return the hours until what stands before a stage has passed it."""
    if backlog.figure is None or capacity.figure is None:
        return unknown(Missing.NOT_ALL_KNOWN, Measure.HOURS, "F6", backlog=backlog, capacity=capacity)
    if backlog.figure and not capacity.figure:
        return unknown(Missing.NEVER_ENDS, Measure.HOURS, "F6", backlog=backlog, capacity=capacity)
    hours = backlog.figure / capacity.figure if backlog.figure else 0.0
    return known(hours, Measure.HOURS, "F6", backlog=backlog, capacity=capacity)


def at_risk(
    dossiers: Iterable[OpenDossier],
    repair: Explained,
    wait: Explained,
    calendars: Calendars,
    now: datetime,
    rows_as_of: datetime,
    day_hours: float,
) -> RiskList:
    """Return the dossiers, all of one unit, that will not be done by their due time; hidden when rows are too old."""
    found = tuple(dossiers)
    if not found:
        none = unknown(Missing.NO_ROWS, Measure.HOURS, "F6")
        return RiskList(at_risk=(), not_known=(), age=none, hidden=Missing.NO_ROWS)
    old = calendars.w_off(found[0].unit, rows_as_of, now) / timedelta(hours=1)
    age = known(old, Measure.HOURS, "F6", rows_as_of=rows_as_of.isoformat(), now=now.isoformat())
    if old > day_hours:
        return RiskList(at_risk=(), not_known=(), age=age, hidden=Missing.OLD_ROWS)
    judged = [AtRisk(dossier=one, slack=_slack(one, repair, wait, calendars, now)) for one in found]
    late = [one for one in judged if one.slack.figure is not None and one.slack.figure < 0]
    late.sort(key=lambda one: (one.slack.figure or 0.0, one.dossier.number))
    unsure = tuple(one for one in judged if one.slack.figure is None)
    return RiskList(at_risk=tuple(late), not_known=unsure, age=age, hidden=None)


def newly_overdue(
    dossiers: Iterable[OpenDossier], repair: Explained, wait: Explained, calendars: Calendars, now: datetime
) -> Explained:
    """Return how many dossiers will be overdue that would be done in time without repair and queue (F5)."""
    found = tuple(dossiers)
    if not found:
        return unknown(Missing.NO_ROWS, Measure.DOSSIERS, "F5")
    nothing = known(0.0, Measure.HOURS, "F6")
    with_it = [_slack(one, repair, wait, calendars, now).figure for one in found]
    without = [_slack(one, nothing, nothing, calendars, now).figure for one in found]
    late = sum(
        slack is not None and usual is not None and slack < 0 <= usual
        for slack, usual in zip(with_it, without, strict=True)
    )
    inputs: dict[str, Explained | float | str | None] = {"repair": repair, "queue_wait": wait, "dossiers": len(found)}
    if None in with_it:
        return bounded(unknown(Missing.NOT_ALL_KNOWN, Measure.DOSSIERS, "F5", **inputs), late)
    return known(late, Measure.DOSSIERS, "F5", **inputs)


def _slack(one: OpenDossier, repair: Explained, wait: Explained, calendars: Calendars, now: datetime) -> Explained:
    inputs: dict[str, Explained | float | str | None] = {
        "repair": repair,
        "queue_wait": wait,
        "remaining_hours": one.remaining_hours,
        "due": one.due.isoformat(),
        "now": now.isoformat(),
    }
    if repair.figure is None or wait.figure is None or one.remaining_hours is None:
        return unknown(Missing.NOT_ALL_KNOWN, Measure.HOURS, "F6", **inputs)
    work = timedelta(hours=repair.figure + wait.figure + one.remaining_hours)
    done = calendars.advance(one.unit, now, work, Clock.ACTUAL)
    left = _official(calendars, one.unit, now, one.due) - calendars.w_off(one.unit, now, done)
    return known(left / timedelta(hours=1), Measure.HOURS, "F6", done_by=done.isoformat(), **inputs)


def _official(calendars: Calendars, unit: str, start: datetime, end: datetime) -> timedelta:
    """Return official time from start to end, below zero when end came first."""
    return calendars.w_off(unit, start, end) - calendars.w_off(unit, end, start)
