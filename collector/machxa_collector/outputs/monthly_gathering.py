"""Gather from the store what the leader's sheet of a unit and month tells."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

from machxa_collector.effects.asking import incident_unit_impact
from machxa_collector.effects.facts import Facts, outages_of
from machxa_collector.effects.outages import moment
from machxa_collector.effects.overdue import month_of, next_month
from machxa_collector.impact import Outage as Acting
from machxa_collector.impact.readiness import readiness
from machxa_collector.impact.timeline import midnight
from machxa_collector.incidents.acts import ActKind
from machxa_collector.incidents.incident import Incident
from machxa_collector.outputs.blocks import NOT_KNOWN, Cell, Document
from machxa_collector.outputs.heads import document
from machxa_collector.outputs.issuing import basis_of, office_for
from machxa_collector.outputs.monthly import MOST_SHOWN, Outage, Promise, Ready, Sheet, is_grave, monthly
from machxa_collector.outputs.slip import figure
from machxa_collector.store import documents, incidents, paper, standing

_HOUR = timedelta(hours=1)


def monthly_of(facts: Facts, code: str, first: date) -> Document:
    """Return the leader's sheet of a unit and month, as of now."""
    now = facts.now()
    start, end = midnight(first), min(midnight(next_month(first)), now)
    found = facts.incidents([code], start, end) if start < end else []
    worked = {one.id: _worked(facts, code, one, start, end) for one in found}
    ordered = sorted(found, key=lambda one: (one.severity.value, -worked[one.id], one.started_at, one.id))
    slips = documents.numbers(facts.store, "slip", code)
    shown = sorted(ordered[:MOST_SHOWN], key=lambda one: (one.started_at, one.id))
    promises = _promises(facts, found)
    sheet = Sheet(
        month=month_of(facts, code, first),
        now=now,
        ready=_ready(facts, code, found, start, end),
        outages=[
            Outage(
                incident=one,
                working_hours=worked[one.id],
                held=_held(facts, one, code),
                slip=slips.get(one.id),
            )
            for one in shown
        ],
        outages_in_all=len(found),
        grave=sum(map(is_grave, found)),
        promises=promises[-MOST_SHOWN:],
        promises_in_all=len(promises),
        on_paper=len(paper.left_to_enter(facts.store, [code])),
    )
    office = office_for(facts, code)
    return document(office, monthly(office, sheet, basis_of(facts, code)), facts.today())


def _worked(facts: Facts, code: str, one: Incident, start: datetime, end: datetime) -> float:
    """Return the working hours that an incident took of a time."""
    first, last = max(start, moment(one.started_at)), end if one.ended_at is None else min(end, moment(one.ended_at))
    return facts.calendars.w_act(code, first, last) / _HOUR if first < last else 0.0


def _held(facts: Facts, one: Incident, code: str) -> Cell:
    impact = incident_unit_impact(facts, one, code)
    share = None if impact is None else impact.held.shares.get(one.id)
    return NOT_KNOWN if impact is None else 0 if share is None else figure(share)


def _ready(facts: Facts, code: str, found: Sequence[Incident], start: datetime, end: datetime) -> Ready:
    """Return how ready a unit was, weighed by working time; what lies before anybody watched is not known."""
    units, devices = facts.units([code])
    if start >= end or code not in units:
        return Ready(share=None, hours=0.0, unsure_hours=0.0)
    seen = standing.watched_since(facts.store, code)
    since = None if seen is None else moment(seen)
    outages = outages_of(found, devices)
    bounds = sorted({start, end, *_bounds(outages, start, end), *([since] if since and start < since < end else [])})
    passed = sure = whole = 0.0
    for first, last in pairwise(bounds):
        hours = facts.calendars.w_act(code, first, last) / _HOUR
        whole += hours
        if not hours or since is None or first < since:
            continue
        acting = [one for one in outages if one.start <= first and (one.end is None or one.end > first)]
        share = readiness(units[code], acting, facts.model()).figure
        if share is not None:
            passed, sure = passed + share * hours, sure + hours
    return Ready(share=passed / sure if sure else None, hours=whole, unsure_hours=whole - sure)


def _bounds(outages: Sequence[Acting], start: datetime, end: datetime) -> set[datetime]:
    return {at for one in outages for at in (one.start, one.end) if at is not None and start < at < end}


def _promises(facts: Facts, found: Sequence[Incident]) -> list[Promise]:
    acts = incidents.acts_of(facts.store, [one.id for one in found]) if found else {}
    told = []
    for one in found:
        made = [act for act in acts.get(one.id, ()) if act.kind is ActKind.PROMISE]
        told += [
            Promise(incident=one, by=act.actor, until=moment(int(act.detail["until"])), again=number < len(made))
            for number, act in enumerate(made, start=1)
        ]
    return sorted(told, key=lambda one: one.until)
