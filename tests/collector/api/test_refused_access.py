"""Who is known and may not is written down, once an hour for each permission."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from machxa_collector.api.refused import RefusedAccess
from machxa_collector.registry.people import Permission, Role
from machxa_collector.store import audit
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import seat, somebody

HOUR_MS = 3_600_000


def refused(centre: Centre) -> list[tuple[str, str, str]]:
    return [(one.actor, one.subject, one.detail) for one in audit.every(centre.store) if one.action == "access"]


def test_what_a_person_may_not_is_in_the_trail_once_an_hour(centre: Centre, outside: TestClient) -> None:
    clerk = seat(centre, outside, somebody(centre, Role.CLERK))

    asked = [clerk.get(path).status_code for path in ("/api/v1/audit", "/api/v1/audit", "/api/v1/people")]

    assert asked == [403, 403, 403]
    assert refused(centre) == [
        ("lan", "/api/v1/audit", '{"permission":"audit.read"}'),
        ("lan", "/api/v1/people", '{"permission":"people.read"}'),
    ]


def test_whom_nobody_knows_fills_no_trail(centre: Centre, outside: TestClient) -> None:
    assert outside.get("/api/v1/audit").status_code == 401
    assert refused(centre) == []


def test_an_hour_later_it_is_written_again_and_a_broken_store_costs_no_answer(
    centre: Centre, caplog: pytest.LogCaptureFixture
) -> None:
    times = [0, HOUR_MS - 1, HOUR_MS, 2 * HOUR_MS]
    noting = RefusedAccess(centre.store, lambda: times.pop(0))
    for _ in range(3):
        noting.note("lan", "10.0.0.1", Permission.AUDIT_READ, "/api/v1/audit")
    assert len(refused(centre)) == 2

    with centre.store.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE audit RENAME TO gone")
    noting.note("lan", "10.0.0.1", Permission.AUDIT_READ, "/api/v1/audit")
    assert "is not in the trail" in caplog.text
