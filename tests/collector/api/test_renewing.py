"""The next certificate: for the agent that holds its MAC key, on its own board, while the last one is in force."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from fastapi.testclient import TestClient

from machxa_collector.registry.audit import Entry
from machxa_collector.registry.certificates import Reason
from machxa_collector.registry.tokens import Purpose
from machxa_collector.store import certificates, enrolment
from tests.collector.api import asking
from tests.collector.api.conftest import Centre
from tests.collector.builders import assert_problem

DAY_MS = 86_400_000


@pytest.fixture
def known(outside: TestClient, centre: Centre) -> dict[str, Any]:
    """Return what an enrolled agent was given."""
    token = centre.token(Purpose.ENROL, uses=1)
    enrolment.scope_token(centre.store, token, unit=None)
    asked = {"token": token, "hostname": "may-1", "csr": asking.csr(), **asking.BOARD, **asking.SYSTEM}
    given: dict[str, Any] = outside.post("/api/v1/enrol", json=asked).json()
    return given


def _key(known: dict[str, Any]) -> bytes:
    return base64.urlsafe_b64decode(known["key"] + "=")


def test_an_agent_renews_under_its_own_id_and_the_same_request_gets_the_same_answer(
    outside: TestClient, centre: Centre, known: dict[str, Any]
) -> None:
    centre.now_ms += 60 * DAY_MS
    asked = asking.renewal(known["agent"], _key(known), asking.csr(), **asking.BOARD)

    renewed, again = (outside.post("/api/v1/certificates/renew", json=asked) for _ in range(2))

    assert renewed.status_code == 201
    assert renewed.json() == again.json()
    assert asking.named(renewed.json()["certificate"])[0] == known["agent"]
    assert renewed.json()["certificate"] != known["certificate"]
    assert (renewed.json()["key"], renewed.json()["shard"]) == (known["key"], known["shard"])


@pytest.mark.parametrize("wrong", ["key", "request", "agent"])
def test_whoever_does_not_hold_the_agents_key_gets_nothing(
    outside: TestClient, known: dict[str, Any], wrong: str
) -> None:
    key = b"x" * 32 if wrong == "key" else _key(known)
    asked = asking.renewal(known["agent"], key, asking.csr())
    if wrong == "request":
        asked["csr"] = asking.csr()
    if wrong == "agent":
        asked["agent"] = "0f8fad5b-d9cb-469f-a165-70867728950e"

    assert_problem(outside.post("/api/v1/certificates/renew", json=asked), 403)


@pytest.mark.parametrize("marks", [asking.BOARD, asking.OTHER_BOARD], ids=["off too long", "and on another board"])
def test_after_its_certificate_ended_an_agent_waits_for_a_decision_and_stays_who_it_was(
    outside: TestClient, centre: Centre, known: dict[str, Any], marks: dict[str, str]
) -> None:
    centre.now_ms += 91 * DAY_MS
    asked = asking.renewal(known["agent"], _key(known), asking.csr(), **marks)

    first = outside.post("/api/v1/certificates/renew", json=asked).json()
    waits = outside.post("/api/v1/certificates/renew", json=asked).json()
    admin = {"Authorization": f"Bearer {centre.token(Purpose.API)}"}
    (listed,) = outside.get("/api/v1/enrolments", headers=admin).json()["enrolments"]
    outside.post(f"/api/v1/enrolments/{listed['id']}/approve", json={}, headers=admin)
    given = outside.post("/api/v1/enrol/poll", json={"secret": waits["secret"]})

    assert first["request"] != waits["request"] == listed["id"]
    assert (listed["again"], listed["agent"]) == (True, known["agent"])
    assert [one["likeness"] for one in listed["alike"]] == ([] if marks == asking.BOARD else ["cloned"])
    assert given.status_code == 201
    assert (given.json()["agent"], given.json()["key"]) == (known["agent"], known["key"])
    assert asking.named(given.json()["certificate"])[0] == known["agent"]


def test_an_agents_folder_on_another_board_waits_though_its_certificate_is_in_force(
    outside: TestClient, known: dict[str, Any]
) -> None:
    asked = asking.renewal(known["agent"], _key(known), asking.csr(), **asking.OTHER_BOARD)

    assert outside.post("/api/v1/certificates/renew", json=asked).status_code == 202


def test_a_revoked_agent_gets_nothing_and_its_certificates_are_listed(
    outside: TestClient, centre: Centre, known: dict[str, Any]
) -> None:
    entry = Entry(at=centre.now_ms, actor="it", action="agent.revoke")
    certificates.revoke_agent(centre.store, known["agent"], Reason.KEY_COMPROMISE, entry)
    asked = asking.renewal(known["agent"], _key(known), asking.csr(), **asking.BOARD)

    refused = outside.post("/api/v1/certificates/renew", json=asked)

    assert_problem(refused, 403)
    assert [one.serial for one in certificates.revoked(centre.store, centre.now_ms)] == [
        asking.named(known["certificate"])[1]
    ]
    assert certificates.revoked(centre.store, centre.now_ms + 91 * DAY_MS) == ()
