"""The page of an incident says in words what the judgement keeps as codes, in both languages."""

from __future__ import annotations

from dataclasses import replace

from fastapi.testclient import TestClient

from machxa_collector.api.app import create_app
from machxa_collector.checks.catalogue import builtin
from machxa_collector.incidents.incident import Incident, Why
from machxa_collector.incidents.words import Cause
from machxa_collector.pages import pages
from machxa_collector.store import incidents
from tests.collector.api.conftest import Centre
from tests.collector.api.test_incidents import LINE

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
