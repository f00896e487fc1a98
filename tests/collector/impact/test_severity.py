from __future__ import annotations

from datetime import timedelta

import pytest

from machxa_collector.impact import Effect, Rule, Severity, judge, notify_from
from machxa_collector.impact.explained import Explained, Measure, Missing, bounded, known, unknown
from tests.collector.impact.scenes import MODEL, at

M = timedelta(minutes=1)
P1, P2, P3, P4 = Severity
UNKNOWN = unknown(Missing.NOT_ALL_KNOWN, Measure.DOSSIERS, "F3")


def dossiers(count: float) -> Explained:
    return known(count, Measure.DOSSIERS, "F3")


def effect(
    held: Explained, blocked: int = 0, overdue: int | None = 0, *, began: bool = True, since: int | None = 30
) -> Effect:
    return Effect(
        held=held,
        daily_flow=dossiers(100),
        blocked=blocked * M,
        newly_overdue=overdue,
        began_in_session=began,
        open_in_session=None if since is None else since * M,
    )


CASES = {
    "nothing held": (effect(dossiers(0)), P4, P4, Rule.NO_EFFECT),
    "under 2 %": (effect(dossiers(1.9)), P4, P4, Rule.SHARE),
    "2 %": (effect(dossiers(2)), P3, P3, Rule.SHARE),
    "10 %": (effect(dossiers(10)), P2, P2, Rule.SHARE),
    "25 %": (effect(dossiers(25)), P1, P1, Rule.SHARE),
    "blocked 14 minutes": (effect(dossiers(1), blocked=14), P4, P4, Rule.SHARE),
    "blocked 15 minutes": (effect(dossiers(1), blocked=15), P1, P1, Rule.BLOCKED),
    "a dossier becomes overdue": (effect(dossiers(1), overdue=1), P1, P1, Rule.OVERDUE),
    "at night at most P3": (effect(dossiers(50), began=False, since=None), P3, P3, Rule.SHARE),
    "14 minutes after opening still": (effect(dossiers(50), began=False, since=14), P3, P3, Rule.SHARE),
    "15 minutes after opening no longer": (effect(dossiers(50), began=False, since=15), P1, P1, Rule.SHARE),
    "what began in session counts at once": (effect(dossiers(50), since=1), P1, P1, Rule.SHARE),
    "held is not known": (effect(UNKNOWN), None, P4, Rule.NOT_KNOWN),
    "not known but at least 12": (effect(bounded(UNKNOWN, 12)), None, P2, Rule.NOT_KNOWN),
    "not known but at least 25: no graver level": (effect(bounded(UNKNOWN, 25)), P1, P1, Rule.NOT_KNOWN),
    "not known, yet blocked": (effect(UNKNOWN, blocked=20), P1, P1, Rule.BLOCKED),
}


@pytest.mark.parametrize(("some", "level", "least", "rule"), CASES.values(), ids=CASES)
def test_how_grave_an_incident_is(some: Effect, level: Severity | None, least: Severity, rule: Rule) -> None:
    found = judge(some, MODEL.thresholds)

    assert (found.level, found.at_least, found.rule) == (level, least, rule)


def test_a_router_that_restarts_wakes_nobody() -> None:
    start = at("2026-09-10T08:00")

    assert notify_from(start, MODEL.thresholds, remote=False) == at("2026-09-10T08:05")
    assert notify_from(start, MODEL.thresholds, remote=True) == at("2026-09-10T08:10")
