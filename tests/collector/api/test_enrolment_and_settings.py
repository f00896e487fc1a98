"""The collector's own state: enrolment, settings, readiness, headers, and what a full disk leaves working."""

import pytest
from fastapi import APIRouter
from fastapi.testclient import TestClient
from sqlalchemy import Engine, event

from machxa_collector.api.app import create_app
from machxa_collector.api.deps import Check
from machxa_collector.registry.tokens import Purpose
from tests.collector.api.conftest import Centre
from tests.collector.builders import Known, assert_problem

NOON = "2024-10-04T12:00:00"
BODY = {
    "hardware": {"name": "VP-THONGKE-02"},
    "bios": {"smanufacturer": "Dell Inc.", "smodel": "OptiPlex 3020", "ssn": "7XK2M52"},
}


def test_enrolment_gives_id_shard_key_and_broker_once(client: TestClient, centre: Centre) -> None:
    asked = {"token": centre.token(Purpose.ENROL, uses=1), "hostname": "may-moi", "role": "gateway"}

    given = client.post("/api/v1/enrol", json=asked)
    again = client.post("/api/v1/enrol", json=asked)

    body = given.json()
    assert given.status_code == 201
    assert given.headers["cache-control"] == "no-store"
    assert (body["key"], len(body["shard"])) == ("_" * 42 + "8", 2)
    assert body["broker"] == {"host": "127.0.0.1", "port": 1883, "tls": False}
    assert_problem(again, 403)


def test_every_refused_enrolment_gets_the_same_answer(client: TestClient, centre: Centre) -> None:
    spent, expired = centre.token(Purpose.ENROL, uses=1), centre.token(Purpose.ENROL, uses=1)
    other = centre.token(Purpose.API)
    client.post("/api/v1/enrol", json={"token": spent, "hostname": "a"})
    known = [client.post("/api/v1/enrol", json={"token": one, "hostname": "a"}) for one in ("?", spent, other)]
    centre.now_ms += 3_600_000

    late = client.post("/api/v1/enrol", json={"token": expired, "hostname": "a"})

    assert {(one.status_code, one.text) for one in (*known, late)} == {(403, late.text)}


def test_settings_change_by_version_and_are_published(client: TestClient, centre: Centre) -> None:
    client.headers["Authorization"] = f"Bearer {centre.token(Purpose.API)}"
    before = client.get("/api/v1/settings").json()

    client.put("/api/v1/settings", json={"sample_seconds": 30, "batch_seconds": 60})
    client.put("/api/v1/settings", json={"sample_seconds": 10, "batch_seconds": 20})

    assert before == {"version": 0, "sample_seconds": 60, "batch_seconds": 300}
    assert client.get("/api/v1/settings").json() == {"version": 2, "sample_seconds": 10, "batch_seconds": 20}
    assert [(one.version, one.sample_seconds, to) for one, to in centre.published] == [(1, 30, None), (2, 10, None)]


def test_an_agent_that_enrols_later_is_told_the_settings_in_force(client: TestClient, centre: Centre) -> None:
    client.headers["Authorization"] = f"Bearer {centre.token(Purpose.API)}"
    client.put("/api/v1/settings", json={"sample_seconds": 30, "batch_seconds": 60})

    given = client.post("/api/v1/enrol", json={"token": centre.token(Purpose.ENROL, uses=1), "hostname": "a"}).json()

    assert [(one.sample_seconds, to) for one, to in centre.published] == [(30, None), (30, given["agent"])]


@pytest.mark.parametrize("asked", [(0, 60), (3601, 3601), (60, 30), (60, 86_401), ("60", 60), (True, 60)])
def test_settings_out_of_bounds_are_refused(client: TestClient, centre: Centre, asked: tuple[object, object]) -> None:
    client.headers["Authorization"] = f"Bearer {centre.token(Purpose.API)}"

    answer = client.put("/api/v1/settings", json={"sample_seconds": asked[0], "batch_seconds": asked[1]})

    assert_problem(answer, 422)
    assert centre.published == []


def test_readiness_gives_its_reasons(client: TestClient, centre: Centre) -> None:
    ready = client.get("/readyz")
    centre.checks["canary"] = Check(ok=False, detail="75 s ago")

    late = client.get("/readyz")

    assert (ready.status_code, ready.json()["ready"]) == (200, True)
    assert late.status_code == 503
    assert late.json() == {"ready": False, "checks": {"canary": {"ok": False, "detail": "75 s ago"}}}


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/api/v1/assets", "/nothing"])
def test_head_tells_what_get_would_without_its_body(client: TestClient, path: str) -> None:
    head, get = client.head(path), client.get(path)

    assert (head.status_code, head.headers, head.content) == (get.status_code, get.headers, b"")


def test_metrics_are_prometheus_text(client: TestClient) -> None:
    answer = client.get("/metrics")

    assert answer.headers["content-type"].startswith("text/plain")
    assert "machxa_records_accepted_total 7.0" in answer.text


@pytest.mark.parametrize("path", ["/healthz", "/nothing", "/api/v1/assets", "/broken"])
def test_every_answer_carries_the_security_headers(centre: Centre, path: str) -> None:
    page = APIRouter()
    page.add_api_route("/broken", lambda: 1 / 0)
    app = create_app(centre.deps(loopback_open=True), [page])
    client = TestClient(app, base_url="http://localhost:8470")

    answer = client.get(path)

    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"


def test_a_defect_is_a_problem_that_tells_nothing(centre: Centre) -> None:
    page = APIRouter()
    page.add_api_route("/broken", lambda: 1 / 0)
    client = TestClient(create_app(centre.deps(loopback_open=True), [page]), base_url="http://localhost:8470")

    answer = client.get("/broken")

    assert_problem(answer, 500)
    assert "ZeroDivision" not in answer.text


def test_on_a_full_disk_writing_waits_and_reading_goes_on(
    client: TestClient, centre: Centre, store: Engine, agent: Known
) -> None:
    token = centre.token(Purpose.ENROL)
    store.dispose()
    event.listen(store, "connect", lambda connection, _record: connection.execute("PRAGMA max_page_count=1"))
    asked = {"token": token, "hostname": "x" * 255}

    answers = [client.post("/api/v1/enrol", json=asked) for _ in range(60)]

    assert_problem(answers[-1], 503)
    assert {answer.status_code for answer in answers} == {201, 503}
    assert client.get(f"/api/v1/assets/{agent.asset}").status_code == 200
