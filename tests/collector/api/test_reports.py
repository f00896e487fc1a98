"""What people report is kept once, within their territory, as it was told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from machxa_collector.api.app import create_app
from machxa_collector.registry.people import Role
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import seat, somebody

PATH = "/api/v1/reports"
UNIT = "86"
KEY = {"Idempotency-Key": "0123456789abcdef"}
TOLD = {
    "unit": UNIT,
    "category": "printer",
    "symptom": "error",
    "text": "Máy in báo lỗi\u0007 đỏ",
    "at": 1_728_000_000_000,
}


@pytest.fixture
def caller(centre: Centre) -> Iterator[TestClient]:
    """Return a browser in which a leader of the province 86 is signed in."""
    app = create_app(centre.deps(loopback_open=False))
    with TestClient(app, base_url="https://may-chu.xa.example") as made:
        seat(centre, made, somebody(centre, Role.LEADER, scope="86"), Role.LEADER)
        yield made


def test_a_report_is_kept_once_however_often_it_is_sent(caller: TestClient) -> None:
    first, second = (caller.post(PATH, json=TOLD, headers=KEY) for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert first.json() == {
        "id": first.json()["id"],
        "unit": "86",
        "category": "printer",
        "symptom": "error",
        "text": "Máy in báo lỗi đỏ",
        "at": "2024-10-04T00:00:00.000Z",
        "received_at": first.json()["received_at"],
        "source": "direct",
        "reporter": "lan",
        "state": "unverified",
        **dict.fromkeys(("agent", "device", "system", "waiting", "began_at", "incident")),
        "stages": [],
        "photo": False,
    }
    assert caller.get(PATH).json() == {"reports": [first.json()], "next": None}


def test_a_report_without_its_time_is_the_same_when_sent_again_later(caller: TestClient, centre: Centre) -> None:
    told = {"unit": UNIT, "category": "network"}
    first = caller.post(PATH, json=told, headers=KEY)
    centre.now_ms += 60_000

    second = caller.post(PATH, json=told, headers=KEY)

    assert (second.status_code, second.json()) == (200, first.json())


def test_a_key_stands_for_one_report(caller: TestClient) -> None:
    caller.post(PATH, json=TOLD, headers=KEY)

    assert caller.post(PATH, json={**TOLD, "text": "khác"}, headers=KEY).status_code == 409


@pytest.mark.parametrize(
    ("change", "headers", "status"),
    [
        ({"unit": "01"}, KEY, 404),
        ({"unit": "../86"}, KEY, 422),
        ({"category": "weather"}, KEY, 422),
        ({"text": "x" * 501}, KEY, 422),
        ({"at": -1}, KEY, 422),
        ({"name": "x"}, KEY, 422),
        ({}, {}, 422),
        ({}, {"Idempotency-Key": "short"}, 422),
    ],
    ids=["another territory", "no code", "category", "long", "time", "extra field", "no key", "short key"],
)
def test_what_is_no_report_is_refused(
    caller: TestClient, change: dict[str, object], headers: dict[str, str], status: int
) -> None:
    assert caller.post(PATH, json={**TOLD, **change}, headers=headers).status_code == status
    assert caller.get(PATH).json()["reports"] == []


def test_reports_are_listed_newest_first_and_page_by_page(caller: TestClient, centre: Centre) -> None:
    for number in range(3):
        centre.now_ms += 1000
        headers = {"Idempotency-Key": f"report-number-{number:04}"}
        caller.post(PATH, json={**TOLD, "text": str(number)}, headers=headers)

    first = caller.get(PATH, params={"limit": 2}).json()
    second = caller.get(PATH, params={"limit": 2, "cursor": first["next"]}).json()

    assert [one["text"] for one in (*first["reports"], *second["reports"])] == ["2", "1", "0"]
    assert second["next"] is None
