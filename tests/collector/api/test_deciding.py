"""Requests to enrol: decided by people, told to the agent once and again, and alike computers named."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, select

from machxa_collector.registry.tokens import Purpose
from machxa_collector.store import enrolment, tables
from machxa_collector.store.intake import SqlIntakeStore
from tests.collector.api import asking
from tests.collector.api.conftest import Centre
from tests.collector.builders import assert_problem

DAY_MS = 86_400_000


@pytest.fixture
def admin(outside: TestClient, centre: Centre) -> TestClient:
    """Return a caller from outside with an API token."""
    outside.headers["Authorization"] = f"Bearer {centre.token(Purpose.API)}"
    return outside


def _waiting(caller: TestClient, centre: Centre, **marks: str) -> dict[str, Any]:
    asked = {"token": centre.token(Purpose.ENROL, uses=1), "hostname": "may-1", "csr": asking.csr(), **marks}
    body: dict[str, Any] = caller.post("/api/v1/enrol", json=asked).json()
    return body


def _enrolled(caller: TestClient, centre: Centre, **marks: str) -> dict[str, Any]:
    token = centre.token(Purpose.ENROL, uses=1)
    enrolment.scope_token(centre.store, token, unit=None)
    asked = {"token": token, "hostname": "may-cu", "csr": asking.csr(), **marks}
    body: dict[str, Any] = caller.post("/api/v1/enrol", json=asked).json()
    return body


def test_an_approved_agent_gets_its_identity_and_the_same_when_the_answer_was_lost(
    admin: TestClient, centre: Centre
) -> None:
    waits = _waiting(admin, centre)
    listed = admin.get("/api/v1/enrolments?state=pending").json()["enrolments"]

    decided = admin.post(f"/api/v1/enrolments/{waits['request']}/approve", json={"unit": "29410"})
    first = admin.post("/api/v1/enrol/poll", json={"secret": waits["secret"]})
    again = admin.post("/api/v1/enrol/poll", json={"secret": waits["secret"]})

    assert [(one["id"], one["fingerprint"], one["hostname"]) for one in listed] == [
        (waits["request"], waits["fingerprint"], "may-1")
    ]
    assert (decided.json()["state"], decided.json()["decided_by"]) == ("approved", "operator")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert asking.named(first.json()["certificate"])[0] == first.json()["agent"]
    with centre.store.connect() as connection:
        assert connection.execute(select(tables.assets.c.unit)).scalars().all() == ["29410"]


def test_a_secret_opens_nothing_a_day_after_it_was_used(admin: TestClient, centre: Centre) -> None:
    waits = _waiting(admin, centre)
    admin.post(f"/api/v1/enrolments/{waits['request']}/approve", json={})
    admin.post("/api/v1/enrol/poll", json={"secret": waits["secret"]})
    centre.now_ms += DAY_MS

    late = admin.post("/api/v1/enrol/poll", json={"secret": waits["secret"]})

    assert_problem(late, 403)


def test_what_is_decided_is_decided_once(admin: TestClient, centre: Centre) -> None:
    waits = _waiting(admin, centre)
    admin.post(f"/api/v1/enrolments/{waits['request']}/refuse")

    late = admin.post(f"/api/v1/enrolments/{waits['request']}/approve", json={})
    unknown = admin.post("/api/v1/enrolments/none/approve", json={})

    assert_problem(late, 404)
    assert late.text == unknown.text


@pytest.mark.parametrize(
    ("marks", "likeness"),
    [
        pytest.param({**asking.BOARD, **asking.SYSTEM}, "same_computer", id="same"),
        pytest.param({**asking.BOARD}, "same_computer", id="system not told"),
        pytest.param({**asking.BOARD, **asking.OTHER_SYSTEM}, "reinstalled", id="reinstalled"),
        pytest.param({**asking.OTHER_BOARD, **asking.SYSTEM}, "cloned", id="cloned"),
    ],
)
def test_a_computer_like_a_known_one_is_flagged_with_both_named(
    admin: TestClient, centre: Centre, marks: dict[str, str], likeness: str
) -> None:
    known = _enrolled(admin, centre, **asking.BOARD, **asking.SYSTEM)

    _waiting(admin, centre, **marks)
    new = _enrolled(admin, centre, **marks)

    (request,) = admin.get("/api/v1/enrolments").json()["enrolments"]
    assert [(one["agent"], one["likeness"]) for one in request["alike"]] == [(known["agent"], likeness)]
    assert new["agent"] != known["agent"]
    with centre.store.connect() as connection:
        found = connection.execute(select(tables.identity_findings.c.verdict, tables.identity_findings.c.evidence))
        verdict, evidence = found.one()
    assert verdict == likeness
    assert known["agent"] in evidence


@pytest.mark.parametrize(
    "marks",
    [{**asking.OTHER_BOARD, **asking.OTHER_SYSTEM}, {}, {"uuid": "ffffffff-ffff-ffff-ffff-ffffffffffff"}],
    ids=["another", "nothing told", "a placeholder"],
)
def test_a_computer_like_no_other_is_not_flagged(admin: TestClient, centre: Centre, marks: dict[str, str]) -> None:
    _enrolled(admin, centre, **asking.BOARD, **asking.SYSTEM)

    _waiting(admin, centre, **marks)

    assert [one["alike"] for one in admin.get("/api/v1/enrolments").json()["enrolments"]] == [[]]


def test_a_computer_installed_anew_keeps_its_asset_and_its_old_agent_is_heard_no_more(
    admin: TestClient, centre: Centre, store: Engine
) -> None:
    known = _enrolled(admin, centre, **asking.BOARD, **asking.SYSTEM)
    waits = _waiting(admin, centre, **asking.BOARD, **asking.OTHER_SYSTEM)

    admin.post(f"/api/v1/enrolments/{waits['request']}/approve", json={"same_asset": True})
    given = admin.post("/api/v1/enrol/poll", json={"secret": waits["secret"]}).json()

    with store.connect() as connection:
        agents = tables.agents.c
        rows = {row.id: row.asset_id for row in connection.execute(select(agents.id, agents.asset_id))}
    assert rows[given["agent"]] == rows[known["agent"]]
    assert given["key"] == known["key"]  # the fake centre's: keys are all alike there
    assert [one.id for one in SqlIntakeStore(store).agents()] == [given["agent"]]


def test_revoking_is_once_and_for_all_and_told_at_once(admin: TestClient, centre: Centre, store: Engine) -> None:
    known = _enrolled(admin, centre)
    _, serial = asking.named(known["certificate"])

    first = admin.post(f"/api/v1/agents/{known['agent']}/revoke", json={"reason": "keyCompromise"})
    again = admin.post(f"/api/v1/agents/{known['agent']}/revoke", json={})
    unknown = admin.post("/api/v1/agents/none/revoke", json={})

    assert (first.json()["revoked"], again.json()["revoked"], unknown.status_code) == (True, False, 404)
    assert centre.revocations
    assert SqlIntakeStore(store).agents() == ()
    with store.connect() as connection:
        columns = tables.certificates.c
        assert connection.execute(select(columns.serial, columns.reason, columns.revoked_by)).all() == [
            (f"{serial:x}", "keyCompromise", "operator")
        ]
