from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, update

from machxa_collector.planning.told import asset_of
from machxa_collector.registry.people import Role
from machxa_collector.registry.people.territory import EVERYWHERE
from machxa_collector.registry.tokens import Purpose
from machxa_collector.store import tables
from machxa_collector.store.planning import booked
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import seat, somebody
from tests.collector.api.places_of_assets import HA_NOI, VINH_LONG, put_assets
from tests.collector.builders import MIDNIGHT

OTHER = "29410"  # another commune of province 86


@pytest.fixture
def keeper(centre: Centre, client: TestClient) -> TestClient:
    """Return a caller who may change the registry."""
    client.headers["authorization"] = f"Bearer {centre.token(Purpose.API)}"
    return client


def made(keeper: TestClient, **values: str) -> str:
    answer = keeper.post("/api/v1/registry/assets", json={"values": {"kind": "computer", **values}})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["record"]["id"])


def statuses(keeper: TestClient, *ids: str) -> list[str]:
    return [keeper.get(f"/api/v1/assets/{one}").json()["status"] for one in ids]


def test_drafts_are_confirmed_rejected_and_joined_at_once_and_taken_back(keeper: TestClient, store: Engine) -> None:
    (one, _), (two, _), (three, agent) = put_assets(store, VINH_LONG, 3, seed=1)
    with store.begin() as connection:
        its = {"serial": "F5RJM2Z", "vendor": "Dell"}
        connection.execute(update(tables.assets).where(tables.assets.c.id == three).values(its))
    book = made(keeper, name="Máy tính Dell", unit=VINH_LONG, serial="F5RJM2Z", code="TS-1", cost_vnd="15.500.000")

    listed = keeper.get("/api/v1/drafts").json()
    offered = {draft["id"]: [(c["id"], c["reasons"]) for c in draft["candidates"]] for draft in listed["drafts"]}
    assert listed["total"] == 3
    assert offered[three] == [(book, ["serial", "vendor", "kind"])]

    decisions = [
        {"draft": one, "decision": "confirm"},
        {"draft": two, "decision": "reject"},
        {"draft": three, "decision": "join", "entry": book},
    ]
    settled = keeper.post("/api/v1/drafts/decide", json={"decisions": decisions}).json()

    assert statuses(keeper, one, two, book) == ["in_use", "rejected", "in_use"]
    assert keeper.get(f"/api/v1/assets/{book}").json()["agent"]["id"] == agent
    assert keeper.get("/api/v1/drafts").json()["total"] == 0
    again = keeper.post("/api/v1/drafts/decide", json={"decisions": decisions[:1]})
    assert (again.status_code, again.json()["conflicts"][0]["record"]) == (409, one)

    keeper.post(f"/api/v1/batches/{settled['batch']['id']}/undo")
    keeper.post(f"/api/v1/merges/{settled['merges'][three]}/undo")

    assert {draft["id"] for draft in keeper.get("/api/v1/drafts").json()["drafts"]} == {one, two, three}


def test_one_draft_that_is_none_any_more_leaves_all_others_as_they_were(keeper: TestClient, store: Engine) -> None:
    (one, _), (two, _) = put_assets(store, VINH_LONG, 2, seed=1)
    book = made(keeper, name="Máy tính", unit=VINH_LONG)
    keeper.post("/api/v1/drafts/decide", json={"decisions": [{"draft": two, "decision": "confirm"}]})

    decisions = [{"draft": one, "decision": "reject"}, {"draft": two, "decision": "join", "entry": book}]
    answer = keeper.post("/api/v1/drafts/decide", json={"decisions": decisions})

    assert answer.status_code == 409
    assert statuses(keeper, one, two) == ["draft", "in_use"]


def test_drafts_of_another_province_are_neither_seen_nor_settled(
    outside: TestClient, centre: Centre, store: Engine
) -> None:
    ((there, _),) = put_assets(store, HA_NOI, 1, seed=1)
    seat(centre, outside, somebody(centre, Role.PROVINCE_IT, scope="86"), Role.PROVINCE_IT)

    decisions = [{"draft": there, "decision": "confirm"}]
    answer = outside.post("/api/v1/drafts/decide", json={"decisions": decisions})

    assert outside.get("/api/v1/drafts").json() == {"drafts": [], "total": 0, "next": None}
    assert answer.status_code == 404


def handover(keeper: TestClient, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    answer = keeper.post("/api/v1/handovers/preview", json={"of": VINH_LONG, "to": OTHER, **more})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_units_assets_are_handed_over_with_their_record_and_taken_back(keeper: TestClient) -> None:
    one = made(keeper, name="Máy tính", unit=VINH_LONG, code="TS-1", cost_vnd="15.500.000", acquired_year="2019")
    two = made(keeper, name="=1+1", kind="printer", unit=VINH_LONG)
    gone = made(keeper, name="Máy cũ", unit=VINH_LONG, status="disposed")

    shown = handover(keeper)
    assert (shown["count"], shown["cost_vnd"], shown["without_code"], shown["without_cost"]) == (2, 15_500_000, 1, 1)
    assert shown["kinds"] == [{"kind": "computer", "count": 1}, {"kind": "printer", "count": 1}]

    asked = {"of": VINH_LONG, "to": OTHER, "version": shown["version"], "reference": "QĐ 12/2026"}
    answer = keeper.post("/api/v1/handovers", json=asked)
    assert (answer.status_code, answer.json()["moved"]) == (201, 2)
    batch = answer.json()["batch"]["id"]
    assert [keeper.get(f"/api/v1/assets/{id_}").json()["unit"] for id_ in (one, two, gone)] == [OTHER, OTHER, VINH_LONG]
    rows = keeper.get(f"/api/v1/handovers/{batch}/record.csv").text.splitlines()
    assert rows[0].startswith('\ufeff"STT";"Mã tài sản";"Tên thiết bị"')
    assert rows[1].startswith('"1";"TS-1";"Máy tính"')
    assert ';"2019";"15500000";' in rows[1]
    assert rows[2].startswith('"2";"";"\'=1+1"')

    assert keeper.post("/api/v1/handovers", json=asked).status_code == 409  # nothing of it stands there any more
    assert keeper.post(f"/api/v1/batches/{batch}/undo").status_code == 200
    assert handover(keeper)["count"] == 2


def test_some_assets_alone_are_handed_over(keeper: TestClient) -> None:
    one, _ = (made(keeper, name=name, unit=VINH_LONG) for name in ("Máy 1", "Máy 2"))

    assert [asset["id"] for asset in handover(keeper, assets=[one])["assets"]] == [one]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"of": VINH_LONG, "to": HA_NOI}, 404),
        ({"of": VINH_LONG, "to": VINH_LONG}, 422),
        ({"of": VINH_LONG, "to": "99999"}, 404),
    ],
)
def test_a_handover_stays_within_ones_territory(
    outside: TestClient, centre: Centre, asked: dict[str, str], status: int
) -> None:
    seat(centre, outside, somebody(centre, Role.FINANCE, scope="86"), Role.FINANCE)

    assert outside.post("/api/v1/handovers/preview", json=asked).status_code == status


def test_assets_tell_what_the_books_say_with_its_source_and_are_chosen_by_it(keeper: TestClient, store: Engine) -> None:
    ((draft, _),) = put_assets(store, VINH_LONG, 1, seed=1)
    with store.begin() as connection:
        told = {"bios_on": date(2017, 3, 9)}
        connection.execute(update(tables.assets).where(tables.assets.c.id == draft).values(told))
    book = made(keeper, name="Máy", unit=VINH_LONG, acquired_on="4/5/2021", cost_vnd="15.500.000", owner="Đảng ủy")

    shown = {one["id"]: one["book"] for one in keeper.get("/api/v1/assets").json()["assets"]}

    came = [[shown[one][name] for name in ("acquired_on", "acquired_year", "acquired_source")] for one in (draft, book)]
    assert came == [[None, 2017, "estimated"], ["2021-05-04", 2021, "book"]]
    assert (shown[book]["cost_vnd"], shown[book]["book_class"], shown[book]["owner"]) == (15_500_000, "office", "party")
    for query, expected in (
        ({"owner": "party"}, [book]),
        ({"kind": "computer", "status": "draft"}, [draft]),
        ({"budget": "x"}, []),
    ):
        found = keeper.get("/api/v1/assets", params=query).json()["assets"]
        assert [one["id"] for one in found] == expected
    rows = keeper.get("/api/v1/exports/assets.csv", params={"owner": "party"}).text.splitlines()
    assert (len(rows), '"15500000"' in rows[1], '"04/05/2021"' in rows[1]) == (2, True, True)


def test_costs_are_null_for_who_may_not_see_them(outside: TestClient, centre: Centre, store: Engine) -> None:
    ((asset, _),) = put_assets(store, VINH_LONG, 1, seed=1)
    with store.begin() as connection:
        told = {"cost_vnd": 15_500_000, "book_value_vnd": 1, "budget": "Ngân sách xã"}
        connection.execute(update(tables.assets).where(tables.assets.c.id == asset).values(told))
    seat(centre, outside, somebody(centre, Role.CLERK, scope=VINH_LONG), Role.CLERK)

    book = outside.get(f"/api/v1/assets/{asset}").json()["book"]

    assert [book[name] for name in ("cost_vnd", "cost_source", "book_value_vnd")] == [None, "unknown", None]
    assert book["budget"] == "Ngân sách xã"


def test_what_is_not_the_units_own_is_planned_for_nowhere_and_what_is_missing_does_not_work(
    keeper: TestClient, store: Engine
) -> None:
    made(keeper, name="Máy của khách", unit=VINH_LONG, status="rejected")
    gone = made(keeper, name="Máy 1", unit=VINH_LONG, status="missing")

    planned = booked(store, EVERYWHERE, MIDNIGHT)

    assert [(one.id, asset_of(one, None).works) for one in planned] == [(gone, False)]
