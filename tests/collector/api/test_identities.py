from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, update

from machxa_collector.registry.people import Role
from machxa_collector.registry.tokens import Purpose
from machxa_collector.store import tables
from machxa_collector.store.moves import place_on
from machxa_wire.records import Facts, Place, Stamp
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import seat, somebody
from tests.collector.api.places_of_assets import HA_NOI, VINH_LONG
from tests.collector.builders import MIDNIGHT, STREAM, Known, assert_problem, enrol, take

MINUTE_MS = 60_000
PC = {
    "hardware": {"name": "VP-01", "uuid": "4c4c4544-0046-3510-8052-b7c04f4a4d32"},
    "bios": {"ssn": "F5RJM2Z", "msn": "Default string"},
    "networks": [{"mac": "f8:b1:56:ab:cd:01"}],
}


@pytest.fixture
def keeper(centre: Centre, client: TestClient) -> TestClient:
    """Return a caller who may change the registry."""
    client.headers["authorization"] = f"Bearer {centre.token(Purpose.API)}"
    return client


@pytest.fixture
def twins(store: Engine, centre: Centre) -> tuple[Known, Known]:
    """Return two agents that live at once and tell one board: a finding for a person."""
    first, second = enrol(store, "VP-01"), enrol(store, "VP-02")
    for agent in (first, second):
        take(store, agent, Facts(Place(STREAM, 1), Stamp("0badcafe.1", MIDNIGHT, 1000), PC))
    centre.now_ms = MIDNIGHT + 10 * MINUTE_MS
    return first, second


def validated(client: TestClient, described: str, path: str) -> Any:  # noqa: ANN401 - JSON of any shape
    """Return an answer that is as the OpenAPI document says."""
    document: dict[str, Any] = client.get("/api/v1/openapi.json").json()
    schema = document["paths"][described]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    answer = client.get(path)
    assert answer.status_code == 200
    jsonschema.validate(answer.json(), {**schema, "components": document["components"]})
    return answer.json()


def test_an_asset_says_by_which_marks_it_is_known_and_which_were_refused(
    keeper: TestClient, twins: tuple[Known, Known]
) -> None:
    body = validated(keeper, "/api/v1/assets/{asset_id}/identity", f"/api/v1/assets/{twins[0].asset}/identity")

    assert [(one["kind"], one["value"], one["is_current"]) for one in body["marks"]] == [
        ("mac", "F8:B1:56:AB:CD:01", True),
        ("serial", "F5RJM2Z", True),
        ("uuid", "44454C4C-4600-1035-8052-B7C04F4A4D32", True),
    ]
    assert body["refused"] == [{"kind": "board", "value": "DEFAULTSTRING", "why": "placeholder"}]
    assert [one["agent"] for one in body["agents"]] == [twins[0].id]
    assert [(one["verdict"], one["reason"], one["asset"]["id"]) for one in body["findings"]] == [
        ("conflict", "both_alive", twins[1].asset)
    ]


def test_open_findings_are_listed_with_what_agreed(keeper: TestClient, twins: tuple[Known, Known]) -> None:
    body = validated(keeper, "/api/v1/identity-findings", "/api/v1/identity-findings?open=true")

    (finding,) = body["findings"]
    assert finding["about"] == {"id": twins[0].asset, "name": "VP-01"}
    assert {one["kind"]: one["agreement"] for one in finding["evidence"]} == {
        "uuid": "agrees",
        "serial": "agrees",
        "mac": "agrees",
    }
    assert keeper.get("/api/v1/identity-findings?open=false").json() == {"findings": [], "next": None}


def test_a_merge_is_made_followed_and_undone(keeper: TestClient, twins: tuple[Known, Known]) -> None:
    kept, absorbed = twins[0].asset, twins[1].asset

    made = keeper.post(f"/api/v1/assets/{kept}/merge", json={"absorb": absorbed}).json()
    listed = [one["id"] for one in keeper.get("/api/v1/assets").json()["assets"]]
    followed = validated(keeper, "/api/v1/assets/{asset_id}", f"/api/v1/assets/{absorbed}")
    known = validated(keeper, "/api/v1/assets/{asset_id}/identity", f"/api/v1/assets/{absorbed}/identity")
    undone = keeper.post(f"/api/v1/merges/{made['merge']}/undo").json()

    assert listed == [kept]
    assert (followed["id"], followed["merged_from"]) == (kept, absorbed)
    assert (known["asset"], known["merges"][0]["actor"] != "vote") == (kept, True)
    assert undone == {"merge": made["merge"], "kept": kept, "absorbed": absorbed}
    assert len(keeper.get("/api/v1/assets").json()["assets"]) == 2
    assert keeper.get("/api/v1/identity-findings?open=true").json()["findings"] == []


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        pytest.param("/assets/{0}/merge", {"absorb": "{0}"}, 409, id="into itself"),
        pytest.param("/assets/{0}/merge", {"absorb": "nobody"}, 404, id="absorbs nobody"),
        pytest.param("/assets/nobody/merge", {"absorb": "{0}"}, 404, id="nobody absorbs"),
        pytest.param("/merges/77/undo", None, 404, id="no such merge"),
        pytest.param("/assets/{0}/split", {"agent": "{agent}"}, 409, id="the only agent"),
        pytest.param("/assets/{0}/split", {"agent": "nobody"}, 409, id="no agent of it"),
        pytest.param("/assets/{0}/move", {"unit": "77777"}, 422, id="no unit"),
        pytest.param("/assets/{0}/move", {"unit": "29506", "at": "2099-01-01T00:00:00Z"}, 409, id="in the future"),
        pytest.param("/identity-findings/77/decide", {"decision": "same"}, 404, id="no such finding"),
        pytest.param("/identity-findings/1/decide", {"decision": "perhaps"}, 422, id="no decision"),
    ],
)
def test_what_cannot_be_done_is_refused_with_its_reason(
    keeper: TestClient, twins: tuple[Known, Known], path: str, body: dict[str, str] | None, status: int
) -> None:
    names = {"agent": twins[0].id}
    filled = body and {key: value.format(twins[0].asset, **names) for key, value in body.items()}

    answer = keeper.post("/api/v1" + path.format(twins[0].asset), json=filled)

    assert_problem(answer, status)


@pytest.mark.parametrize(("decision", "left"), [("same", 1), ("apart", 2), ("settled", 2)])
@pytest.mark.usefixtures("twins")
def test_a_person_decides_what_the_vote_left_open(keeper: TestClient, decision: str, left: int) -> None:
    (finding,) = keeper.get("/api/v1/identity-findings?open=true").json()["findings"]

    answer = keeper.post(f"/api/v1/identity-findings/{finding['pk']}/decide", json={"decision": decision})

    assert answer.json() == {"finding": finding["pk"]}
    assert keeper.get("/api/v1/identity-findings?open=true").json()["findings"] == []
    assert len(keeper.get("/api/v1/assets").json()["assets"]) == left
    assert_problem(keeper.post(f"/api/v1/identity-findings/{finding['pk']}/decide", json={"decision": "same"}), 409)


def test_a_device_that_moves_keeps_its_history_and_where_it_stood(
    keeper: TestClient, centre: Centre, store: Engine, twins: tuple[Known, Known]
) -> None:
    asset = twins[0].asset
    keeper.post(f"/api/v1/assets/{asset}/move", json={"unit": "29410"})
    centre.now_ms = MIDNIGHT + 50 * MINUTE_MS

    moved = keeper.post(f"/api/v1/assets/{asset}/move", json={"unit": VINH_LONG, "at": "2024-10-04T00:30:00Z"})

    assert moved.status_code == 200
    assert [one["unit"] for one in keeper.get(f"/api/v1/assets/{asset}/identity").json()["places"]] == [
        VINH_LONG,
        "29410",
    ]
    with store.connect() as connection:
        stood = [place_on(connection, asset, MIDNIGHT + minute * MINUTE_MS) for minute in (0, 20, 30, 99)]
    assert stood == [None, "29410", VINH_LONG, VINH_LONG]
    assert [one["id"] for one in keeper.get(f"/api/v1/assets?unit={VINH_LONG}").json()["assets"]] == [asset]
    assert_problem(keeper.post(f"/api/v1/assets/{asset}/move", json={"unit": VINH_LONG}), 409)
    early = {"unit": "29410", "at": "2024-10-04T00:20:00Z"}
    assert_problem(keeper.post(f"/api/v1/assets/{asset}/move", json=early), 409)


def test_a_move_is_taken_back_like_any_act(keeper: TestClient, twins: tuple[Known, Known]) -> None:
    asset = twins[0].asset
    moved = keeper.post(f"/api/v1/assets/{asset}/move", json={"unit": VINH_LONG}).json()

    keeper.post(f"/api/v1/batches/{moved['batch']}/undo")

    assert keeper.get(f"/api/v1/assets/{asset}").json()["unit"] is None


def test_nothing_of_another_territory_is_named_merged_or_decided(
    outside: TestClient, centre: Centre, store: Engine, twins: tuple[Known, Known]
) -> None:
    with store.begin() as connection:
        for agent, unit in zip(twins, (VINH_LONG, HA_NOI), strict=True):
            connection.execute(update(tables.assets).where(tables.assets.c.id == agent.asset).values(unit=unit))
    outside.base_url = outside.base_url.copy_with(scheme="https")
    seat(centre, outside, somebody(centre, Role.ADMIN, scope="86"), Role.ADMIN)
    mine, theirs = twins[0].asset, twins[1].asset

    (finding,) = outside.get("/api/v1/identity-findings").json()["findings"]

    assert (finding["asset"], finding["agent"], finding["about"]) == (None, None, {"id": mine, "name": "VP-01"})
    assert [one["arrived"] for one in finding["evidence"]] == [[], [], []]
    assert_problem(outside.get(f"/api/v1/assets/{theirs}/identity"), 404)
    assert_problem(outside.post(f"/api/v1/assets/{mine}/merge", json={"absorb": theirs}), 404)
    assert_problem(outside.post(f"/api/v1/assets/{mine}/move", json={"unit": HA_NOI}), 422)
    decide = f"/api/v1/identity-findings/{finding['pk']}/decide"
    assert_problem(outside.post(decide, json={"decision": "same"}), 404)
