from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from fastapi.testclient import TestClient
from httpx import Response

from machxa_collector.registry.tokens import Purpose
from tests.collector.api.conftest import Centre
from tests.collector.builders import Known

HOA_MINH = "29410"
LINE = {
    "unit": HOA_MINH,
    "name": "Cáp quang trung tâm",
    "kind": "tslcd",
    "provider": "VNPT",
    "contract": "00123",
    "price_vnd_per_month": "1.200.000",
    "expires_on": "31/12/2026",
}


@pytest.fixture
def keeper(centre: Centre, client: TestClient) -> TestClient:
    """Return a caller who may change the registry."""
    client.headers["authorization"] = f"Bearer {centre.token(Purpose.API)}"
    return client


def made(keeper: TestClient, kind: str, values: dict[str, str]) -> dict[str, Any]:
    answer = keeper.post(f"/api/v1/registry/{kind}", json={"values": values})
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


def changed(keeper: TestClient, record: dict[str, Any], kind: str, values: dict[str, str]) -> Response:
    asked = {"values": values, "version": record["version"]}
    answer: Response = keeper.put(f"/api/v1/registry/{kind}/{record['id']}", json=asked)
    return answer


def test_a_record_made_by_a_form_is_read_back_as_written_and_as_kept(keeper: TestClient) -> None:
    body = made(keeper, "lines", LINE)

    record = body["record"]
    assert record["title"] == "Cáp quang trung tâm VNPT"
    assert record["unit"] == {"code": HOA_MINH, "full_name": "Xã Hòa Minh", "province": "Tỉnh Vĩnh Long"}
    assert record["values"]["contract"] == "00123"
    assert record["raw"]["price_vnd_per_month"] == 1_200_000
    assert record["raw"]["expires_on"] == "2026-12-31"
    assert body["batch"]["created"] == 1
    assert keeper.get(f"/api/v1/registry/lines/{record['id']}").json()["values"] == record["values"]


def test_a_preview_tells_differences_faults_and_what_was_assumed_and_keeps_nothing(keeper: TestClient) -> None:
    record = made(keeper, "lines", LINE)["record"]

    answer = keeper.post(
        "/api/v1/registry/lines/preview",
        json={"id": record["id"], "values": {"unit": "xa hoa minh", "provider": "Viettel", "down_mbps": "nhanh"}},
    ).json()

    assert answer["differences"] == [{"field": "provider", "before": "VNPT", "after": "Viettel"}]
    assert [(fault["field"], fault["en"]) for fault in answer["faults"]] == [
        ("down_mbps", "is 'nhanh', expected a number")
    ]
    assert [(one["field"], one["en"]) for one in answer["assumed"]] == [("unit", "'xa hoa minh' read as code 29410")]
    assert keeper.get(f"/api/v1/registry/lines/{record['id']}").json()["values"]["provider"] == "VNPT"


def test_a_preview_of_what_is_there_already_says_so_and_is_no_fault(keeper: TestClient) -> None:
    record = made(keeper, "lines", LINE)["record"]

    new = keeper.post("/api/v1/registry/lines/preview", json={"values": LINE}).json()
    same = keeper.post("/api/v1/registry/lines/preview", json={"id": record["id"], "values": LINE}).json()

    assert [one["en"] for one in new["assumed"]] == ["there is one like it already: Cáp quang trung tâm VNPT"]
    assert (new["faults"], same["assumed"], same["differences"]) == ([], [], [])


def test_a_preview_of_a_calendar_row_says_that_its_day_is_decided_already(keeper: TestClient) -> None:
    row = {
        "owner": "86",
        "rule": "off",
        "valid_from": "05/10/2026",
        "name": "Nghỉ lễ hội",
        "source": "QĐ 1/2026",
        "confidence": "confirmed",
    }
    made(keeper, "calendars", row)

    answer = keeper.post("/api/v1/registry/calendars/preview", json={"values": row}).json()

    assert [fault["en"] for fault in answer["faults"]] == ["calendar of 86: 2026-10-05 is decided twice"]


def test_a_change_of_what_someone_else_changed_meanwhile_is_a_conflict_that_names_the_record(
    keeper: TestClient,
) -> None:
    record = made(keeper, "lines", LINE)["record"]
    assert changed(keeper, record, "lines", {"provider": "Viettel"}).status_code == 200

    answer = changed(keeper, record, "lines", {"provider": "FPT"})

    assert answer.status_code == 409
    assert [(one["record"], one["title"]) for one in answer.json()["conflicts"]] == [
        (record["id"], "Cáp quang trung tâm Viettel")
    ]


def test_what_is_wrong_is_told_field_by_field_and_nothing_is_kept(keeper: TestClient) -> None:
    answer = keeper.post("/api/v1/registry/lines", json={"values": {**LINE, "unit": "99999", "name": "", "x": "1"}})

    assert answer.status_code == 422
    assert sorted(str(fault["field"]) for fault in answer.json()["faults"]) == ["None", "name", "unit"]
    assert keeper.get("/api/v1/registry/lines").json()["records"] == []


def test_a_record_has_a_history_and_each_act_can_be_taken_back(keeper: TestClient) -> None:
    record = made(keeper, "lines", LINE)["record"]
    act = changed(keeper, record, "lines", {"provider": "Viettel"}).json()["batch"]["id"]

    undone = keeper.post(f"/api/v1/batches/{act}/undo").json()["batch"]

    detail = keeper.get(f"/api/v1/registry/lines/{record['id']}").json()
    assert detail["values"]["provider"] == "VNPT"
    assert [(one["action"], one["before"], one["after"] and one["after"]["provider"]) for one in detail["history"]] == [
        ("undo", {"provider": "Viettel"}, "VNPT"),
        ("edit", {"provider": "VNPT"}, "Viettel"),
        ("edit", None, "VNPT"),
    ]
    assert keeper.get(f"/api/v1/batches/{act}").json()["batch"]["undone_by"] == undone["id"]
    again = keeper.post(f"/api/v1/batches/{undone['id']}/undo")
    assert again.status_code == 200
    assert keeper.get(f"/api/v1/registry/lines/{record['id']}").json()["values"]["provider"] == "Viettel"


def test_an_act_is_not_taken_back_over_what_was_changed_since(keeper: TestClient) -> None:
    body = made(keeper, "lines", LINE)
    changed(keeper, body["record"], "lines", {"provider": "Viettel"})

    answer = keeper.post(f"/api/v1/batches/{body['batch']['id']}/undo")

    assert answer.status_code == 409
    assert [one["record"] for one in answer.json()["conflicts"]] == [body["record"]["id"]]


def test_records_are_found_by_province_and_by_words_without_diacritics(keeper: TestClient) -> None:
    made(keeper, "lines", LINE)
    made(keeper, "lines", {**LINE, "unit": "00004", "name": "Cáp Ba Đình"})

    def found(query: str) -> list[str]:
        records = keeper.get(f"/api/v1/registry/lines?{query}").json()["records"]
        return [record["values"]["name"] for record in records]

    assert found("unit=86") == ["Cáp quang trung tâm"]
    assert found("unit=29410") == ["Cáp quang trung tâm"]
    assert found("q=ba dinh") == ["Cáp Ba Đình"]
    assert found("q=vnpt cap") == ["Cáp Ba Đình", "Cáp quang trung tâm"]
    assert found("q=ba dinh&unit=86") == []


def test_pages_of_records_meet_without_gap(keeper: TestClient) -> None:
    for number in range(5):
        made(keeper, "lines", {**LINE, "name": f"Đường {number}", "contract": str(number)})

    names, cursor = [], ""
    while cursor is not None:
        page = keeper.get(f"/api/v1/registry/lines?limit=2&cursor={cursor}").json()
        names += [record["values"]["name"] for record in page["records"]]
        cursor = page["next"]

    assert sorted(names) == [f"Đường {number}" for number in range(5)]


def test_who_only_reads_cannot_write(client: TestClient) -> None:
    assert client.get("/api/v1/registry").status_code == 200
    assert client.post("/api/v1/registry/lines", json={"values": LINE}).status_code == 401
    assert client.delete("/api/v1/registry/lines/x?version=y").status_code == 401


def test_every_kind_is_described_in_both_languages(client: TestClient) -> None:
    body = client.get("/api/v1/registry").json()

    assert [kind["name"] for kind in body["kinds"]] == [
        "units", "calendars", "lines", "counters", "contacts", "planned", "assets", "repairs",
    ]  # fmt: skip
    assert all(field["vi"] and field["en"] for kind in body["kinds"] for field in kind["fields"])
    assert body["home"] is None


@pytest.mark.parametrize("path", ["registry/nothing", "registry/lines/nothing", "batches/nothing", "units/00000"])
def test_what_is_not_there_is_a_problem(client: TestClient, path: str) -> None:
    assert client.get(f"/api/v1/{path}").status_code == 404


@pytest.mark.parametrize(
    ("described", "path"),
    [
        ("/api/v1/registry", "registry"),
        ("/api/v1/registry/{kind}", "registry/lines"),
        ("/api/v1/registry/{kind}", "registry/assets?limit=1"),
        ("/api/v1/registry/{kind}/{record_id}", "registry/lines/{line}"),
        ("/api/v1/registry/{kind}/{record_id}", "registry/assets/{asset}"),
        ("/api/v1/batches", "batches"),
        ("/api/v1/batches/{batch}", "batches/{batch}"),
        ("/api/v1/units", "units?q=hoa minh"),
        ("/api/v1/units", "units?kind=centre"),
        ("/api/v1/units/{code}", "units/75"),
        ("/api/v1/calendars/{unit}", "calendars/29410?from=2026-12-20&to=2027-02-20"),
        (
            "/api/v1/calendars/{unit}/working-time",
            "calendars/29410/working-time?from=2026-01-01T00:00&to=2027-01-01T00:00",
        ),
    ],
)
def test_answers_are_as_the_document_says_and_not_sent_twice(keeper: TestClient, described: str, path: str) -> None:
    line = made(keeper, "lines", LINE)
    asset = made(keeper, "assets", {"name": "Máy in", "kind": "printer", "tags": "A3; màu", "acquired_on": "1/2/2024"})
    document = keeper.get("/api/v1/openapi.json").json()
    schema = document["paths"][described]["get"]["responses"]["200"]["content"]["application/json"]["schema"]

    answer = keeper.get(
        "/api/v1/" + path.format(line=line["record"]["id"], asset=asset["record"]["id"], batch=line["batch"]["id"])
    )

    assert answer.status_code == 200
    jsonschema.validate(answer.json(), {**schema, "components": document["components"]})
    again = keeper.get(str(answer.request.url), headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


def test_an_asset_is_removed_or_kept_as_disposed(keeper: TestClient, agent: Known) -> None:
    asset = made(keeper, "assets", {"name": "Máy in", "kind": "printer"})["record"]
    watched = keeper.get(f"/api/v1/registry/assets/{agent.asset}").json()

    outcomes = [
        keeper.delete(f"/api/v1/registry/assets/{one['id']}", params={"version": one["version"]}).json()["outcome"]
        for one in (asset, watched)
    ]

    assert outcomes == ["removed", "disposed"]
    assert keeper.get(f"/api/v1/registry/assets/{agent.asset}").json()["values"]["status"] == "disposed"
