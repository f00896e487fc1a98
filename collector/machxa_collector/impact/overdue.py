"""F7: split the lateness of one dossier over what caused it, K1 to K5, which always sum to it. Pure.

A proposal for a person to sign; never written back to the dossier system.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from machxa_collector.impact.explained import Explained, Measure, known
from machxa_collector.impact.spans import Spans, subtract, union, within
from machxa_collector.impact.words import Cause, Span, Stage
from machxa_collector.registry.calendar import Calendars, Clock

_EQUIPMENT = frozenset({Cause.LAN, Cause.EQUIPMENT})


class Confidence(Enum):
    """Say how far the split can be trusted."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Give one verified incident of the dossier's unit.

    first_record: its first telemetry or report; stages: those it blocks for the dossier's group; blocked_ratio: the
    share of the dossier's path it blocks, used where nobody knows the stage; catch_up: until when its backlog lasted
    (None: it left none), queue_ratio: its share of that backlog.
    """

    id: str
    cause: Cause
    start: datetime
    end: datetime
    first_record: datetime
    stages: frozenset[Stage]
    blocked_ratio: float
    catch_up: datetime | None = None
    queue_ratio: float = 1.0

    def __post_init__(self) -> None:
        """Refuse shares outside 0 to 1."""
        if not (0 <= self.blocked_ratio <= 1 and 0 <= self.queue_ratio <= 1):
            raise ValueError(f"{self.id}: shares are {self.blocked_ratio} and {self.queue_ratio}, expected 0 to 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """Give one dossier that was recorded late.

    finished: when it truly was (None: taken as recorded); stages: when it was in which (None: not known);
    waiting: for the applicant or another body; watched: when the unit was monitored (None: never).
    """

    number: str
    unit: str
    received: datetime
    due: datetime
    recorded: datetime
    finished: datetime | None = None
    stages: Mapping[Stage, Spans] | None = None
    waiting: Spans = ()
    watched: Spans | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Split the late official hours; late_actual is the same lateness with declared sessions counted.

    by_cause splits k1_direct over the layers; the six figures from k1_direct to k5 sum to late.
    """

    late: Explained
    late_actual: Explained
    k1_direct: Explained
    k1_queue: Explained
    k2_recorded_late: Explained
    k3_waiting: Explained
    k4_staff: Explained
    k5_no_evidence: Explained
    by_cause: Mapping[Cause, float]
    confidence: Confidence


@dataclass(slots=True, kw_only=True)
class _Claims:
    """Hold what is claimed of a dossier's life, each moment once."""

    taken: Spans = ()
    hours: dict[Cause, float] = field(default_factory=dict)
    queue_hours: float = 0.0


def explain(
    one: Overdue, incidents: Iterable[Evidence], calendars: Calendars, repair_allowed: timedelta
) -> Explanation:
    """Return the split. repair_allowed is the most working time for which a fault of the unit's own equipment excuses.

    The hours of waiting, outage and queueing may lie before the due time: they took time that was then missing. They
    are counted up to the lateness there was, in the order K3, K1 direct, K1 queueing. Errors as Calendars'.
    """
    done = min(one.finished or one.recorded, one.recorded)
    late = _hours(calendars, one.unit, [Span(start=min(one.due, one.recorded), end=one.recorded)])
    late_done = _hours(calendars, one.unit, [Span(start=min(one.due, done), end=done)])
    life = Span(start=one.received, end=max(one.received, done))
    waiting = within(one.waiting, life)
    claims = _claim(one, tuple(incidents), waiting, life, calendars, repair_allowed)
    left = late_done
    k3 = min(left, _hours(calendars, one.unit, waiting))
    left -= k3
    direct = min(left, sum(claims.hours.values()))
    left -= direct
    queue = min(left, claims.queue_hours)
    left -= queue
    seen = _seen_ratio(one, life, calendars)
    figures = {
        "k1_direct": direct,
        "k1_queue": queue,
        "k2_recorded_late": late - late_done,
        "k3_waiting": k3,
        "k4_staff": left * seen,
        "k5_no_evidence": left - left * seen,
    }
    whole = known(
        late,
        Measure.HOURS,
        "F7",
        due=one.due.isoformat(),
        recorded=one.recorded.isoformat(),
        finished=None if one.finished is None else one.finished.isoformat(),
        clock=Clock.OFFICIAL.value,
    )
    actual = calendars.w_act(one.unit, one.due, one.recorded) / timedelta(hours=1)
    claimed = sum(claims.hours.values())
    part = {
        name: known(
            figure,
            Measure.HOURS,
            "F7",
            late=whole,
            outage_hours=claimed,
            queue_hours=claims.queue_hours,
            watched_ratio=seen,
        )
        for name, figure in figures.items()
    }
    return Explanation(
        late=whole,
        late_actual=known(actual, Measure.HOURS, "F7", clock=Clock.ACTUAL.value),
        by_cause={cause: direct * hours / claimed for cause, hours in claims.hours.items()} if claimed else {},
        confidence=_confidence(one, seen),
        **part,
    )


def _claim(
    one: Overdue, incidents: tuple[Evidence, ...], waiting: Spans, life: Span, calendars: Calendars, allowed: timedelta
) -> _Claims:
    order = list(Cause)
    usable = sorted(
        (incident for incident in incidents if incident.cause is not Cause.PEOPLE),
        key=lambda incident: (order.index(incident.cause), -incident.blocked_ratio, incident.start, incident.id),
    )
    claims = _Claims(taken=waiting)
    for incident in usable:
        spans = within([_excused(one.unit, incident, calendars, allowed)], life)
        spans, weight = _while_in(one, incident, spans)
        spans = subtract(spans, claims.taken)
        hours = _hours(calendars, one.unit, spans) * weight
        if hours:
            claims.hours[incident.cause] = claims.hours.get(incident.cause, 0.0) + hours
            claims.taken = union((*claims.taken, *spans))
    for incident in usable:
        if incident.catch_up is None or incident.catch_up <= incident.end:
            continue
        spans = subtract(within([Span(start=incident.end, end=incident.catch_up)], life), claims.taken)
        claims.queue_hours += _hours(calendars, one.unit, spans) * incident.queue_ratio
        claims.taken = union((*claims.taken, *spans))
    return claims


def _excused(unit: str, incident: Evidence, calendars: Calendars, allowed: timedelta) -> Span:
    """Return when an incident excuses: a fault of the unit's own from its first record, for the time allowed."""
    if incident.cause not in _EQUIPMENT:
        return Span(start=incident.start, end=max(incident.start, incident.end))
    start = max(incident.start, incident.first_record)
    end = min(incident.end, calendars.advance(unit, start, allowed, Clock.ACTUAL))
    return Span(start=start, end=max(start, end))


def _while_in(one: Overdue, incident: Evidence, spans: Spans) -> tuple[Spans, float]:
    """Return the moments the dossier was in a stage the incident blocks; unknown stage: all of them, weighted."""
    if one.stages is None:
        return spans, incident.blocked_ratio
    there = union(span for stage, when in one.stages.items() if stage in incident.stages for span in when)
    return subtract(spans, subtract(spans, there)), 1.0


def _seen_ratio(one: Overdue, life: Span, calendars: Calendars) -> float:
    """Return the share of the dossier's life in which its unit was watched."""
    whole = _hours(calendars, one.unit, [life])
    if one.watched is None or not whole:
        return 0.0
    return _hours(calendars, one.unit, within(one.watched, life)) / whole


def _confidence(one: Overdue, seen: float) -> Confidence:
    if one.stages is None or seen < 0.5:  # noqa: PLR2004 (unseen for the greater part)
        return Confidence.LOW
    return Confidence.HIGH if seen == 1 and one.finished is not None else Confidence.MEDIUM


def _hours(calendars: Calendars, unit: str, spans: Iterable[Span]) -> float:
    worked = sum((calendars.w_off(unit, span.start, span.end) for span in spans), timedelta())
    return worked / timedelta(hours=1)
