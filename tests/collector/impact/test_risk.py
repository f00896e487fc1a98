from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from machxa_collector.impact import (
    Explained,
    Missing,
    OpenDossier,
    RiskList,
    at_risk,
    newly_overdue,
    queue_wait,
    remaining_repair,
)
from machxa_collector.impact.explained import Measure, known
from tests.collector.impact.scenes import CALENDARS, CODE, at

H = timedelta(hours=1)
NOW = at("2026-09-10T08:30")  # a Thursday; 3 h to noon
REPAIR = known(2.0, Measure.HOURS, "F6")
WAIT = known(1.0, Measure.HOURS, "F6")


def dossier(number: str, due: str, remaining: float | None = 0.5) -> OpenDossier:
    return OpenDossier(number=number, unit=CODE, due=at(due), remaining_hours=remaining)


def listed(*some: OpenDossier, repair: Explained = REPAIR, as_of: datetime = NOW) -> RiskList:
    return at_risk(some, repair, WAIT, CALENDARS, NOW, as_of, 7.5)


def test_dossiers_are_at_risk_when_repair_queue_and_work_end_after_the_due_time() -> None:
    found = listed(
        dossier("safe", "2026-09-10T15:00"),
        dossier("just safe", "2026-09-10T14:00"),  # 3.5 h of work are left until then
        dossier("noon", "2026-09-10T11:30"),
        dossier("soon", "2026-09-10T09:30"),
        dossier("overdue", "2026-09-09T17:00"),
    )

    assert [(one.dossier.number, one.slack.figure) for one in found.at_risk] == [
        ("overdue", -4.5),
        ("soon", -2.5),
        ("noon", -0.5),
    ]
    assert found.hidden is None


def test_what_cannot_be_judged_is_listed_apart() -> None:
    found = listed(dossier("a", "2026-09-10T09:30", None))

    assert [one.dossier.number for one in found.not_known] == ["a"]
    assert (found.at_risk, found.not_known[0].slack.figure) == ((), None)


def test_without_past_incidents_nobody_knows_the_repair_and_no_dossier_is_said_to_be_at_risk() -> None:
    repair = remaining_repair([], H)

    found = listed(dossier("a", "2026-09-10T09:30"), repair=repair)

    assert (repair.figure, repair.missing) == (None, Missing.NO_HISTORY)
    assert len(found.not_known) == 1


def test_the_list_is_hidden_when_the_rows_are_older_than_a_working_day() -> None:
    rows = dossier("a", "2026-09-10T09:30")

    assert listed(rows, as_of=at("2026-09-09T08:30")).hidden is None
    old = listed(rows, as_of=at("2026-09-09T08:29"))
    assert (old.at_risk, old.hidden) == ((), Missing.OLD_ROWS)
    assert old.age.figure == pytest.approx(7.5 + 1 / 60)


def test_only_dossiers_that_would_be_done_in_time_without_the_outage_are_newly_overdue() -> None:
    soon, noon, past = (
        dossier("soon", "2026-09-10T08:45"),
        dossier("noon", "2026-09-10T11:30"),
        dossier("past", "2026-09-09T17:00"),
    )

    assert newly_overdue([soon, noon, past], REPAIR, WAIT, CALENDARS, NOW).figure == 1
    unsure = newly_overdue([noon, dossier("x", "2026-09-10T11:30", None)], REPAIR, WAIT, CALENDARS, NOW)
    assert (unsure.figure, unsure.at_least) == (None, 1)
    assert newly_overdue([], REPAIR, WAIT, CALENDARS, NOW).missing is Missing.NO_ROWS


def test_remaining_repair_is_the_80th_percentile_of_the_past_less_what_has_passed() -> None:
    past = [n * H for n in (1, 2, 3, 4, 10)]

    assert remaining_repair(past, H).figure == 3
    assert remaining_repair(past, 6 * H).figure == 0


def test_a_queue_before_a_stage_that_stands_still_has_no_end() -> None:
    ten, nothing = known(10.0, Measure.DOSSIERS, "F3"), known(0.0, Measure.PER_HOUR, "F4")

    assert queue_wait(ten, known(5.0, Measure.PER_HOUR, "F4")).figure == 2
    assert queue_wait(ten, nothing).missing is Missing.NEVER_ENDS
