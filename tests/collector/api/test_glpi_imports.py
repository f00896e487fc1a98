"""Inventories of GLPI's agents come in as drafts: shown first, bounded, once, and nothing that is known changes."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from fastapi.testclient import TestClient

from machxa_collector.registry.tokens import Purpose
from tests.collector.api.conftest import Centre
from tests.collector.api.test_imports import finished, how_many, upload

_TYPE = {"Content-Type": "application/octet-stream"}
_PC: dict[str, Any] = {
    "action": "inventory",
    "deviceid": "MOTCUA-01-2026-11-26-08-00-00",
    "itemtype": "Computer",
    "tag": "29506",
    "content": {
        "versionclient": "GLPI-Agent_v1.11",
        "hardware": {"name": "MOTCUA-01", "chassis_type": "Notebook", "memory": 8192},
        "bios": {"smanufacturer": "Dell", "smodel": "Latitude", "ssn": "7XK2P13"},
        "users": [{"login": "nguyenvana"}],
    },
}
_PRINTER: dict[str, Any] = {
    "deviceid": "in-2",
    "itemtype": "Printer",
    "content": {"network_device": {"type": "Printer", "name": "In một cửa", "manufacturer": "HP", "model": "M404"}},
}


@pytest.fixture
def keeper(centre: Centre, client: TestClient) -> TestClient:
    client.headers["Authorization"] = f"Bearer {centre.token(Purpose.API)}"
    return client


def _packed(*told: object) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for number, one in enumerate(told):
            file.writestr(f"{number}.json", json.dumps(one))
    return out.getvalue()


def _drafts(caller: TestClient) -> list[list[object]]:
    found = caller.get("/api/v1/registry/assets").json()["records"]
    names = ("name", "kind", "unit", "vendor", "serial", "code", "status")
    return sorted([[one["raw"][name] for name in names] for one in found], key=str)


def test_inventories_become_drafts_once(centre: Centre, keeper: TestClient) -> None:
    made = upload(keeper, _packed(_PC, [_PRINTER]), apply="true")
    done = finished(keeper, made["id"])
    again = upload(keeper, json.dumps([_PC, _PRINTER]).encode())

    assert (done["state"], done["new"]) == ("done", 2)
    assert _drafts(keeper) == [
        ["In một cửa", "printer", None, "HP", None, "in-2", "draft"],
        ["MOTCUA-01", "laptop", "29506", "Dell", "7XK2P13", None, "draft"],
    ]
    assert (again["new"], again["same"]) == (0, 2)
    assert keeper.post(f"/api/v1/batches/{done['batch']}/undo").status_code == 200
    assert how_many(centre) == 0


def test_what_is_known_stays_as_people_left_it(keeper: TestClient) -> None:
    made = upload(keeper, "Tên tài sản;Loại;Số sê-ri;Mã tài sản;Tình trạng\nMáy một cửa;máy tính;7XK2P13;TS-9;Hỏng\n")
    keeper.post(f"/api/v1/imports/{made['id']}/apply")
    finished(keeper, made["id"])
    before = _drafts(keeper)

    told = upload(keeper, json.dumps(_PC).encode(), apply="true")
    finished(keeper, told["id"])

    assert len(before) == 1
    assert _drafts(keeper) == before


@pytest.mark.parametrize(
    "content",
    [b'{"a": 1}', b"[1, 2]", b'{"deviceid": "x", "content": {', b"[" * 100_000, _packed("x"), b'{"deviceid": 5}'],
    ids=["another object", "numbers", "cut off", "nested", "packed text", "a number for a name"],
)
def test_what_is_no_inventory_is_refused_in_words(keeper: TestClient, content: bytes) -> None:
    answer = keeper.post("/api/v1/imports/assets", content=content, headers=_TYPE)

    assert answer.status_code in (400, 415, 422)
    assert "GLPI" in answer.text


def test_a_json_file_is_taken_in_for_assets_alone(keeper: TestClient) -> None:
    assert "assets alone" in keeper.post("/api/v1/imports/lines", content=b'{"a": 1}', headers=_TYPE).text
