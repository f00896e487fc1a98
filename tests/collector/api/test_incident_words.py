"""The page of an incident says in words what the judgement keeps as codes, in both languages."""

from __future__ import annotations

from dataclasses import replace

from fastapi.testclient import TestClient

from machxa_collector.api.app import create_app
from machxa_collector.checks.catalogue import builtin
from machxa_collector.incidents.acts import Act, ActKind
from machxa_collector.incidents.incident import Incident, Why
from machxa_collector.incidents.words import Cause
from machxa_collector.pages import pages
from machxa_collector.registry.audit import Entry
from machxa_collector.store import incidents
from machxa_web.languages import date_of, load_languages
from tests.collector.api.conftest import Centre
from tests.collector.api.test_incidents import LINE
from tests.collector.builders import MIDNIGHT

SYSTEM = next(one for one in builtin().systems if one.id == "documents")


def reported(symptom: str) -> tuple[Why, ...]:
    return (Why(code="reported", figures={"reports": 2, "symptom": symptom}),)


WEAK = (Why(code="line_degraded", figures={"line": "internet", "loss_percent": 20.0}),)
CASES: tuple[tuple[Incident, str, str], ...] = (
    (replace(LINE, cause=Cause.PROVINCIAL_SYSTEM, subject=SYSTEM.id), "vi", SYSTEM.vi),
    (replace(LINE, cause=Cause.CENTRE, subject="centre"), "vi", "trung tâm"),
    (replace(LINE, cause=Cause.UNKNOWN, subject="unusable"), "vi", "không dùng được"),
    (replace(LINE, why=reported("frozen")), "vi", "biểu hiện: đơ, treo"),
    (replace(LINE, why=reported("")), "en", "symptom: not known"),
    (replace(LINE, why=WEAK), "vi", "đường truyền: đường Internet · phần trăm mất gói: 20"),
    (replace(LINE, why=WEAK), "en", "line: Internet line · loss, per cent: 20"),
)


def test_codes_are_said_in_words(centre: Centre) -> None:
    deps = centre.deps(loopback_open=True)
    with TestClient(create_app(deps, pages(deps)), base_url="http://127.0.0.1:8470") as caller:
        for number, (one, language, expected) in enumerate(CASES):
            incidents.save(centre.store, [replace(one, id=f"{number:016x}")])
            page = caller.get(f"/incidents/{number:016x}?lang={language}")

            assert page.status_code == 200
            assert expected in page.text


def test_what_people_did_stands_in_its_order_with_who_and_until_when(centre: Centre) -> None:
    deps = centre.deps(loopback_open=True)
    over = replace(LINE, ended_at=LINE.noticed_at + 60_000)
    until = {"until": MIDNIGHT + 3_600_000}
    with TestClient(create_app(deps, pages(deps)), base_url="http://127.0.0.1:8470") as caller:
        incidents.save(centre.store, [over])
        for at, kind, detail in ((30_000, ActKind.PROMISE, until), (90_000, ActKind.NOTE, {"text": "đã xong"})):
            done = Act(at=LINE.noticed_at + at, actor="link", kind=kind, detail=detail)
            incidents.add_act(
                centre.store, LINE.id, done, Entry(at=at, actor="link", action="incident.note", subject="x")
            )
        text = caller.get(f"/incidents/{LINE.id}?lang=vi").text

    said = load_languages()["vi"].moment(date_of(until["until"] / 1000))
    order = ["phát hiện", "qua đường dẫn một lần</bdi> hẹn giờ xong", said, "đã hết", "đã xong"]
    places = [text.find(one, text.find("Diễn biến")) for one in order]
    assert -1 not in places
    assert places == sorted(places)
