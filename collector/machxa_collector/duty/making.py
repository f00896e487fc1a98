"""Make the board from what was read: how each unit serves, what each incident does. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from machxa_collector.duty.board import Board, Grades, Line, Row, UnitNow
from machxa_collector.duty.reckoning import Reckoned
from machxa_collector.effects.facts import seen_of
from machxa_collector.effects.outages import Known, outage_of
from machxa_collector.effects.readiness import Serving, judge
from machxa_collector.impact import Group, Model, Outage, Unit, joint_state, stage_factor
from machxa_collector.impact.explained import Measure, Missing, unknown
from machxa_collector.impact.flow import FlowProfile
from machxa_collector.impact.readiness import Readiness
from machxa_collector.impact.words import Stage
from machxa_collector.incidents.acts import Handling
from machxa_collector.incidents.incident import Incident
from machxa_collector.incidents.words import Cause, Hush
from machxa_collector.incidents.worktime import WorkTime
from machxa_collector.registry.calendar import LOCAL, Calendars, OutsideCalendar, UnknownUnit
from machxa_collector.registry.units import Kind, Units
from machxa_collector.registry.units import Unit as Place
from machxa_collector.store.reports import Report
from machxa_collector.store.unit_presence import NOBODY, Heard

_PASSING = frozenset({Serving.WELL, Serving.WEAK, Serving.PARTLY})
_LINES = frozenset({Cause.LINE, Cause.PROVIDER, Cause.PROVIDER_AREA})
_WEAK = frozenset({"degraded", "saturated", "intermittent", "slow", "weak", "partial", "tslcd_down"})
_WAITS = unknown(Missing.NOT_ALL_KNOWN, Measure.DOSSIERS, "F3")


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """Hold what a board is made of; incidents are open, with what people said of each.

    reached are the units in which dossiers wait for something; of those not in reckoned nothing was reckoned yet.
    whole is the readiness of a unit in which nothing is wrong, flow one that nothing is known of.
    """

    now_ms: int
    units: Units
    calendars: Calendars
    heard: Mapping[str, Heard]
    incidents: Sequence[tuple[Incident, Handling]]
    providers: Mapping[str, str]
    reached: frozenset[str]
    reckoned: Mapping[str, Reckoned]
    reckoned_at: int | None
    has_dossiers: bool
    reports: tuple[Report, ...]
    names: Mapping[str, str]
    systems: Mapping[str, tuple[str, str]]
    grades: Grades
    model: Model
    flows: Mapping[str, FlowProfile]
    known: Known
    whole: Readiness
    flow: FlowProfile
    time: WorkTime


def as_said(incidents: Iterable[tuple[Incident, Handling]]) -> Iterator[tuple[Incident, Handling]]:
    """Yield those that still stand, each with the cause that a person set against the judgement's."""
    for one, said in incidents:
        if said.is_false or said.is_closed or said.merged_into is not None:
            continue
        yield (one if said.overruled is None else replace(one, cause=said.overruled)), said


def made(read: Read) -> Board:
    """Return the board of the whole centre."""
    touching: dict[str, list[Incident]] = {}
    for one, _ in read.incidents:
        for code in one.units:
            touching.setdefault(code, []).append(one)
    now = datetime.fromtimestamp(read.now_ms / 1000, LOCAL)
    places = [unit for code in read.units.codes if (unit := read.units.unit(code, now.date())) and _works(unit)]
    units = {one.code: _unit(one, touching.get(one.code, ()), read) for one in places}
    rows = tuple(_row(one, said, read, now) for one, said in read.incidents)
    return Board(
        at=read.now_ms,
        version=_version(units, rows, read),
        units=units,
        rows=rows,
        reports=read.reports,
        systems=read.systems,
        grades=read.grades,
        reckoned_at=read.reckoned_at,
        has_dossiers=read.has_dossiers,
    )


def _works(unit: Place) -> bool:
    return unit.kind is not Kind.PROVINCE


def _unit(unit: Place, touching: Sequence[Incident], read: Read) -> UnitNow:
    heard, reckoned = read.heard.get(unit.code, NOBODY), read.reckoned.get(unit.code)
    is_reached = unit.code in read.reached
    told = read.whole if reckoned is None else reckoned.ready
    standing = Unit(code=unit.code, flow=read.flow)
    judged = judge(standing, told, heard, touching, in_session=read.time.working(unit.code, read.now_ms))
    waits = is_reached and reckoned is None
    serving = Serving.UNCLEAR if waits and judged.serving in _PASSING else judged.serving
    return UnitNow(
        unit=unit,
        serving=serving,
        heard=heard,
        line=_line(heard, touching),
        ready=None if waits else judged.ready,
        held=(_WAITS if waits else None) if reckoned is None else reckoned.held,
        at_risk=(_WAITS if is_reached else None) if reckoned is None or not reckoned.risk_at else reckoned.at_risk,
        incidents=len(touching),
        worst=min((one.severity.value for one in touching), default=None),
    )


def _line(heard: Heard, touching: Sequence[Incident]) -> Line:
    lines = [one for one in touching if one.cause in _LINES or one.cause is Cause.POWER_OR_LINE]
    if any(one.state not in _WEAK for one in lines):
        return Line.DOWN
    if lines:
        return Line.WEAK
    return Line.OK if heard.on else Line.UNKNOWN


def _row(one: Incident, said: Handling, read: Read, now: datetime) -> Row:
    its = [(code, found) for code in one.units if (found := read.reckoned.get(code)) is not None]
    return Row(
        incident=one,
        handling=said,
        held={code: found.shares[one.id] for code, found in its if one.id in found.shares},
        hours={code: found.dossier_hours for code, found in its if found.dossier_hours is not None},
        stages=_stages(one, read),
        worked_hours=_worked(one, read.calendars, now),
        providers=frozenset(read.providers[code] for code in one.units if code in read.providers),
        name=read.names.get(one.subject),
    )


def _stages(one: Incident, read: Read) -> Mapping[Stage, bool]:
    """Return the stages that an incident alone stops (True) or slows in its first unit that has a flow."""
    code = next((code for code in one.units if code in read.flows), None)
    outage = outage_of(seen_of(one), read.known)
    if code is None or outage is None:
        return {}
    found: dict[Stage, bool] = {}
    unit = Unit(code=code, flow=read.flows[code])
    for group in Group:
        state = joint_state(unit, [outage], read.model, group)
        if not state:
            continue
        for stream, path in read.model.paths.items():
            if stream[0] is not group:
                continue
            for stage in path:
                figure = stage_factor(read.model.needs[*stream, stage], state).figure
                if figure != 1:
                    found[stage] = found.get(stage, False) or figure == 0
    return {stage: found[stage] for stage in Stage if stage in found}


def _worked(one: Incident, calendars: Calendars, now: datetime) -> float | None:
    if not one.units:
        return None
    try:
        return calendars.w_act(one.units[0], datetime.fromtimestamp(one.started_at / 1000, LOCAL), now) / timedelta(
            hours=1
        )
    except (UnknownUnit, OutsideCalendar):
        return None


def outages_of(incidents: Iterable[tuple[Incident, Handling]], known: Known) -> list[Outage]:
    """Return what takes something from dossiers."""
    found = (outage_of(seen_of(one), known) for one, _ in incidents if one.suppressed_by is not Hush.MAINTENANCE)
    return [one for one in found if one is not None]


def _version(units: Mapping[str, UnitNow], rows: Sequence[Row], read: Read) -> str:
    """Return what changes with anything shown; the minute of the last word of all is, of one unit is not."""
    shown = [
        (one.unit.code, one.serving, one.line, one.heard.on > 0, one.incidents, one.worst, *_whole(one))
        for one in units.values()
    ]
    told = [(row.incident, row.handling, row.name, round(row.worked_hours or 0.0, 1)) for row in rows]
    besides = (read.has_dossiers, [one.id for one in read.reports], read.grades)
    text = repr((shown, told, besides))
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=12).hexdigest()


def _whole(one: UnitNow) -> tuple[int | None, ...]:
    """Return a unit's figures as they are shown: whole."""
    ready = None if one.ready is None else round(100 * one.ready.most)
    parts = (one.held, one.at_risk)
    return ready, *(None if part is None else round(part.figure or part.at_least or 0.0) for part in parts)
