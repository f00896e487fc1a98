"""Tell a unit's flow by session and by stage, over the rates learnt by weekday. Pure.

Sessions: the shares of dossiers whose hour of receipt is known. Stages: the paths of the assumptions. Each says from
how many dossiers or days it was learnt, and what it falls back on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum

from machxa_collector.impact.explained import Explained, Measure, known
from machxa_collector.impact.flow import FlowProfile
from machxa_collector.impact.timeline import midnight, pieces
from machxa_collector.impact.words import Channel, Group, Span, Stage
from machxa_collector.registry.calendar import LOCAL, Calendars

NOON, CLOSES = time(12), time(17, 30)
_LEAST = 30  # dossiers of known hours before their shares are believed
_WEEKS = 8  # ahead, to find a day of a weekday that no holiday takes


class Part(Enum):
    """Name when a dossier comes; outside: at night, early, on closed days, and in evening sessions."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    OUTSIDE = "outside"


class ShareLevel(Enum):
    """Say what the shares of sessions were learnt from."""

    GROUP = "unit_group"  # the unit's dossiers of the group
    UNIT = "unit"  # all the unit's dossiers
    HOURS = "hours"  # nothing: spread evenly over the day's working hours


Received = Mapping[tuple[Group, Part], int]
PartHours = Mapping[Part, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRate:
    """Give what comes in a part of a day; per_hour None: no working hours lie in it, what comes waits for the next."""

    part: Part
    hours: float
    ratio: float
    level: ShareLevel
    dossiers: int  # of known hours, from which ratio was learnt
    per_day: float
    per_hour: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StageRate:
    """Give what reaches a stage an hour, and which share of the group's dossiers that is."""

    stage: Stage
    ratio: float
    per_hour: Explained


def session_rates(usual: Explained, group: Group, hours: PartHours, received: Received) -> tuple[SessionRate, ...]:
    """Return a weekday's rate shared over the parts of its day; their dossiers a day sum to the weekday's.

    usual is dossiers an hour of working time, hours those of that weekday's parts. What was learnt of a session that
    the weekday does not have is shared over the others.
    """
    total = sum(hours.values())
    if not total:
        return ()
    level, counts = _counts(group, received, [part for part in Part if part is Part.OUTSIDE or hours.get(part)])
    sample = sum(counts.values())
    ratios = {part: counts.get(part, 0) / sample if sample else hours.get(part, 0.0) / total for part in Part}
    whole = (usual.figure or 0.0) * total
    return tuple(
        SessionRate(
            part=part,
            hours=hours.get(part, 0.0),
            ratio=ratios[part],
            level=level,
            dossiers=sample,
            per_day=whole * ratios[part],
            per_hour=whole * ratios[part] / hours[part] if hours.get(part) else None,
        )
        for part in Part
    )


def stage_rates(profile: FlowProfile, group: Group, weekday: int) -> Iterator[StageRate]:
    """Give what of a group's arrivals comes to each stage, by the paths of both channels; others are left out."""
    usual = profile.usual(group, weekday)
    for stage in Stage:
        shares = {
            channel.value: profile.channel_ratio((group, channel))
            for channel in Channel
            if stage in profile.model.paths[group, channel]
        }
        if shares:
            ratio = sum(share.figure or 0.0 for share in shares.values())
            figure = (usual.figure or 0.0) * ratio
            told = known(figure, Measure.PER_HOUR, "flow", usual=usual, version=profile.model.version, **shares)
            yield StageRate(stage=stage, ratio=ratio, per_hour=told)


def week_hours(calendars: Calendars, unit: str, today: date) -> Mapping[int, PartHours]:
    """Return the working hours of each weekday's parts, on its next plain day; a weekday that stays closed has none."""
    found: dict[int, PartHours] = {}
    for ahead in range(7 * _WEEKS):
        day = today + timedelta(days=ahead)
        if day.weekday() not in found and (hours := _hours(calendars, unit, day)):
            found[day.weekday()] = hours
    return found


def _hours(calendars: Calendars, unit: str, day: date) -> dict[Part, float]:
    span = Span(start=midnight(day), end=midnight(day + timedelta(days=1)))
    cuts = [datetime.combine(day, edge, LOCAL) for edge in (NOON, CLOSES)]
    hours: dict[Part, float] = {}
    for piece in pieces(calendars, unit, span, cuts):
        if piece.weekday == day.weekday():  # a make-up day keeps another's sessions
            part = _part(piece.start.astimezone(LOCAL).time())
            hours[part] = hours.get(part, 0.0) + piece.hours
    return hours


def _part(start: time) -> Part:
    if start < NOON:
        return Part.MORNING
    return Part.AFTERNOON if start < CLOSES else Part.OUTSIDE


def _counts(group: Group, received: Received, parts: Collection[Part]) -> tuple[ShareLevel, Mapping[Part, int]]:
    for level, groups in ((ShareLevel.GROUP, [group]), (ShareLevel.UNIT, list(Group))):
        counts = {part: sum(received.get((one, part), 0) for one in groups) for part in parts}
        if sum(counts.values()) >= _LEAST:
            return level, counts
    return ShareLevel.HOURS, {}
