"""Communes and devices go out as files of one's territory in which no text is a formula."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from machxa_collector.registry.people import Role
from machxa_collector.store import audit, tables
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import seat, somebody
from tests.collector.api.places_of_assets import HA_NOI, VINH_LONG, put_assets
from tests.collector.effects.scene import at

FORMULA = "=1+1"


@pytest.fixture
def caller(centre: Centre, outside: TestClient) -> TestClient:
    """Return provincial IT of Vĩnh Long; of the three devices one is called by a formula, and one stands elsewhere."""
    centre.now_ms = at(10)
    (first, _), _ = put_assets(centre.store, VINH_LONG, 2, seed=1)
    put_assets(centre.store, HA_NOI, 1, seed=2)
    with centre.store.begin() as connection:
        its = tables.assets.c.id == first
        connection.execute(update(tables.assets).where(its).values(name=FORMULA, serial="@x", kind="printer"))
    return seat(centre, outside, somebody(centre, Role.PROVINCE_IT, scope="86"), Role.PROVINCE_IT)


def cells(content: bytes) -> list[list[object]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_devices_go_out_with_their_units_and_no_text_is_a_formula(centre: Centre, caller: TestClient) -> None:
    book = cells(caller.get("/api/v1/lists/devices.xlsx").content)
    text = caller.get("/api/v1/lists/devices.csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    found = [row[0] for row in cells(caller.get("/api/v1/lists/devices.xlsx?q=secret").content)[1:]]

    assert [len(book), len(rows)] == [3, 3]
    assert [row[:4] for row in book[1:] if row[0] == FORMULA] == [[FORMULA, "Máy in", VINH_LONG, "Xã Long Hiệp"]]
    assert [row[0] for row in rows if row[1] == "Máy in"] == [f"'{FORMULA}"]
    assert "'@x" in text
    assert [str(one)[:7] for one in found] == ["SECRET-"]
    assert [one.subject for one in audit.every(centre.store) if one.action == "export"] == [
        "devices.xlsx",
        "devices.csv",
        "devices.xlsx",
    ]


def test_communes_go_out_as_the_page_lists_them_and_clerks_are_offered_none(centre: Centre, caller: TestClient) -> None:
    book = cells(caller.get("/api/v1/lists/communes.xlsx?province=86").content)
    silent = caller.get("/api/v1/lists/communes.csv?province=86&serving=never").content.decode("utf-8-sig")
    seat(centre, caller, somebody(centre, Role.CLERK, scope=VINH_LONG, login="mai"), Role.CLERK)
    refused = caller.get("/api/v1/lists/communes.csv").status_code

    assert book[0][:3] == ["Mã đơn vị", "Xã, phường", "Tình trạng"]
    assert len(book) == 1 + 124 + 1, "headings, communes, the province's own centre"
    assert {row[3] for row in book[1:]} == {None}, "nothing is heard, so nothing is said of readiness"
    assert silent.count("Chưa có máy nào gửi dữ liệu") >= 124
    assert refused == 403


def test_agents_go_out_chosen_as_on_their_page(caller: TestClient) -> None:
    book = cells(caller.get("/api/v1/lists/agents.xlsx?unit=86&role=pc").content)
    none = caller.get("/api/v1/lists/agents.csv?trouble=revoked").content.decode("utf-8-sig")
    wrong = caller.get("/api/v1/lists/agents.csv?trouble=none").status_code
    page = caller.get("/api/v1/lists/agents.csv?unit=01").content.decode("utf-8-sig")

    assert sorted(str(row[0])[:6] for row in book[1:]) == [FORMULA, "SECRET"]
    assert {tuple(row[1:4]) for row in book[1:]} == {(VINH_LONG, "Xã Long Hiệp", "Chưa rõ")}
    assert (none.count("\r\n"), page.count("\r\n"), wrong) == (1, 1, 422)
