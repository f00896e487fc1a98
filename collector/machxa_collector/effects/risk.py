"""List the dossiers that will not be done by their due time, with what is open in their unit reckoned in (F6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from statistics import median

from machxa_collector.effects.facts import Facts, outages_of
from machxa_collector.effects.outages import moment
from machxa_collector.impact import (
    Explained,
    Group,
    OpenDossier,
    Outage,
    RiskList,
    Unit,
    at_risk,
    held_up,
    newly_overdue,
    queue_wait,
    remaining_repair,
)
from machxa_collector.impact.dossiers import DossierRow
from machxa_collector.impact.explained import Measure, known
from machxa_collector.incidents.incident import Incident
from machxa_collector.registry.calendar import Calendars
from machxa_collector.store.dossiers import Span as Within
from machxa_collector.store.incident_spans import past_spans

MOST_ROWS = 5000  # open dossiers of one unit
_PAST = timedelta(days=365)
_USUAL = timedelta(days=56)  # what usual working times are learnt from
_FEWEST = 20  # ended dossiers of a group


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRisk:
    """Hold a unit's list with what it rests on; is_cut: only the first MOST_ROWS open dossiers were looked at."""

    unit: str
    risks: RiskList
    repair: Explained
    wait: Explained
    newly: Explained
    incidents: tuple[str, ...]
    is_cut: bool


def unit_risk(facts: Facts, code: str) -> UnitRisk | None:
    """Return the dossiers of a unit at risk now; None for a unit the registry does not know."""
    units, devices = facts.units([code])
    if code not in units:
        return None
    now = facts.now()
    found = [one for one in facts.incidents([code], now, now + timedelta(milliseconds=1)) if one.ended_at is None]
    outages = outages_of(found, devices)
    rows = list(islice(facts.dossiers.open_rows([code]), MOST_ROWS + 1))
    usual = usual_hours(facts, code) if rows else {}
    dossiers = [_open(row, usual, facts.calendars, now) for row in rows[:MOST_ROWS] if row.must_end is not None]
    repair, wait = _repair(facts, found, outages, code, now), _wait(facts, units[code], outages, now)
    as_of = max((row.as_of for row in rows if row.as_of is not None), default=None)
    model = facts.model()
    return UnitRisk(
        unit=code,
        risks=at_risk(dossiers, repair, wait, facts.calendars, now, as_of or now - _PAST, model.pace.day_hours),
        repair=repair,
        wait=wait,
        newly=newly_overdue(dossiers, repair, wait, facts.calendars, now),
        incidents=tuple(one.id for one in outages),
        is_cut=len(rows) > MOST_ROWS,
    )


def usual_hours(facts: Facts, code: str) -> Mapping[Group, float]:
    """Return the median official hours from receipt to end by group, of the last weeks; a group with few has none."""
    now, calendars = facts.now(), facts.calendars
    hours: dict[Group, list[float]] = {}
    rows = facts.dossiers.done_rows([code], Within(start=now - _USUAL, end=now))
    for row in islice(rows, MOST_ROWS):
        if row.ended is not None:
            worked = calendars.w_off(code, row.received, row.ended) / timedelta(hours=1)
            hours.setdefault(row.group, []).append(worked)
    return {group: median(some) for group, some in hours.items() if len(some) >= _FEWEST}


def _open(row: DossierRow, usual: Mapping[Group, float], calendars: Calendars, now: datetime) -> OpenDossier:
    """Return a dossier with the usual working time it still needs: what its group takes, less what has passed."""
    left = None
    if row.group in usual:
        passed = calendars.w_off(row.unit, row.received, now) / timedelta(hours=1)
        left = max(0.0, usual[row.group] - passed)
    return OpenDossier(number=row.number, unit=row.unit, due=row.must_end or now, remaining_hours=left)


def _repair(facts: Facts, found: Sequence[Incident], outages: Sequence[Outage], code: str, now: datetime) -> Explained:
    """Return how long the slowest of the open incidents is still to take; 0 when none is open."""
    acting = {one.id for one in outages}
    parts = {one.id: _one_repair(facts, one, code, now) for one in found if one.id in acting}
    if not parts:
        return known(0.0, Measure.HOURS, "F6", open_incidents=0)
    unsure = next((one for one in parts.values() if one.figure is None), None)
    return unsure or max(parts.values(), key=lambda one: one.figure or 0.0)


def _one_repair(facts: Facts, one: Incident, code: str, now: datetime) -> Explained:
    since = round((now - _PAST).timestamp() * 1000)
    calendars = facts.calendars
    past = [
        calendars.w_act(unit, moment(start), moment(end))
        for unit, start, end in past_spans(facts.store, one.cause, one.layer, since)
        if unit in facts.flows()
    ]
    return remaining_repair(past, calendars.w_act(code, moment(one.started_at), now))


def _wait(facts: Facts, unit: Unit, outages: Sequence[Outage], now: datetime) -> Explained:
    if not outages:
        return known(0.0, Measure.HOURS, "F6", open_incidents=0)
    model = facts.model()
    held = held_up(unit, outages, facts.papers([unit.code], now, now), facts.calendars, model, now).held
    capacity = sum(unit.flow.capacity(stream).figure or 0.0 for stream in model.paths)
    return queue_wait(held, known(capacity, Measure.PER_HOUR, "F4", streams=len(model.paths)))
