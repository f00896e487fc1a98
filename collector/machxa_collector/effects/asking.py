"""Ask the impact model of one unit and day, or of one incident in all its units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from machxa_collector.effects.facts import Facts, outages_of
from machxa_collector.impact import (
    Explained,
    Group,
    Model,
    Outage,
    Paper,
    Stage,
    Unit,
    UnitHeld,
    held_up,
    joint_state,
    overtime,
    stage_factor,
)
from machxa_collector.impact.explained import Measure, Missing, known, unknown
from machxa_collector.impact.factor import State
from machxa_collector.impact.model import Stream
from machxa_collector.impact.outages import span_of
from machxa_collector.impact.seasons import is_reopening
from machxa_collector.impact.timeline import kept_weekday, midnight
from machxa_collector.incidents.incident import Incident
from machxa_collector.registry.calendar import LOCAL, Calendars, Clock

MOST_UNITS = 200  # of one incident, reckoned for one answer
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageTime:
    """Give an outage with its length in hours: by the clock, in official and in actual working time of the unit."""

    outage: Outage
    clock_hours: float
    official_hours: float
    actual_hours: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StageNow:
    """Say of a stage of a stream what of its capacity is left, what comes an hour, and what passes."""

    stream: Stream
    stage: Stage
    factor: Explained
    arrivals: Explained
    capacity: Explained
    throughput: Explained


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitImpact:
    """Hold all that is said of a unit at a moment.

    at: until when outages are counted. state_at: the moment that left and stages describe, None when nothing is wrong.
    caught_up: when the work is done (None: not known or never), official_hours: that in official working time.
    """

    unit: str
    at: datetime
    held: UnitHeld
    daily: Explained
    outages: tuple[OutageTime, ...]
    papers: tuple[Paper, ...]
    state_at: datetime | None
    left: Mapping[Group, State]
    stages: tuple[StageNow, ...]
    caught_up: datetime | None
    official_hours: float | None
    overtime: Explained


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentImpact:
    """Hold what one incident does in its units, the dearest first, and which of them were not reckoned.

    held: the joint figure over the units; share: what of it is this incident's.
    """

    incident: Incident
    held: Explained
    share: Explained
    dossier_hours: Explained
    units: tuple[UnitImpact, ...]
    left_out: tuple[str, ...]


def unit_impact(facts: Facts, code: str, day: date) -> UnitImpact | None:
    """Return what a day's outages do in a unit, up to now; None for a unit the registry does not know."""
    units, devices = facts.units([code])
    if code not in units:
        return None
    start, now = midnight(day), facts.now()
    end = min(now, start + _DAY)
    found = facts.incidents([code], start, start + _DAY)
    papers = facts.papers([code], start, start + _DAY)
    return _impact(facts, units[code], outages_of(found, devices), papers, end)


def incident_unit_impact(facts: Facts, incident: Incident, code: str) -> UnitImpact | None:
    """Return what an incident and all else that is wrong meanwhile do in one unit; None for one nobody knows."""
    found = incident_impact(facts, incident, [code]).units
    return found[0] if found else None


def incident_impact(facts: Facts, incident: Incident, units: Sequence[str]) -> IncidentImpact:
    """Return what an incident does in some of its units, beside all else that is wrong there meanwhile."""
    asked = list(units)[:MOST_UNITS]
    start = midnight(_moment(incident.started_at).astimezone(LOCAL).date())
    now = facts.now()
    end = now if incident.ended_at is None else min(now, _moment(incident.ended_at))
    end = max(end, _moment(incident.started_at))
    there, devices = facts.units(asked)
    around = facts.incidents(asked, _moment(incident.started_at), end + timedelta(milliseconds=1))
    outages = outages_of(around, devices)
    papers = facts.papers(asked, start, end + timedelta(milliseconds=1))
    found = [
        _impact(
            facts,
            there[code],
            [one for one in outages if code in one.units],
            [one for one in papers if one.unit == code],
            end,
        )
        for code in asked
        if code in there
    ]
    found.sort(key=lambda one: (-(one.held.held.figure or one.held.held.at_least or 0.0), one.unit))
    nothing = known(0.0, Measure.DOSSIERS, "F3", reason="takes nothing from dossiers")
    shares = {one.unit: one.held.shares.get(incident.id, nothing) for one in found}
    return IncidentImpact(
        incident=incident,
        held=total("F3", Measure.DOSSIERS, {one.unit: one.held.held for one in found}),
        share=total("F3", Measure.DOSSIERS, shares),
        dossier_hours=total("F4", Measure.DOSSIER_HOURS, {one.unit: one.held.dossier_hours for one in found}),
        units=tuple(found),
        left_out=tuple(units[MOST_UNITS:]) + tuple(code for code in asked if code not in there),
    )


def total(formula: str, measure: Measure, parts: Mapping[str, Explained]) -> Explained:
    """Return a sum over units; where a part is not known it is at least what the others and its least come to."""
    least = sum(one.figure if one.figure is not None else one.at_least or 0.0 for one in parts.values())
    if any(one.figure is None for one in parts.values()):
        from_parts = unknown(Missing.NOT_ALL_KNOWN, measure, formula, **dict(parts))
        return Explained(
            figure=None,
            measure=measure,
            formula=formula,
            inputs=from_parts.inputs,
            missing=from_parts.missing,
            at_least=least,
        )
    return known(least, measure, formula, **dict(parts))


def daily_flow(unit: Unit, calendars: Calendars, day: date) -> Explained:
    """Return the dossiers that come to a unit on a day (F5)."""
    plan = calendars.plan(unit.code, day)
    return unit.flow.daily(kept_weekday(plan), day, reopening=is_reopening(calendars, unit.code, day))


def _impact(facts: Facts, unit: Unit, outages: Sequence[Outage], papers: Sequence[Paper], now: datetime) -> UnitImpact:
    model, calendars = facts.model(), facts.calendars
    held = held_up(unit, outages, papers, calendars, model, now)
    open_ones = [one for one in outages if one.start < now]
    spans = {one.id: span_of(one.start, one.end, now) for one in open_ones}
    last = max((span.end for span in spans.values()), default=None)
    at = None if last is None else last - timedelta(milliseconds=1)
    acting = [one for one in open_ones if at is not None and spans[one.id].start <= at < spans[one.id].end]
    caught_up, official = None, None
    if last is not None and held.catch_up.figure is not None:
        caught_up = calendars.advance(unit.code, last, timedelta(hours=held.catch_up.figure), Clock.ACTUAL)
        official = calendars.w_off(unit.code, last, caught_up) / timedelta(hours=1)
    after = last or now
    tonight = midnight(after.astimezone(LOCAL).date()) + _DAY
    day = now.astimezone(LOCAL).date()
    return UnitImpact(
        unit=unit.code,
        at=now,
        held=held,
        daily=daily_flow(unit, calendars, day),
        outages=tuple(_time(one, unit.code, calendars, now) for one in open_ones),
        papers=tuple(papers),
        state_at=at,
        left={group: joint_state(unit, acting, model, group) for group in Group} if acting else {},
        stages=tuple(_stages(unit, acting, model, calendars, at)) if at is not None else (),
        caught_up=caught_up,
        official_hours=official,
        overtime=overtime(held.catch_up, calendars.w_act(unit.code, after, tonight)),
    )


def _time(one: Outage, unit: str, calendars: Calendars, now: datetime) -> OutageTime:
    span = span_of(one.start, one.end, now)
    hour = timedelta(hours=1)
    return OutageTime(
        outage=one,
        clock_hours=(span.end - span.start) / hour,
        official_hours=calendars.w_off(unit, span.start, span.end) / hour,
        actual_hours=calendars.w_act(unit, span.start, span.end) / hour,
    )


def _stages(unit: Unit, acting: Sequence[Outage], model: Model, calendars: Calendars, at: datetime) -> list[StageNow]:
    day = at.astimezone(LOCAL).date()
    weekday, after = kept_weekday(calendars.plan(unit.code, day)), is_reopening(calendars, unit.code, day)
    found = []
    for stream, path in model.paths.items():
        state = joint_state(unit, acting, model, stream[0])
        arrivals = unit.flow.arrivals(stream, weekday, day, reopening=after)
        capacity = unit.flow.capacity(stream)
        for stage in path:
            factor = stage_factor(model.needs[*stream, stage], state)
            found.append(
                StageNow(
                    stream=stream,
                    stage=stage,
                    factor=factor,
                    arrivals=arrivals,
                    capacity=capacity,
                    throughput=_throughput(factor, capacity),
                )
            )
    return found


def _throughput(factor: Explained, capacity: Explained) -> Explained:
    if factor.figure is None or capacity.figure is None:
        return unknown(Missing.NOT_ALL_KNOWN, Measure.PER_HOUR, "F2", factor=factor, capacity=capacity)
    return known(factor.figure * capacity.figure, Measure.PER_HOUR, "F2", factor=factor, capacity=capacity)


def _moment(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, LOCAL)
