"""Explain late dossiers by what went wrong in their unit while they were there: K1 to K5, per dossier and month."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from machxa_collector.effects.facts import Facts, outages_of
from machxa_collector.effects.outages import moment
from machxa_collector.impact import (
    Channel,
    Evidence,
    Explanation,
    Gap,
    Group,
    Outage,
    Overdue,
    Recorded,
    Stage,
    Unit,
    explain,
    held_up,
    joint_state,
    recorded_late,
)
from machxa_collector.impact.dossiers import DossierRow
from machxa_collector.impact.factor import at_most
from machxa_collector.impact.model import Model
from machxa_collector.impact.spans import Spans
from machxa_collector.impact.timeline import midnight
from machxa_collector.impact.words import Span
from machxa_collector.incidents.incident import Incident
from machxa_collector.registry.calendar import Calendars, Clock
from machxa_collector.store import standing
from machxa_collector.store.dossiers import Span as Within

MOST_ROWS = 2000  # late dossiers of one unit and month
_BEFORE = timedelta(days=3)  # an outage before a dossier came may have left a queue


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Give a dossier with the split of its lateness; incidents names those that were weighed."""

    row: DossierRow
    explanation: Explanation
    incidents: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """Hold a unit's late dossiers of a month, the latest first; is_cut: there were more than MOST_ROWS.

    ended: how many dossiers ended in the month, late or not; gap: F8 over them.
    """

    unit: str
    first: date
    told: tuple[Told, ...]
    is_cut: bool
    ended: int
    gap: Gap
    incidents: tuple[Incident, ...]


class Explaining:
    """Explain dossiers of one unit; what its incidents did is reckoned once."""

    def __init__(self, facts: Facts, unit: Unit, incidents: Sequence[Incident], outages: Sequence[Outage]) -> None:
        """Take the unit and what went wrong there."""
        self._facts, self._unit, self._incidents = facts, unit, {one.id: one for one in incidents}
        self._model, self._calendars, self._now = facts.model(), facts.calendars, facts.now()
        self._outages = [one for one in outages if unit.code in one.units]
        self._left = {one.id: self._behind(one) for one in self._outages}
        self._watched = _watched(facts, unit.code, self._now)

    def explain(self, row: DossierRow) -> Told | None:
        """Return the split of a dossier's lateness; None where it has no due time, or is not late."""
        due = row.must_end
        recorded = row.ended or self._now
        if due is None or recorded <= due:
            return None
        one = Overdue(
            number=row.number,
            unit=row.unit,
            received=row.received,
            due=due,
            recorded=recorded,
            finished=row.done,
            watched=self._watched,
        )
        life = Span(start=row.received, end=max(row.received, recorded))
        channel = Channel.ONLINE if row.online else Channel.DIRECT
        weighed = [
            evidence
            for outage in self._outages
            if (evidence := self._evidence(outage, row.group, channel)).start < life.end
            and (evidence.catch_up or evidence.end) > life.start
        ]
        allowed = timedelta(hours=self._model.pace.repair_allowed_hours)
        return Told(
            row=row,
            explanation=explain(one, weighed, self._calendars, allowed),
            incidents=tuple(evidence.id for evidence in weighed),
        )

    def _evidence(self, outage: Outage, group: Group, channel: Channel) -> Evidence:
        path = self._model.paths[group, channel]
        lost = {stage: 1 - factor for stage, factor in _factors(self._unit, outage, self._model, group, channel)}
        catch_up, ratio = self._left[outage.id]
        return Evidence(
            id=outage.id,
            cause=outage.cause,
            start=outage.start,
            end=outage.end or self._now,
            first_record=_first_record(self._incidents[outage.id]),
            stages=frozenset(stage for stage, share in lost.items() if share > 0),
            blocked_ratio=min(1.0, max(0.0, sum(lost.values()) / len(path))),
            catch_up=catch_up,
            queue_ratio=ratio,
        )

    def _behind(self, outage: Outage) -> tuple[datetime | None, float]:
        """Return until when what an outage held was caught up with, and its share of that backlog."""
        end = outage.end or self._now
        near = [one for one in self._outages if one.start < end and (one.end or self._now) > outage.start]
        held = held_up(self._unit, near, (), self._calendars, self._model, self._now)
        if not held.held.figure or held.catch_up.figure is None:
            return None, 1.0
        share = held.shares[outage.id].figure or 0.0
        last = max(one.end or self._now for one in near)
        until = self._calendars.advance(self._unit.code, last, timedelta(hours=held.catch_up.figure), Clock.ACTUAL)
        return until, min(1.0, share / held.held.figure)


def explain_rows(facts: Facts, code: str, rows: Sequence[DossierRow]) -> tuple[list[Told], list[Incident]]:
    """Return the late ones of a unit's dossiers with their splits, and the incidents of that time."""
    units, devices = facts.units([code])
    if code not in units or not rows:
        return [], []
    start = min(row.received for row in rows) - _BEFORE
    end = max(row.ended or facts.now() for row in rows)
    incidents = facts.incidents([code], start, end)
    explaining = Explaining(facts, units[code], incidents, outages_of(incidents, devices))
    told = [found for row in rows if (found := explaining.explain(row)) is not None]
    return told, incidents


def month_of(facts: Facts, code: str, first: date) -> Month:
    """Return a unit's late dossiers of a month with their splits, and how late records came (F8)."""
    start = midnight(first)
    end = midnight(next_month(first))
    within = Within(start=start, end=end)
    rows = list(islice(facts.dossiers.late_rows([code], within), MOST_ROWS + 1))
    told, incidents = explain_rows(facts, code, rows[:MOST_ROWS])
    told.sort(key=lambda one: (-(one.explanation.late.figure or 0.0), one.row.number))
    ended, done = 0, []
    for row in facts.dossiers.done_rows([code], within):
        ended += 1
        if row.done is not None and row.ended is not None:
            done.append(Recorded(finished=row.done, recorded=row.ended))
    return Month(
        unit=code,
        first=first,
        told=tuple(told),
        is_cut=len(rows) > MOST_ROWS,
        ended=ended,
        gap=_gap(code, done, facts.calendars),
        incidents=tuple(incidents),
    )


def next_month(first: date) -> date:
    """Return the first day of the month after."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _gap(code: str, done: Iterable[Recorded], calendars: Calendars) -> Gap:
    return recorded_late(code, done, calendars)


def _factors(unit: Unit, outage: Outage, model: Model, group: Group, channel: Channel) -> list[tuple[Stage, float]]:
    state = joint_state(unit, [outage], model, group)
    return [(stage, at_most(model.needs[group, channel, stage], state)) for stage in model.paths[group, channel]]


def _first_record(one: Incident) -> datetime:
    """Return when an incident was first told of by telemetry or a person."""
    return moment(min([one.noticed_at, *(sign.at for sign in one.evidence)]))


def _watched(facts: Facts, code: str, now: datetime) -> Spans | None:
    since = standing.watched_since(facts.store, code)
    if since is None or moment(since) >= now:
        return None
    return (Span(start=moment(since), end=now),)
