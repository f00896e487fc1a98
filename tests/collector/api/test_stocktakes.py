from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from machxa_collector.registry.people import Role
from machxa_collector.registry.tokens import Purpose
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import seat, somebody
from tests.collector.api.places_of_assets import HA_NOI, VINH_LONG
from tests.collector.api.test_register import OTHER, made, statuses


@pytest.fixture
def keeper(centre: Centre, client: TestClient) -> TestClient:
    """Return a caller who may change the registry."""
    client.headers["authorization"] = f"Bearer {centre.token(Purpose.API)}"
    return client


def posted(caller: TestClient, path: str, status: int = 200, **asked: object) -> dict[str, Any]:
    answer = caller.post(f"/api/v1/stocktakes{path}", json=asked)
    assert answer.status_code == status, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_a_stock_take_ends_in_proposals_that_become_one_act_and_are_taken_back(keeper: TestClient) -> None:
    here = made(keeper, name="Máy 1", unit=VINH_LONG, code="TS-1")
    broken = made(keeper, name="Máy 2", unit=VINH_LONG, code="TS/2")
    gone = made(keeper, name="Máy 3", unit=VINH_LONG, code="TS-3")
    moved = made(keeper, name="Máy 4", unit=OTHER, code="TS-4")
    id_ = posted(keeper, "", 201, unit=VINH_LONG, note="Năm 2026")["id"]

    told = [
        posted(keeper, f"/{id_}/marks", code=code, **more)["outcome"]
        for code, more in (
            ("https://centre.example/q/TS-1", {"room": "P. 2"}),
            ("https://centre.example/q/TS%2F2", {"damaged": True}),
            ("ts-4", {}),
            ("LẠ-9", {}),
        )
    ]
    again = posted(keeper, f"/{id_}/marks", code="TS-1")

    assert told == ["found", "found", "moved", "unknown"]
    counts = {"expected": 3, "found": 2, "moved": 1, "damaged": 1, "missing": 1, "unknown": 1}
    assert (again["again"], again["counts"]) == (True, counts)
    assert statuses(keeper, here, broken, gone) == ["in_use"] * 3

    closed = posted(keeper, f"/{id_}/close")
    proposed = {one["asset"]: (one["why"], one["after"]) for one in closed["proposals"]}
    assert proposed == {
        gone: (["missing"], {"status": "missing"}),
        broken: (["damaged"], {"status": "broken"}),
        moved: (["moved"], {"unit": VINH_LONG}),
    }
    assert statuses(keeper, here, broken, gone) == ["in_use"] * 3  # proposals change nothing

    done = posted(keeper, f"/{id_}/apply", assets=[gone, broken, moved])

    assert (done["applied"], statuses(keeper, here, broken, gone)) == (3, ["in_use", "broken", "missing"])
    assert keeper.get(f"/api/v1/assets/{moved}").json()["unit"] == VINH_LONG
    assert keeper.post(f"/api/v1/stocktakes/{id_}/apply", json={"assets": [gone]}).status_code == 422
    assert keeper.post(f"/api/v1/batches/{done['batch']['id']}/undo").status_code == 200
    assert statuses(keeper, here, broken, gone) == ["in_use"] * 3


def test_a_closed_one_takes_no_marks_and_a_unit_has_one_open_at_a_time(keeper: TestClient) -> None:
    id_ = posted(keeper, "", 201, unit=VINH_LONG)["id"]

    posted(keeper, "", 409, unit=VINH_LONG)
    posted(keeper, f"/{id_}/close")
    posted(keeper, f"/{id_}/marks", 409, code="TS-1")
    posted(keeper, f"/{id_}/close", 409)

    assert posted(keeper, "", 201, unit=VINH_LONG)["id"] != id_
    assert [one["closed_at"] is None for one in keeper.get("/api/v1/stocktakes").json()["stocktakes"]].count(True) == 1


def test_a_proposal_about_what_has_changed_since_is_refused_with_its_name(keeper: TestClient) -> None:
    one = made(keeper, name="Máy 1", unit=VINH_LONG, code="TS-1")
    id_ = posted(keeper, "", 201, unit=VINH_LONG)["id"]
    posted(keeper, f"/{id_}/close")
    detail = keeper.get(f"/api/v1/registry/assets/{one}").json()
    keeper.put(f"/api/v1/registry/assets/{one}", json={"values": {"status": "disposed"}, "version": detail["version"]})

    answer = keeper.post(f"/api/v1/stocktakes/{id_}/apply", json={"assets": [one]})

    assert (answer.status_code, answer.json()["conflicts"][0]["record"]) == (409, one)


def test_a_mark_is_forgotten_and_an_empty_code_is_refused(keeper: TestClient) -> None:
    made(keeper, name="Máy 1", unit=VINH_LONG, code="TS-1")
    id_ = posted(keeper, "", 201, unit=VINH_LONG)["id"]
    posted(keeper, f"/{id_}/marks", code="TS-1")
    (line,) = keeper.get(f"/api/v1/stocktakes/{id_}").json()["lines"]

    after = keeper.delete(f"/api/v1/stocktakes/{id_}/marks/{line['mark']}").json()

    assert (line["state"], after["lines"][0]["state"]) == ("found", "waiting")
    posted(keeper, f"/{id_}/marks", 422, code="  ")
    assert keeper.delete(f"/api/v1/stocktakes/{id_}/marks/{line['mark']}").status_code == 404


def test_a_clerk_counts_their_own_commune_and_applies_nothing(outside: TestClient, centre: Centre) -> None:
    seat(centre, outside, somebody(centre, Role.CLERK, scope=VINH_LONG), Role.CLERK)

    posted(outside, "", 404, unit=HA_NOI)
    id_ = posted(outside, "", 201, unit=VINH_LONG)["id"]
    posted(outside, f"/{id_}/marks", code="X")
    closed = posted(outside, f"/{id_}/close")

    assert closed["may_apply"] is False
    assert outside.post(f"/api/v1/stocktakes/{id_}/apply", json={"assets": ["a"]}).status_code == 403
