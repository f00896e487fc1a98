"""Communes and devices go out as files of one's territory in which no text is a formula."""

from __future__ import annotations

import csv
import io
import zipfile

import openpyxl
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from machxa_collector.api.tongue import COOKIE
from machxa_collector.registry.people import Role
from machxa_collector.store import audit, tables
from machxa_web.respond import LANGUAGE_COOKIE
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import seat, somebody
from tests.collector.api.places_of_assets import HA_NOI, VINH_LONG, put_assets
from tests.collector.effects.scene import at

FORMULA = "=1+1"
TITLES = {"communes": "Commune", "devices": "Devices", "agents": "Watched computers"}
OURS = ("State", "Class", "State in the books", "On or off", "Role", "On duty")


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


def test_files_follow_the_language_of_who_asks(caller: TestClient) -> None:
    def head(path: str, **headers: str) -> list[object]:
        return cells(caller.get(f"/api/v1/lists/{path}", headers={"Accept": "*/*", **headers}).content)[0][:2]

    vietnamese, english = ["Tên thiết bị", "Loại"], ["Device", "Class"]
    browser = {"Accept": "text/html,*/*", "Accept-Language": "en-US,en;q=0.9"}
    assert head("devices.xlsx") == vietnamese
    assert head("devices.xlsx?lang=en") == english
    assert head("devices.xlsx", **{"Accept-Language": "fr, vi;q=0.5, en-GB;q=0.8"}) == english
    assert head("devices.xlsx?lang=vi", **{"Accept-Language": "en"}) == vietnamese
    assert head("devices.xlsx", **browser) == vietnamese, "the computer's language is not the page's"
    caller.cookies.set(COOKIE, "en", domain="may-chu.xa.example", path="/")
    assert head("devices.xlsx", **browser) == english
    assert COOKIE == LANGUAGE_COOKIE


@pytest.mark.parametrize("path", ["communes", "devices", "agents"])
def test_a_list_is_english_throughout(caller: TestClient, path: str) -> None:
    content = caller.get(f"/api/v1/lists/{path}.xlsx?lang=en&unit=86&province=86").content
    head, *rows = cells(content)
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        told = [opened.read(f"docProps/{name}.xml").decode() for name in ("core", "custom")]
        sheet = opened.read("xl/workbook.xml").decode()

    ours = [row[place] for row in rows for place, title in enumerate(head) if title in OURS]
    assert [text for text in [*head, *ours] if not str(text).isascii()] == []
    assert f'name="{TITLES[path]}"' in sheet
    assert f"Mạch Xã: {TITLES[path]}, " in told[0]
    assert ">en<" in told[1]


def test_agents_go_out_chosen_as_on_their_page(caller: TestClient) -> None:
    book = cells(caller.get("/api/v1/lists/agents.xlsx?unit=86&role=pc").content)
    none = caller.get("/api/v1/lists/agents.csv?trouble=revoked").content.decode("utf-8-sig")
    wrong = caller.get("/api/v1/lists/agents.csv?trouble=none").status_code
    page = caller.get("/api/v1/lists/agents.csv?unit=01").content.decode("utf-8-sig")

    assert sorted(str(row[0])[:6] for row in book[1:]) == [FORMULA, "SECRET"]
    assert {tuple(row[1:4]) for row in book[1:]} == {(VINH_LONG, "Xã Long Hiệp", "Chưa rõ")}
    assert (none.count("\r\n"), page.count("\r\n"), wrong) == (1, 1, 422)
