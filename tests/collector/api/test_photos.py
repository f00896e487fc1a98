"""A report's photograph is kept once, without its place, and given to those who may see the report."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from machxa_collector.registry.people import Role
from machxa_collector.store import audit
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import seat, somebody
from tests.collector.builders import assert_problem
from tests.collector.registry.test_pictures import JPEG, SECRET, exif, png

REPORT = {
    "unit": "29374", "category": "one_stop", "symptom": "frozen", "text": "treo", "system": "dossier",
    "stages": ["receive", "sign"], "waiting": "6-20", "device": "quầy 2",
}  # fmt: skip


@pytest.fixture
def clerk(centre: Centre, outside: TestClient) -> TestClient:
    """Return a caller who is a clerk of one commune."""
    return seat(centre, outside, somebody(centre, Role.CLERK, scope="29374"), Role.CLERK)


def sent(caller: TestClient) -> str:
    answer = caller.post("/api/v1/reports", json=REPORT, headers={"Idempotency-Key": "a" * 16})
    assert answer.status_code in (200, 201), answer.text
    return str(answer.json()["id"])


def test_a_photograph_is_kept_without_its_place_and_shown_as_a_picture_alone(centre: Centre, clerk: TestClient) -> None:
    report = sent(clerk)

    kept = clerk.put(f"/api/v1/reports/{report}/photo", content=b"\xff\xd8" + exif(6) + JPEG[2:])
    shown = clerk.get(f"/api/v1/reports/{report}/photo")
    listed = clerk.get("/api/v1/reports").json()["reports"][0]

    assert kept.status_code == 204, kept.text
    assert SECRET not in shown.content
    assert shown.content.startswith(b"\xff\xd8")
    assert (shown.headers["content-type"], shown.headers["x-content-type-options"]) == ("image/jpeg", "nosniff")
    assert "sandbox" in shown.headers["content-security-policy"]
    assert listed["photo"] is True
    assert {name: listed[name] for name in ("system", "stages", "waiting", "device")} == {
        name: REPORT[name] for name in ("system", "stages", "waiting", "device")
    }
    assert [one.action for one in audit.every(centre.store)][-1] == "report.photo"


def test_it_is_kept_once_bounded_and_nobody_else_s(centre: Centre, clerk: TestClient) -> None:
    report = sent(clerk)
    path = f"/api/v1/reports/{report}/photo"

    first = [clerk.put(path, content=content).status_code for content in (JPEG, JPEG)]
    assert first == [204, 204]
    assert_problem(clerk.put(path, content=png()), 409)
    assert_problem(clerk.put(path, content=b"<svg/>"), 415)
    assert_problem(clerk.put(path, content=bytes(6 * 1024 * 1024 + 1)), 413)
    assert_problem(clerk.put("/api/v1/reports/none/photo", content=JPEG), 404)
    seat(centre, clerk, somebody(centre, Role.CLERK, scope="29398", login="khac"), Role.CLERK)
    assert_problem(clerk.get(path), 404)
    assert_problem(clerk.put(path, content=JPEG), 404)


def test_who_may_not_report_sends_nothing_large(centre: Centre, outside: TestClient) -> None:
    assert outside.put("/api/v1/reports/x/photo", content=bytes(70_000)).status_code == 413
    seat(centre, outside, somebody(centre, Role.AUDITOR), Role.AUDITOR)
    assert outside.put("/api/v1/reports/x/photo", content=bytes(70_000)).status_code == 413
