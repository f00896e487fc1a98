from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from machxa_collector.registry.audit import Entry
from machxa_collector.registry.people import Role
from machxa_collector.registry.tokens import Purpose
from machxa_collector.store import audit, secrets
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import seat, somebody

CANARY = "MX-CANARY-community"


@pytest.fixture
def admin(centre: Centre, client: TestClient) -> TestClient:
    """Return a caller who came by the one-time link."""
    answer = client.get("/sign-in", params={"token": centre.token(Purpose.SIGN_IN, uses=1)})
    assert answer.status_code == 303
    return client


def test_a_secret_is_set_named_and_never_told(centre: Centre, admin: TestClient) -> None:
    put = admin.put("/api/v1/secrets/snmp.community", json={"value": CANARY})
    listed = admin.get("/api/v1/secrets")

    told = {"name": "snmp.community", "changed_at": "2024-10-04T00:00:00.000Z", "changed_by": "link"}
    assert (put.status_code, put.json()) == (200, told)
    assert listed.json() == {"secrets": [told]}
    assert secrets.values(centre.store, centre.deps(loopback_open=True).seals) == {"snmp.community": CANARY}
    assert centre.hidden == [CANARY]


def test_a_secret_is_replaced_and_removed(centre: Centre, admin: TestClient) -> None:
    admin.put("/api/v1/secrets/a", json={"value": "first"})
    admin.put("/api/v1/secrets/a", json={"value": "second"})
    kept = secrets.values(centre.store, centre.deps(loopback_open=True).seals)

    removed = [admin.delete("/api/v1/secrets/a").status_code for _ in range(2)]

    assert kept == {"a": "second"}
    assert removed == [204, 404]
    assert [one.action for one in audit.every(centre.store)][-3:] == ["secret.change", "secret.change", "secret.remove"]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("Upper", {"value": CANARY}),
        ("a" * 101, {"value": CANARY}),
        ("a", {"value": "abc"}),
        ("a", {"value": CANARY + "\x00"}),
        ("a", {"value": "x" * 4001}),
        ("a", {"value": CANARY, "more": 1}),
        ("a", {"value": 12345}),
        ("a", {}),
    ],
)
def test_a_bad_secret_is_refused_without_telling_it(admin: TestClient, name: str, body: dict[str, object]) -> None:
    refused = admin.put(f"/api/v1/secrets/{name}", json=body)

    assert refused.status_code == 422
    assert "CANARY" not in refused.text


def test_changed_settings_stand_in_the_audit_trail_with_who_and_from_where(centre: Centre, admin: TestClient) -> None:
    admin.put("/api/v1/settings", json={"sample_seconds": 30, "batch_seconds": 300})

    entry = admin.get("/api/v1/audit", params={"action": "settings"}).json()["entries"][0]

    assert (entry["actor"], entry["origin"], entry["result"]) == ("link", "testclient", "done")
    assert (entry["at"], entry["detail"]) == (
        "2024-10-04T00:00:00.000Z",
        {"batch_seconds": 300, "sample_seconds": 30},
    )
    assert audit.broken(centre.store) is None


def test_the_trail_is_read_page_by_page_newest_first(centre: Centre, admin: TestClient) -> None:
    for at in range(5):
        audit.record_alone(centre.store, Entry(at=centre.now_ms + at, actor="lan", action="x"))

    first = admin.get("/api/v1/audit", params={"actor": "lan", "limit": 3}).json()
    second = admin.get("/api/v1/audit", params={"actor": "lan", "limit": 3, "cursor": first["next"]}).json()

    assert [one["seq"] for one in first["entries"] + second["entries"]] == sorted(
        (one["seq"] for one in first["entries"] + second["entries"]), reverse=True
    )
    assert (len(first["entries"]), len(second["entries"]), second["next"]) == (3, 2, None)


def test_neither_this_computer_nor_a_stranger_reads_the_trail(client: TestClient, outside: TestClient) -> None:
    assert client.get("/api/v1/audit").status_code == 401
    assert outside.get("/api/v1/audit").status_code == 401
    assert outside.get("/api/v1/secrets").status_code == 401


@pytest.mark.parametrize("cursor", ["x", "WyJhIl0", "WzEuNV0", "WzEsMl0"])
def test_a_cursor_of_no_answer_is_refused(admin: TestClient, cursor: str) -> None:
    assert admin.get("/api/v1/audit", params={"cursor": cursor}).status_code == 400


def test_who_sees_one_commune_alone_changes_nothing_that_is_for_all(centre: Centre, outside: TestClient) -> None:
    caller = seat(centre, outside, somebody(centre, Role.ADMIN, scope="29374"), Role.ADMIN)
    hook = {"kind": "webhook", "settings": {"url": "https://ngoai.example/x"}}

    answers = [
        caller.put("/api/v1/settings", json={"sample_seconds": 3600, "batch_seconds": 3600}),
        caller.put("/api/v1/secrets/snmp.community", json={"value": "another one"}),
        caller.delete("/api/v1/secrets/snmp.community"),
        caller.post("/api/v1/channels", json={"id": "ngoai", **hook}),
        caller.put("/api/v1/notifications/policy", json={"base_url": "", "escalation": {"steps": []}}),
    ]

    assert [(one.status_code, one.json()["detail"]) for one in answers] == [
        (403, "what all units rest on is for those who see the whole province")
    ] * 5
    assert centre.published == []
