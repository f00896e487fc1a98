"""F8: tell how much later than done dossiers were recorded, the complaint of Dân Hòa as a number. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from machxa_collector.impact.explained import Explained, Measure, Missing, known, unknown
from machxa_collector.registry.calendar import LOCAL, Calendars, Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """Give when a dossier was truly finished and when the software says so."""

    finished: datetime
    recorded: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Give a unit's median gap in official hours; of those finished in declared extra sessions the share with a gap."""

    median: Explained
    late_in_extra: Explained


def recorded_late(unit: str, rows: Iterable[Recorded], calendars: Calendars) -> Gap:
    """Return the gap of a unit; a record before the finish counts as no gap. Errors as Calendars'."""
    found = tuple(rows)
    gaps = [calendars.w_off(unit, row.finished, row.recorded) / timedelta(hours=1) for row in found]
    extra = [gap for row, gap in zip(found, gaps, strict=True) if _in_extra(unit, row.finished, calendars)]
    middle = unknown(Missing.NO_ROWS, Measure.HOURS, "F8", dossiers=0)
    if gaps:
        middle = known(median(gaps), Measure.HOURS, "F8", dossiers=len(gaps), clock=Clock.OFFICIAL.value)
    share = unknown(Missing.NO_ROWS, Measure.RATIO, "F8", dossiers=0)
    if extra:
        late = sum(gap > 0 for gap in extra)
        share = known(late / len(extra), Measure.RATIO, "F8", dossiers=len(extra), recorded_late=late)
    return Gap(median=middle, late_in_extra=share)


def _in_extra(unit: str, moment: datetime, calendars: Calendars) -> bool:
    local = moment.astimezone(LOCAL)
    plan = calendars.plan(unit, local.date())
    second = local.hour * 3600 + local.minute * 60 + local.second
    declared = any(session.start <= second <= session.end for session in plan.actual)
    return declared and not any(session.start <= second <= session.end for session in plan.official)
