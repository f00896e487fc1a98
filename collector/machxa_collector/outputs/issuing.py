"""Gather from the store what each document tells, and build it as of now."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

from machxa_collector.effects.asking import IncidentImpact, incident_impact, incident_unit_impact
from machxa_collector.effects.facts import Facts, outages_of
from machxa_collector.effects.outages import moment
from machxa_collector.effects.overdue import Month, explain_rows, month_of, next_month
from machxa_collector.effects.paper import ledger_of
from machxa_collector.impact import held_up
from machxa_collector.impact.severity import Severity
from machxa_collector.impact.spans import union
from machxa_collector.impact.timeline import midnight
from machxa_collector.impact.words import Span
from machxa_collector.incidents.acts import handling_of
from machxa_collector.incidents.incident import Incident
from machxa_collector.outputs.blocks import Document, moment_text, said
from machxa_collector.outputs.book import book
from machxa_collector.outputs.brief import Week, brief
from machxa_collector.outputs.heads import Body, Office, document, office_of
from machxa_collector.outputs.late import Day, annex, fair, recorded
from machxa_collector.outputs.slip import Chain, slip
from machxa_collector.registry.people.territory import province_of
from machxa_collector.registry.records import KINDS
from machxa_collector.store import audit, incidents, paper, systems
from machxa_collector.store.records_read import get_many

_DAY = timedelta(days=1)
_ELSEWHERE = "nơi khác"
_MOST_CAUGHT = 60  # incidents of a month whose catch-up is reckoned
_MOST_DEAR, _MOST_UNITS = 10, 40  # incidents of a week, and units of each, that are reckoned


def slip_of(facts: Facts, incident: Incident, code: str) -> Document | None:
    """Return the slip of an incident in one of its units; None for a unit the registry does not know."""
    impact = incident_unit_impact(facts, incident, code)
    if impact is None:
        return None
    handling = handling_of(incidents.acts_of(facts.store, [incident.id]).get(incident.id, ()))
    head = audit.head(facts.store)
    chain = Chain(seq=head.seq, digest=head.digest.hex())
    office = office_for(facts, code)
    return _document(
        facts,
        office,
        slip(office, incident, handling, impact, _names(facts, incident, code), chain, basis_of(facts, code)),
    )


def fair_of(facts: Facts, code: str, first: date) -> Document:
    """Return the fair-overdue report of a unit and month."""
    month, office = month_of(facts, code, first), office_for(facts, code)
    return _document(facts, office, fair(office, month, _days(facts, code, month), basis_of(facts, code)))


def recorded_of(facts: Facts, code: str, first: date) -> Document:
    """Return the report of late records and extra sessions of a unit and month."""
    month, office = month_of(facts, code, first), office_for(facts, code)
    body = recorded(office, month, _days(facts, code, month), _caught(facts, code, first), basis_of(facts, code))
    return _document(facts, office, body)


def ledger_document(facts: Facts, spell: paper.Spell) -> Document | None:
    """Return a paper ledger as it stands; None for a unit the registry does not know."""
    ledger = ledger_of(facts, spell)
    if ledger is None:
        return None
    office = office_for(facts, spell.unit)
    return _document(facts, office, book(office, ledger, facts.now(), basis_of(facts, spell.unit)))


def annex_of(facts: Facts, number: str, units: Collection[str] | None) -> tuple[str, str, Document] | None:
    """Return the unit, the kept number and annex of a late dossier in some units (None: any); None: no late one.

    A source that keeps hashes has its number nowhere, and no document may keep it either.
    """
    for row in facts.dossiers.named(number):
        if units is not None and row.unit not in units:
            continue
        told, around = explain_rows(facts, row.unit, [row])
        if told:
            office = office_for(facts, row.unit)
            body = annex(office, told[0], around, basis_of(facts, row.unit))
            return row.unit, row.number, _document(facts, office, body)
    return None


def brief_of(facts: Facts, province: str, monday: date) -> Document:
    """Return the weekly page of a province."""
    registry, now = facts.live.current(), facts.now()
    units = [code for code in registry.units.codes if province_of(registry.units, code) == province]
    start, end = midnight(monday), midnight(monday + 7 * _DAY)
    found = facts.incidents(units, start, end)
    open_now = [one for one in facts.incidents(units, now, now + _DAY) if one.ended_at is None]
    own = frozenset(units)
    grave = {code for one in open_now if one.severity in (Severity.P1, Severity.P2) for code in own & set(one.units)}
    dearest = _dearest(facts, found, own)
    left = paper.left_to_enter(facts.store, units)
    allowed = timedelta(hours=facts.model().pace.day_hours)
    red = sum(facts.calendars.w_off(line.unit, moment(line.received_at), now) > allowed for line in left)
    week = Week(
        monday=monday,
        units=len(units),
        incidents=found,
        before=facts.incidents(units, start - 7 * _DAY, start),
        dearest=dearest,
        not_reckoned=len(found) - len(dearest),
        cut_off=len(grave),
        red=red,
    )
    office = office_for(facts, province)
    return _document(facts, office, brief(office, week, basis_of(facts, province)))


def office_for(facts: Facts, code: str) -> Office:
    """Return how a unit heads its documents today."""
    units, today = facts.live.current().units, facts.today()
    province = province_of(units, code) or code
    return office_of(units.unit(code, today), units.unit(province, today))


def basis_of(facts: Facts, code: str) -> str:
    """Return what the figures of a document rest on, in small print."""
    province = province_of(facts.live.current().units, code) or code
    ages = [
        f"{said(one.name, 200)} (đến {moment_text(one.as_of) or 'chưa có'})"
        for one in facts.dossiers.ages()
        if one.province in (None, province)
    ]
    return (
        f"Bộ giả định: phiên bản {facts.model().version}. Số liệu hồ sơ: {'; '.join(ages) or 'chưa nhập'}. "
        "Số liệu giám sát đo tự động; mỗi con số mở được đến dữ liệu đầu vào trên hệ thống."
    )


def _names(facts: Facts, incident: Incident, code: str) -> Mapping[str, str]:
    """Return what an incident's subject and witnesses are called; those of other units are not named."""
    asked = {incident.subject, *(sign.source for sign in incident.evidence)}
    units, today = facts.live.current().units, facts.today()
    known = {one.id: one.vi for one in systems.effective(facts.store).systems}
    own = units.unit(code, today)
    found = get_many(facts.store, KINDS["assets"], asked)
    mine = {key: str(one.record["name"]) for key, one in found.items() if one.record["unit"] == code}
    elsewhere = dict.fromkeys(asked - {incident.subject}, _ELSEWHERE)
    return {**elsewhere, **known, **mine, **({} if own is None else {code: own.full_name})}


def _document(facts: Facts, office: Office, body: Body) -> Document:
    return document(office, body, facts.today())


def _days(facts: Facts, code: str, month: Month) -> list[Day]:
    """Return the days of a month up to now with their outage and extra hours."""
    calendars, now = facts.calendars, facts.now()
    start, end = midnight(month.first), min(midnight(next_month(month.first)), now)
    around = facts.incidents([code], start, end) if start < end else []
    outages = outages_of(around, facts.units([code])[1])
    spans = union(Span(start=min(one.start, now), end=max(min(one.start, now), one.end or now)) for one in outages)
    found, hour = [], timedelta(hours=1)
    day = month.first
    while midnight(day) < end:
        first, last = midnight(day), min(midnight(day + _DAY), end)
        hit = sum((calendars.w_act(code, max(one.start, first), min(one.end, last)) for one in spans), timedelta())
        extra = calendars.w_act(code, first, last) - calendars.w_off(code, first, last)
        found.append(Day(day=day, outage_hours=hit / hour, extra_hours=extra / hour))
        day += _DAY
    return found


def _caught(facts: Facts, code: str, first: date) -> Mapping[str, float | None]:
    """Return the working hours of catch-up after each incident of a month that had any; None: not known."""
    now = facts.now()
    start, end = midnight(first), min(midnight(next_month(first)), now)
    units, devices = facts.units([code])
    if start >= end or code not in units:
        return {}
    found: dict[str, float | None] = {}
    for number, outage in enumerate(outages_of(facts.incidents([code], start, end), devices)):
        if number >= _MOST_CAUGHT:
            found[outage.id] = None
            continue
        caught = held_up(units[code], [outage], (), facts.calendars, facts.model(), now).catch_up.figure
        if caught is None or caught:
            found[outage.id] = caught
    return found


def _dearest(facts: Facts, found: Sequence[Incident], units: frozenset[str]) -> list[IncidentImpact]:
    """Return what the gravest and widest incidents cost, the dearest first."""
    ordered = sorted(found, key=lambda one: (one.severity.value, -len(one.units), one.started_at, one.id))
    reckoned = [
        incident_impact(facts, one, [code for code in one.units if code in units][:_MOST_UNITS])
        for one in ordered[:_MOST_DEAR]
    ]
    return sorted(reckoned, key=lambda one: (-(one.dossier_hours.figure or 0.0), one.incident.id))
