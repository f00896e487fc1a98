"""People's reports: joined to what is open, or an incident when F11 says so."""

from __future__ import annotations

import pytest

from machxa_collector.incidents.words import Cause
from tests.collector.incidents.province import Town, fleet

SIX = ("VNPT", "VNPT", "VNPT", "Viettel", "Viettel", "Viettel")


def test_a_report_joins_the_open_incident_of_its_unit_and_me_too_counts() -> None:
    town = Town(fleet(SIX))
    town.darken("00000")

    town.report(1, "00000", symptom="no_internet", confirmed=True)
    town.report(2, "00000", system="dossier", symptom="hang")
    town.report(2, "00000", system="dossier", symptom="hang")

    (one,) = town.judge.incidents()
    assert (one.subject, one.reports) == ("00000", 2)


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ({"system": "dossier", "waiting": "6-20", "confirmed": True}, 1),
        ({"system": "dossier", "waiting": "6-20"}, 0),
        ({"system": "dossier", "confirmed": True}, 0),
        ({"system": "dossier", "waiting": "0", "confirmed": True}, 0),
    ],
    ids=["people wait", "not confirmed", "nobody waits", "none waits"],
)
def test_a_report_alone_is_an_incident_when_people_wait(said: dict[str, str | bool], count: int) -> None:
    town = Town(fleet(SIX))

    town.report(1, "00000", symptom="hang", **said)

    assert len(town.judge.incidents()) == count


def test_a_probe_that_agrees_makes_an_unconfirmed_report_an_incident() -> None:
    town = Town(fleet(SIX))
    town.check("00000", "dossier", "down")
    town.tick()

    town.report(1, "00000", system="dossier", symptom="down")

    (one,) = town.judge.incidents()
    assert (one.subject, one.reports) == ("dossier", 1)


def test_three_confirmed_reports_of_two_units_are_a_vote_on_a_system_nobody_probes() -> None:
    town = Town(fleet(SIX))
    town.report(1, "00000", system="civil", symptom="error", confirmed=True)
    town.report(2, "00001", system="civil", symptom="error", confirmed=True)
    assert town.told() == []

    town.wait(5)
    town.report(3, "00001", system="civil", symptom="error", confirmed=True)

    (one,) = town.judge.incidents()
    assert (one.cause, one.units, one.reports) == (Cause.NATIONAL_SYSTEM, ("00000", "00001"), 3)


def test_what_people_told_first_is_taken_in_when_probes_find_it() -> None:
    town = Town(fleet(SIX))
    for number in range(6):
        town.check(f"{number:05}", "dossier", "ok")
    town.report(1, "00000", system="dossier", symptom="hang", waiting="1-5", confirmed=True)

    for number in range(6):
        town.check(f"{number:05}", "dossier", "hang")
    town.wait(1)

    (one,) = town.judge.incidents()
    assert (one.cause, one.reports, one.first_cause) == (Cause.PROVINCIAL_SYSTEM, 1, Cause.UNKNOWN)


def test_a_report_through_the_outbox_joins_the_incident_of_its_own_time() -> None:
    town = Town(fleet(SIX))
    town.darken("00000")
    town.wait(10)
    reported = town.now
    town.wait(10)

    town.connect("00000-1", waiting=1)
    town.connect("00000-2")
    town.event(
        "00000-3", "human.report", {"id": "r1", "symptom": "hang", "system": "dossier", "waiting": "1-5"}, reported
    )
    town.wait(1)

    (one,) = town.judge.incidents()
    assert (one.subject, one.reports) == ("00000", 1)
