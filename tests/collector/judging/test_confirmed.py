"""A report without an account is no evidence until a colleague or what is measured stands by it. F11."""

from __future__ import annotations

from sqlalchemy import Engine

from machxa_collector.incidents.fleet import Report
from machxa_collector.judging import people
from machxa_collector.registry.audit import Entry
from machxa_collector.registry.people.territory import EVERYWHERE
from machxa_collector.registry.reports import Category, Source, Symptom, Told
from machxa_collector.store import following, reports
from tests.collector.incidents.province import Town, fleet

SIX = ("VNPT", "VNPT", "VNPT", "Viettel", "Viettel", "Viettel")
UNIT = "29374"


def told(store: Engine, number: int, at: int, category: Category = Category.ONE_STOP) -> str:
    report = Told(
        key=f"form.{number:020}",
        unit=UNIT,
        category=category,
        symptom=Symptom.FROZEN,
        text="",
        at=None,
        source=Source.LINK,
        waiting="20+",
    )
    return reports.keep(store, report, Entry(at=at, actor="unit link", action="report.send"))[0].id


def test_a_flood_without_an_account_makes_no_incident_and_one_colleague_does() -> None:
    town = Town(fleet(SIX))

    for number in range(300):
        unit = f"{number % 6:05}"
        town.judge.report(Report(id=f"f{number}", unit=unit, at=town.now, system="dossier", waiting="20+"))
    town.tick()
    flooded = list(town.judge.incidents())
    town.judge.confirm(Report(id="mine", unit="00000", at=town.now, system="dossier", symptom="hang", waiting="20+"))
    town.tick()

    (one,) = town.judge.incidents()
    assert (flooded, one.subject) == ([], "dossier")


def test_who_stands_by_a_report_is_heard_once_by_the_judgement(store: Engine) -> None:
    new = people.Reports(store)
    new.begin(0)
    report = told(store, 1, 100_000)
    first = new.new(200_000)
    before = new.confirmed()
    following.confirm(store, EVERYWHERE, report, Entry(at=300_000, actor="lan", action="report.confirm"))

    after = [[(one.id, one.confirmed) for one in new.confirmed()] for _ in range(2)]

    assert ([one.confirmed for one in first], before, after) == ([False], [], [[(report, True)], []])


def test_a_jammed_printer_confirms_the_report_of_a_printer_and_of_nothing_else() -> None:
    town = Town(fleet(SIX))
    town.event("00000-1", "device.state", {"device": "00000-p", "state": "blocked", "reasons": "jam"})
    town.tick()

    town.report(1, "00000", device="printer", symptom="unusable")
    town.report(2, "00000", device="scanner", symptom="unusable")
    joined = town.judge.take_joined()

    (one,) = [incident for incident in town.judge.incidents() if incident.state == "blocked"]
    assert [(incident, is_measured) for _, incident, is_measured in joined] == [(one.id, True)]
    assert town.judge.take_joined() == []


def test_what_is_measured_stands_by_a_report_unless_a_colleague_did(store: Engine) -> None:
    first, second = (told(store, number, 100_000 + number, Category.PRINTER) for number in (1, 2))
    following.confirm(store, EVERYWHERE, second, Entry(at=300_000, actor="lan", action="report.confirm"))

    following.belong(store, [(first, "ab" * 8, True), (second, "ab" * 8, True)], 400_000)

    found = {one.id: (one.state, one.confirmed_by, one.incident) for one in following.of_unit(store, UNIT, 5)}
    assert found == {first: ("confirmed", "measured", "ab" * 8), second: ("confirmed", "lan", "ab" * 8)}
