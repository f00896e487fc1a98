"""A province changes what is assumed of dossiers: previewed, with a reason, every version kept, and back again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import delete

from machxa_collector.api.app import create_app
from machxa_collector.registry.people import Role
from machxa_collector.registry.tokens import Purpose
from machxa_collector.store import audit, models
from machxa_collector.store.tables import impact_models
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import seat, somebody
from tests.collector.builders import assert_problem
from tests.collector.stores import fresh_store

MODEL = "/api/v1/dossiers/model"
CSV = {"content-type": "text/csv"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SOFTER = {"section": "need", "stage": "receive_direct", "group": "", "channel": "", "name": "dossier", "value": "0,5"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Centre, TestClient]]:
    """Return one centre for all tests here, and a caller on its computer."""
    store = fresh_store(tmp_path_factory.mktemp("models") / "machxa.db")
    centre = Centre(store)
    with TestClient(
        create_app(centre.deps(loopback_open=True)), base_url="http://127.0.0.1:8470", follow_redirects=False
    ) as caller:
        yield centre, caller
    store.dispose()


@pytest.fixture(autouse=True)
def centre(served: tuple[Centre, TestClient]) -> Centre:
    """Return the centre with the shipped assumptions alone."""
    with served[0].store.begin() as connection:
        connection.execute(delete(impact_models))
    return served[0]


@pytest.fixture
def client(served: tuple[Centre, TestClient]) -> TestClient:
    """Return a caller on this computer, nobody signed in."""
    served[1].cookies.clear()
    return served[1]


@pytest.fixture
def admin(centre: Centre, client: TestClient) -> TestClient:
    client.get("/sign-in", params={"token": centre.token(Purpose.SIGN_IN, uses=1)})
    return client


def rows(caller: TestClient, changed: dict[str, str]) -> list[dict[str, Any]]:
    """Return the rows that hold, one of them changed."""
    keys = ("section", "stage", "group", "channel", "name")
    return [
        {**one, "value": changed["value"]} if all(one[key] == changed[key] for key in keys) else one
        for one in caller.get(MODEL).json()["entries"]
    ]


def saved(caller: TestClient, base: int = 0) -> Response:
    asked = {"base": base, "reason": "thí điểm tháng 12", "entries": rows(caller, SOFTER)}
    answer: Response = caller.put(MODEL, json=asked)
    return answer


def test_the_shipped_assumptions_are_version_0_with_their_source(client: TestClient) -> None:
    found = client.get(MODEL).json()

    assert (found["version"], found["made_at"], found["reason"][:18]) == (0, None, "Mô hình tác động, ")
    assert {**SOFTER, "value": "hard"} in found["entries"]


def test_a_preview_says_what_changes_and_what_that_does_and_keeps_nothing(admin: TestClient, centre: Centre) -> None:
    told = admin.post(f"{MODEL}/preview", json={"entries": rows(admin, SOFTER)}).json()

    assert (told["base"], told["faults"]) == (0, [])
    assert [(one["name"], one["before"], one["after"]) for one in told["changes"]] == [("dossier", "hard", "0.5")]
    assert {(one["system"], one["before"], one["after"]) for one in told["shifts"]} == {
        ("dossier", 0.0, 0.5),
        ("line", 0.0, 0.35),
    }
    assert models.newest(centre.store).about.version == 0


def test_a_version_is_kept_with_who_when_and_why_and_an_older_one_holds_again(
    admin: TestClient, centre: Centre
) -> None:
    earlier = len(list(audit.every(centre.store)))
    first = saved(admin)
    assert (first.status_code, first.json()["version"], first.json()["reason"]) == (201, 1, "thí điểm tháng 12")

    back = admin.post(f"{MODEL}/versions/0/restore", json={"base": 1, "reason": "thử xong"})

    assert (back.status_code, back.json()["version"]) == (201, 2)
    assert {**SOFTER, "value": "hard"} in admin.get(MODEL).json()["entries"]
    assert {**SOFTER, "value": "0.5"} in admin.get(f"{MODEL}/versions/1").json()["entries"]
    listed = admin.get(f"{MODEL}/versions").json()["versions"]
    assert [(one["version"], one["base"]) for one in listed] == [(2, 1), (1, 0), (0, 0)]
    acts = [one.action for one in audit.every(centre.store)]
    assert acts[earlier:].count("model.save") == 2


def test_who_changes_what_another_has_changed_since_is_told_so(admin: TestClient) -> None:
    saved(admin)

    assert_problem(saved(admin), 409)
    assert admin.get(MODEL).json()["version"] == 1


def test_rows_that_cannot_be_used_are_named_and_nothing_is_kept(admin: TestClient) -> None:
    asked = {"base": 0, "reason": "thử", "entries": rows(admin, {**SOFTER, "value": "=cmd()"})}

    answer = admin.put(MODEL, json=asked)
    told = admin.post(f"{MODEL}/preview", json={"entries": asked["entries"]}).json()["faults"]

    assert_problem(answer, 422)
    assert "value is '=cmd()', expected hard, defer, none, 0-1" in answer.json()["detail"]
    assert [(one["column"], one["vi"]) for one in told] == [
        ("value", "'=cmd()' không đọc được; cần hard, defer, none, 0-1")
    ]
    assert admin.get(MODEL).json()["version"] == 0


@pytest.mark.parametrize(("form", "kind"), [("csv", "text/csv"), ("xlsx", XLSX)])
def test_a_file_given_out_comes_back_the_same(admin: TestClient, form: str, kind: str) -> None:
    file = admin.get(f"{MODEL}.{form}").content

    told = admin.post(f"{MODEL}/file", content=file, headers={"content-type": kind}).json()

    assert (told["faults"], told["changes"]) == ([], [])
    assert told["entries"] == admin.get(MODEL).json()["entries"]


def test_a_file_without_headings_is_refused_with_the_reason(admin: TestClient) -> None:
    answer = admin.post(f"{MODEL}/file", content=b"a;b\n1;2\n", headers=CSV)

    assert_problem(answer, 422)
    assert "no heading row" in answer.json()["detail"]


def test_no_such_version_is_said_so(admin: TestClient) -> None:
    assert_problem(admin.get(f"{MODEL}/versions/7"), 404)


def test_who_sees_one_commune_alone_changes_nothing_for_all(centre: Centre, outside: TestClient) -> None:
    caller = seat(centre, outside, somebody(centre, Role.ADMIN, scope="29374"), Role.ADMIN)

    answers = [
        saved(caller),
        caller.post(f"{MODEL}/versions/0/restore", json={"base": 0, "reason": "như cũ"}),
        caller.post("/api/v1/dossiers/sources", json={"id": "tinh", "name": "Một cửa"}),
        caller.put("/api/v1/dossiers/sources/tinh", json={"id": "tinh", "name": "Một cửa"}),
    ]

    assert [one.status_code for one in answers] == [403] * 4
