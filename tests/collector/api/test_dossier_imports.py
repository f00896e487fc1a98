from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from machxa_collector.api.dossier_import_view import import_view
from machxa_collector.registry.people import Role
from machxa_collector.registry.tokens import Purpose
from machxa_collector.store import preferences
from machxa_collector.store.dossiers import imports
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import seat, somebody
from tests.collector.builders import assert_problem

HEADING = "dossierNo,govAgencyCode,domainCode,receiveDate,releaseDate,online\n"
GOOD = HEADING + "H62-1,29374,Hộ tịch,01/10/2024 09:00,02/10/2024 16:30,true\n"
BAD = GOOD + "H62-2,H62.12,Hộ tịch,01/10/2024 09:00,,false\n"


@pytest.fixture
def keeper(centre: Centre, client: TestClient) -> Iterator[TestClient]:
    """Return a caller with an API token, of a centre that serves Vĩnh Long and knows one dossier system."""
    with centre.store.begin() as connection:
        preferences.set_home(connection, "86")
    client.headers["Authorization"] = f"Bearer {centre.token(Purpose.API)}"
    made = client.post("/api/v1/dossiers/sources", json={"id": "tinh", "name": "Một cửa tỉnh"})
    assert made.status_code == 201, made.text
    return client


def uploaded(caller: TestClient, text: str, **query: str) -> dict[str, object]:
    answer = caller.post(
        "/api/v1/dossiers/imports", content=text.encode(), headers={"Content-Type": "text/csv"},
        params={"source": "tinh", "name": "a.csv", **query},
    )  # fmt: skip
    assert answer.status_code == 201, answer.text
    body: dict[str, object] = answer.json()
    return body


def finished(caller: TestClient, import_id: object) -> dict[str, object]:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        body: dict[str, object] = caller.get(f"/api/v1/dossiers/imports/{import_id}").json()
        if body["state"] != "running":
            return body
    raise AssertionError("it is still running after 20 s")


def test_a_file_is_previewed_mapped_taken_in_aged_and_undone(keeper: TestClient) -> None:
    made = uploaded(keeper, BAD)
    path = f"/api/v1/dossiers/imports/{made['id']}"
    errors = keeper.get(f"{path}/errors").content.decode("utf-8-sig").splitlines()

    mapped = keeper.put(f"{path}/mapping", json={"units": {"H62.12": "29410"}, "save_as": "tỉnh ta"}).json()
    started = keeper.post(f"{path}/apply")
    done = finished(keeper, made["id"])
    told = keeper.get("/api/v1/dossiers/sources").json()
    undone = keeper.post(f"{path}/undo").json()

    assert (made["state"], made["new"], made["bad"], made["unknown_units"]) == ("previewed", 1, 1, [["H62.12", 1]])
    assert len(errors) == 2
    assert (mapped["new"], mapped["bad"], mapped["mapping"], mapped["mapping_version"]) == (2, 0, "tỉnh ta", 1)
    assert started.status_code == 202
    assert (done["state"], done["new"], done["last_day"]) == ("done", 2, "2024-10-02")
    assert told["mappings"] == ["counts", "opencps-v2", "opencps-v2-counts", "rows", "tỉnh ta"]
    assert told["sources"][0]["as_of"] == "2024-10-02T09:30:00.000Z"
    assert told["sources"][0]["age_seconds"] > 0
    assert (undone["state"], undone["undone_by"] is not None) == ("undone", True)
    assert keeper.get("/api/v1/dossiers/sources").json()["sources"][0]["as_of"] is None
    assert [one["state"] for one in keeper.get("/api/v1/dossiers/imports").json()["imports"]] == ["undone"]


def test_acts_out_of_turn_are_refused(keeper: TestClient) -> None:
    made = uploaded(keeper, GOOD)
    path = f"/api/v1/dossiers/imports/{made['id']}"

    assert_problem(keeper.post(f"{path}/undo"), 409)
    assert_problem(keeper.put(f"{path}/mapping", json={"units": {"a": "b"}}), 422)
    keeper.post(f"{path}/apply")
    finished(keeper, made["id"])
    assert_problem(keeper.post(f"{path}/apply"), 409)
    assert_problem(keeper.delete(path), 409)
    again = uploaded(keeper, GOOD)
    assert again["before"] == made["id"]
    assert keeper.delete(f"/api/v1/dossiers/imports/{again['id']}").status_code == 204
    assert_problem(keeper.get(f"/api/v1/dossiers/imports/{again['id']}"), 404)
    assert_problem(
        keeper.post(
            "/api/v1/dossiers/imports", content=b"a", params={"source": "x"}, headers={"Content-Type": "text/csv"}
        ),
        404,
    )


def test_a_persons_data_is_refused_in_both_languages(keeper: TestClient) -> None:
    answer = keeper.post(
        "/api/v1/dossiers/imports", params={"source": "tinh"}, headers={"Content-Type": "text/csv"},
        content=(HEADING.strip() + ",CCCD\nH62-1,29374,Hộ tịch,01/10/2024 09:00,,true,086123456789\n").encode(),
    )  # fmt: skip

    assert answer.status_code == 422
    assert "cột 'CCCD' có số căn cước" in answer.json()["vi"]
    assert keeper.get("/api/v1/dossiers/imports").json() == {"imports": []}


@pytest.mark.parametrize(
    "asked",
    [
        {"pull": {"url": "http://motcua.example/x", "every_minutes": 60}},
        {"pull": {"url": "https://user:secret@motcua.example/x", "every_minutes": 60}},
        {"pull": {"url": "https://motcua.example/x", "every_minutes": 1}},
        {"folders": True},
    ],
)
def test_a_source_that_cannot_be_asked_so_is_refused(keeper: TestClient, asked: dict[str, object]) -> None:
    assert_problem(keeper.post("/api/v1/dossiers/sources", json={"id": "bo", "name": "Bộ", "asked": asked}), 422)


def test_a_source_is_changed_and_its_name_taken_once(keeper: TestClient) -> None:
    body = {"id": "tinh", "name": "Một cửa mới", "asked": {"mapping": "rows", "folder": True}}

    changed = keeper.put("/api/v1/dossiers/sources/tinh", json=body).json()

    assert (changed["name"], changed["mapping"], changed["folder"]) == ("Một cửa mới", "rows", True)
    assert_problem(keeper.post("/api/v1/dossiers/sources", json=body), 409)
    body["asked"] = {"mapping": "none"}
    assert_problem(keeper.put("/api/v1/dossiers/sources/tinh", json=body), 404)


def test_flow_is_told_with_its_sample_and_learnt_anew_after_an_import(keeper: TestClient) -> None:
    before = keeper.get("/api/v1/dossiers/flow", params={"unit": "29374"}).json()
    # MIDNIGHT of the tests is in the autumn of 2024: five working days before it teach a unit's rate
    days = "".join(f"29374,Hộ tịch,{day:02}/09/2024,15,6\n" for day in (23, 24, 25, 26, 27))
    made = uploaded(keeper, "Đơn vị,Lĩnh vực,Ngày,Tiếp nhận,Trực tuyến\n" + days, mapping="counts")
    keeper.post(f"/api/v1/dossiers/imports/{made['id']}/apply")
    finished(keeper, made["id"])

    after = keeper.get("/api/v1/dossiers/flow", params={"unit": "29374"}).json()

    def monday(told: dict[str, list[dict[str, object]]]) -> dict[str, object]:
        return next(one for one in told["rates"] if one["group"] == "HT" and one["weekday"] == 0)

    assert monday(before)["level"] == "sources"
    assert monday(after) == {"group": "HT", "weekday": 0, "per_hour": 2.0, "level": "unit", "sample_days": 5}
    assert after["online"][0] == {"group": "HT", "online_ratio": 0.4, "level": "unit", "sample_days": 5}
    assert {(one["share_level"], one["share_dossiers"]) for one in after["session_rates"]} == {("hours", 0)}
    assert [
        (one["part"], one["per_day"], one["per_hour"], one["level"], one["sample_days"])
        for one in after["session_rates"]
        if (one["group"], one["weekday"]) == ("HT", 0)
    ] == [("morning", 8, 2, "unit", 5), ("afternoon", 7, 2, "unit", 5), ("outside", 0, None, "unit", 5)]
    assert {"group": "HT", "weekday": 0, "per_hour": 0.8, "level": "unit", "sample_days": 5} | {
        "stage": "receive_online",
        "ratio": 0.4,
    } in after["stages"]
    assert_problem(keeper.get("/api/v1/dossiers/flow", params={"unit": "nowhere"}), 404)


def test_what_lies_outside_the_territory_is_neither_seen_nor_taken_in(
    centre: Centre, keeper: TestClient, outside: TestClient
) -> None:
    made = uploaded(keeper, GOOD)
    commune = seat(centre, outside, somebody(centre, Role.FINANCE, scope="29410"), Role.FINANCE)

    assert_problem(commune.get(f"/api/v1/dossiers/imports/{made['id']}"), 404)
    assert_problem(commune.get("/api/v1/dossiers/flow", params={"unit": "29374"}), 404)
    theirs = uploaded(commune, GOOD)
    assert (theirs["new"], theirs["bad"]) == (0, 1)
    assert "outside your territory" in str(theirs["problems"])
    listed = commune.get("/api/v1/dossiers/imports").json()["imports"]
    assert [one["id"] for one in listed] == [theirs["id"]]


def test_who_sees_one_commune_alone_keeps_no_mapping_for_all(
    centre: Centre, keeper: TestClient, outside: TestClient
) -> None:
    commune = seat(centre, outside, somebody(centre, Role.FINANCE, scope="29374"), Role.FINANCE)
    path = f"/api/v1/dossiers/imports/{uploaded(commune, BAD)['id']}/mapping"

    named = commune.put(path, json={"units": {"H62.12": "29374"}, "save_as": "opencps-v2"})
    unnamed = commune.put(path, json={"units": {"H62.12": "29374"}})

    assert_problem(named, 409)
    assert (unnamed.status_code, unnamed.json()["bad"]) == (200, 0)
    assert "tinh" in keeper.get("/api/v1/dossiers/sources").text


def test_an_import_that_ends_while_it_is_looked_at_is_not_called_untouched(centre: Centre, keeper: TestClient) -> None:
    made = uploaded(keeper, GOOD)
    before = imports.one(centre.store, str(made["id"]))
    assert before is not None
    keeper.post(f"/api/v1/dossiers/imports/{made['id']}/apply")
    assert finished(keeper, made["id"])["state"] == "done"

    assert import_view(centre.deps(loopback_open=False), before)["state"] == "done"
