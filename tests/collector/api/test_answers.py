from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from machxa_collector.api import __main__ as document_command
from machxa_wire.records import Bye, Event, Facts, Gap, Hello, Place, Stamp
from tests.collector.api.conftest import Centre
from tests.collector.builders import (
    DAY_MS,
    MIDNIGHT,
    STREAM,
    TEMPERATURE,
    UPTIME,
    Known,
    enrol,
    samples,
    take,
)
from tests.collector.builders import pipeline as intake

NOON = "2024-10-04T12:00:00"
BODY = {
    "hardware": {"name": "VP-THONGKE-02"},
    "bios": {"smanufacturer": "Dell Inc.", "smodel": "OptiPlex 3020", "ssn": "7XK2M52"},
}


def stamp(time: int) -> Stamp:
    return Stamp("0badcafe.1", time, 1000)


@pytest.fixture
def lived_in(store: Engine, agent: Known) -> Known:
    """Return an agent from which every kind of record came."""
    take(
        store,
        agent,
        Hello(stamp(MIDNIGHT), STREAM, 9, 0, 0, "pc", {"agent": "0.1.0"}, None),
        samples(1, MIDNIGHT, (0, 60), ((5, 6), (41_500, None)), (UPTIME, TEMPERATURE)),
        Facts(Place(STREAM, 2), stamp(MIDNIGHT), BODY),
        Event(Place(STREAM, 3), stamp(MIDNIGHT + 1), "machxa.agent.start", {"restarts": 3}),
        Gap(Place(STREAM, 4), stamp(MIDNIGHT + 2), STREAM, 6, 7, 2, "full"),
        Bye(Place(STREAM, 9), stamp(MIDNIGHT + 3), "shutdown"),
        now_ms=MIDNIGHT + 90_000,
    )
    return agent


def test_an_asset_says_who_it_is_from_its_facts_and_how_it_does(
    client: TestClient, centre: Centre, lived_in: Known
) -> None:
    centre.now_ms = MIDNIGHT + 100_000

    body = client.get(f"/api/v1/assets/{lived_in.asset}").json()

    assert body == {
        "id": lived_in.asset,
        "kind": "computer",
        "name": "VP-THONGKE-02",
        "vendor": "Dell Inc.",
        "model": "OptiPlex 3020",
        "serial": "7XK2M52",
        "unit": None,
        "code": None,
        "status": "draft",
        "location": None,
        "tags": [],
        "merged_from": None,
        "book": {
            **dict.fromkeys(("acquired_on", "acquired_year", "cost_vnd", "book_value_vnd", "norm_row", "budget")),
            **dict.fromkeys(("owner", "supplier", "warranty_until", "pages", "pages_on")),
            **dict.fromkeys(("acquired_source", "cost_source"), "unknown"),
            "book_class": "office",
        },
        "agent": {"id": lived_in.id, "role": "pc", "unsigned": False},
        "presence": {"state": "off", "since": "2024-10-04T00:01:30.000Z"},
        "last_seen": "2024-10-04T00:01:30.000Z",
        "age_seconds": 10,
        "facts": {"observed_at": body["facts"]["observed_at"], "body": BODY},
        "newest": [
            {"name": "system.uptime", "labels": {}, "value": 6, "at": body["newest"][0]["at"]},
            {"name": "hw.temperature", "labels": {"hw.id": "cpu"}, "value": None, "at": body["newest"][1]["at"]},
        ],
        "watched_by": [],
        "watches": [],
    }


def test_an_asset_that_never_reported_says_so(client: TestClient, agent: Known) -> None:
    body = client.get(f"/api/v1/assets/{agent.asset}").json()

    assert (body["last_seen"], body["age_seconds"], body["facts"], body["newest"]) == (None, None, None, [])
    assert body["presence"] == {"state": "unknown", "since": None}


def test_raw_samples_are_seconds_and_values_in_the_metrics_own_unit(
    client: TestClient, store: Engine, agent: Known
) -> None:
    take(store, agent, samples(1, MIDNIGHT + 250, (0, 60), ((41_500, None),), (TEMPERATURE,)))
    asked = {"name": "hw.temperature", "from": "2024-10-04T00:00:00Z", "to": "2024-10-05T00:00:00Z"}

    body = client.get(f"/api/v1/assets/{agent.asset}/samples", params=asked).json()

    second = MIDNIGHT // 1000
    points = [[second + 0.25, 41.5], [second + 60.25, None]]
    assert body == {
        "name": "hw.temperature",
        "step": "raw",
        "series": [{"labels": {"hw.id": "cpu"}, "points": points}],
    }


def test_rolled_up_samples_are_bucket_min_mean_max_last_count(client: TestClient, store: Engine, agent: Known) -> None:
    take(store, agent, samples(1, MIDNIGHT, (0, 60, 120), ((1, 2, 6),)))
    asked = {"name": "system.uptime", "from": "2024-10-04", "to": "2024-10-05", "step": "5m"}

    body = client.get(f"/api/v1/assets/{agent.asset}/samples", params=asked).json()

    assert body["series"] == [{"labels": {}, "points": [[MIDNIGHT // 1000, 1, 3.0, 6, 6, 3]]}]


def test_the_ledger_shows_missing_and_declared_lost_apart(client: TestClient, lived_in: Known) -> None:
    body = client.get(f"/api/v1/agents/{lived_in.id}/ledger").json()

    assert body == {
        "agent": lived_in.id,
        "streams": [
            {
                "stream": STREAM,
                "contiguous": 4,
                "highest": 9,
                "received": 5,
                "declared_lost": 2,
                "duplicates_refused": 0,
                "missing": [[5, 5], [8, 8]],
                "declared": [[6, 7]],
            }
        ],
    }


def test_a_refused_payload_is_counted_with_its_reason_and_never_shown(
    client: TestClient, store: Engine, agent: Known
) -> None:
    from machxa_collector.intake.admit import Arrival  # noqa: PLC0415 - the one test that sends by hand
    from machxa_wire.topics import Address  # noqa: PLC0415

    intake(store, MIDNIGHT).process([Arrival(Address(agent.id, agent.shard).up, b"{secret", None)])

    body = client.get("/api/v1/refusals").json()

    assert body["refusals"] == [{"reason": "mac", "count": 1, "last_at": "2024-10-04T00:00:00.000Z"}]
    assert [(one["agent"], one["reason"], one["size"]) for one in body["quarantine"]] == [(agent.id, "mac", 7)]
    assert "secret" not in json.dumps(body)


def test_events_come_newest_first_page_by_page_none_twice_none_missing(
    client: TestClient, store: Engine, agent: Known
) -> None:
    told = [Event(Place(STREAM, n), stamp(MIDNIGHT + n // 2), "machxa.test", {"n": n}) for n in range(1, 8)]
    take(store, agent, *told)

    pages = [client.get("/api/v1/events", params={"limit": 3}).json()]
    while pages[-1]["next"]:
        newer = Event(Place(STREAM, 100 + len(pages)), stamp(MIDNIGHT + 500), "machxa.late", {})
        take(store, agent, newer)
        pages.append(client.get("/api/v1/events", params={"limit": 3, "cursor": pages[-1]["next"]}).json())

    assert [event["attributes"]["n"] for page in pages for event in page["events"]] == [7, 6, 5, 4, 3, 2, 1]


def test_events_are_given_of_one_agent_and_of_one_time(client: TestClient, store: Engine, lived_in: Known) -> None:
    other = enrol(store, "may-tinh-02")
    take(store, other, Event(Place(STREAM, 1), stamp(MIDNIGHT + DAY_MS), "machxa.other", {}))

    of_agent = client.get("/api/v1/events", params={"agent": lived_in.id}).json()["events"]
    of_time = client.get("/api/v1/events", params={"from": "2024-10-04T12:00:00Z"}).json()["events"]

    assert {one["kind"] for one in of_agent} == {"event", "gap", "bye"}
    assert [one["agent"] for one in of_time] == [other.id]


def test_assets_come_page_by_page(client: TestClient, store: Engine) -> None:
    expected = sorted(enrol(store, f"may-{n}").asset for n in range(5))

    first = client.get("/api/v1/assets", params={"limit": 3}).json()
    second = client.get("/api/v1/assets", params={"limit": 3, "cursor": first["next"]}).json()

    assert [one["id"] for page in (first, second) for one in page["assets"]] == expected
    assert second["next"] is None


def test_a_time_no_calendar_can_say_stops_no_answer(client: TestClient, store: Engine, agent: Known) -> None:
    take(store, agent, Event(Place(STREAM, 1), stamp(2**53 - 1), "machxa.far", {}))
    take(store, agent, samples(2, -(2**53), (0,), ((1,),)))

    body = client.get("/api/v1/events").json()

    assert [one["at"] for one in body["events"]] == [None]
    assert client.get(f"/api/v1/assets/{agent.asset}").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/assets",
        "/api/v1/assets/{asset}",
        "/api/v1/assets/{asset}/samples?name=system.uptime&from=2024-10-04&to=2024-10-05",
        "/api/v1/agents/{agent}/ledger",
        "/api/v1/refusals",
        "/api/v1/events",
        "/api/v1/settings",
        "/api/v1/openapi.json",
    ],
)
def test_what_the_caller_has_already_is_not_sent_again(client: TestClient, lived_in: Known, path: str) -> None:
    path = path.format(asset=lived_in.asset, agent=lived_in.id)
    first = client.get(path)

    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    other = client.get(path, headers={"If-None-Match": 'W/"other"'})

    assert (first.status_code, again.status_code, other.status_code) == (200, 304, 200)
    assert again.content == b""
    assert again.headers["etag"] == first.headers["etag"]


@pytest.mark.parametrize(
    ("described", "path"),
    [
        ("/healthz", "/healthz"),
        ("/readyz", "/readyz"),
        ("/api/v1/assets", "/api/v1/assets"),
        ("/api/v1/assets/{asset_id}", "/api/v1/assets/{asset}"),
        ("/api/v1/assets/{asset_id}/samples", "/api/v1/assets/{asset}/samples?name=system.uptime&from=2024-10-04"),
        ("/api/v1/assets/{asset_id}/samples", "/api/v1/assets/{asset}/samples?name=system.uptime&from=2024&step=1h"),
        ("/api/v1/assets/{asset_id}/disks", "/api/v1/assets/{asset}/disks"),
        ("/api/v1/agents/{agent_id}/ledger", "/api/v1/agents/{agent}/ledger"),
        ("/api/v1/refusals", "/api/v1/refusals"),
        ("/api/v1/events", "/api/v1/events"),
        ("/api/v1/settings", "/api/v1/settings"),
    ],
)
def test_answers_are_as_the_openapi_document_says(
    client: TestClient, store: Engine, centre: Centre, lived_in: Known, described: str, path: str
) -> None:
    centre.now_ms = MIDNIGHT + 3_600_000
    intake(store, MIDNIGHT).process([])
    document: dict[str, Any] = client.get("/api/v1/openapi.json").json()
    schema = document["paths"][described]["get"]["responses"]["200"]["content"]["application/json"]["schema"]

    answer = client.get(path.format(asset=lived_in.asset, agent=lived_in.id))

    assert answer.status_code == 200
    jsonschema.validate(answer.json(), {**schema, "components": document["components"]})


def test_the_kept_openapi_document_is_current() -> None:
    folder = Path(__file__).parents[3] / "docs"

    assert document_command.main(["--check", "--folder", str(folder)]) == 0
