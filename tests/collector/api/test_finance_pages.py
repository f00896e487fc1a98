"""Finance sees what is needed and what a ceiling buys, decides with reasons, and takes decisions back."""

from __future__ import annotations

import html
import io
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from openpyxl import load_workbook
from sqlalchemy import event, insert

from machxa_collector.api.app import create_app
from machxa_collector.pages import pages
from machxa_collector.registry.people import Role
from machxa_collector.store import planning, preferences, tables
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import seat, somebody
from tests.collector.builders import MIDNIGHT
from tests.collector.stores import fresh_store

_HOA_MINH, _CHAU_THANH = "29410", "29374"
_NOW = 1_796_000_000_000  # 2026-11-30
_UNITS = f"unit;vi;vii;viii\n{_HOA_MINH};1;3;8\n{_CHAU_THANH};1;4;20\n"
_PRICES = "item;vnd;source\npc;15500000;QĐ\nprinter;8200000;QĐ\nscanner;19000000;QĐ\n"
_A = f'shared_vnd = 300000000\n[own_vnd]\n"{_HOA_MINH}" = 40000000\n'
_PLANTED = '=HYPERLINK("http://x","<b>y")'
_SOON_SECONDS = 30.0
_AMOUNT = re.compile(r'<data value="([0-9]+)">')


@pytest.fixture(scope="module")
def centre_of_86(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    store = fresh_store(tmp_path_factory.mktemp("finance") / "machxa.db")
    rows = [
        {"id": f"a-{unit}-{n}", "kind": "computer", "name": _PLANTED, "code": f"TS{n}", "created_at": MIDNIGHT}
        | {"unit": unit, "status": "broken" if n == 0 else "in_use", "acquired_year": 2014, "cost_vnd": 14_000_000}
        for unit in (_HOA_MINH, _CHAU_THANH)
        for n in range(3)
    ]
    with store.begin() as connection:
        preferences.set_home(connection, "86")
        connection.execute(insert(tables.assets), rows)
    yield Centre(store, now_ms=_NOW)
    store.dispose()


@pytest.fixture(scope="module")
def finance(centre_of_86: Centre) -> Iterator[TestClient]:
    deps = centre_of_86.deps(loopback_open=False)
    app = create_app(deps, pages(deps))
    with TestClient(app, base_url="https://may-chu.xa.example", follow_redirects=False) as caller:
        seat(centre_of_86, caller, somebody(centre_of_86, Role.FINANCE, scope="86"), Role.FINANCE)
        for kind, name, text in (("units", "", _UNITS), ("prices", "", _PRICES), ("scenario", "A", _A)):
            asked = {"name": name, "content": text, "reason": "kế hoạch 2027"}
            assert caller.put(f"/api/v1/planning/papers/{kind}", json=asked).status_code == 201
        yield caller


@pytest.fixture(scope="module")
def theirs(centre_of_86: Centre, finance: TestClient) -> Iterator[TestClient]:
    with TestClient(finance.app, base_url="https://may-chu.xa.example", follow_redirects=False) as caller:
        who = somebody(centre_of_86, Role.FINANCE, scope=_HOA_MINH, login="xa")
        yield seat(centre_of_86, caller, who, Role.FINANCE)


def _page(caller: TestClient, path: str, **asked: str) -> Response:
    """Return a page once its plan is made, as a browser that comes again does."""
    until = time.monotonic() + _SOON_SECONDS
    while True:
        answer: Response = caller.get(path, params=asked)
        if "refresh" not in answer.headers:
            return answer
        assert time.monotonic() < until, "the plan was not made"


def _kept(send: Callable[[], Response]) -> Response:
    """Return the answer to a form once units are read, as somebody who sends it again when told so."""
    return next(answer for _ in range(10_000) if (answer := send()).status_code != 503)


_HIDDEN = re.compile('<input type="hidden" name="([^"]+)" value="([^"]*)">')


def _text(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_the_first_page_says_what_the_ceiling_buys_and_leaves(finance: TestClient) -> None:
    told = _text(_page(finance, "/finance").text)

    assert "Kế hoạch mua sắm, sửa chữa năm 2027" in told
    assert "Đơn vị chờ định mức hoặc đơn giá cho mức tối thiểu 124" in told
    assert "Thêm 50 triệu đồng sẽ mua được gì" in told
    assert re.search(r"Ngân sách tỉnh [0-9.,]+ triệu đồng trên tổng 300 triệu đồng", told)
    assert "Máy in phôi giấy chứng nhận chưa" in told, "no norm: a word, and no 0"


def test_page_workbook_and_json_are_one_plan_to_the_dong(finance: TestClient) -> None:
    page = _page(finance, "/finance", plan="A").text
    book = load_workbook(io.BytesIO(finance.get("/api/v1/planning/plan.xlsx", params={"scenario": "A"}).content))
    told = finance.get("/api/v1/planning/plan.json", params={"scenario": "A"}).json()

    classes: list[Any] = [[cell.value for cell in row] for row in book["Tổng hợp"].iter_rows(min_row=2)][:-1]
    rows = re.findall(r"<tr><th scope=\"row\">.*?</tr>", page, re.DOTALL)[: len(classes)]
    amounts = [tuple(map(int, _AMOUNT.findall(row))) for row in rows]
    assert amounts == [tuple(one for one in (row[10], row[11], row[12]) if one is not None) for row in classes]
    assert [row[11] for row in classes if row[11]], "some of it is paid"
    basis = {row[0].value: row[1].value for row in book["Căn cứ"].iter_rows()}
    assert basis["Mã băm của kế hoạch (SHA-256)"] == told["sha256"]
    assert told["sha256"][:16] in page
    assert sum(row[11] for row in classes) == told["shared_vnd"] + told["own_vnd"]


def test_lines_are_filtered_by_the_address_and_open_to_their_inputs(finance: TestClient) -> None:
    everything = _page(finance, "/finance/lines", plan="A")
    bought = _page(finance, "/finance/lines", plan="A", action="buy", item="printer", unit=_HOA_MINH)

    assert len(re.findall(r'<tr[^>]*><td class="n">', everything.text)) == 50
    assert "from=50" in everything.text
    assert len(everything.content) < 60_000
    rows = re.findall(r'href="/finance/line\?([^"]+)"', bought.text)
    assert rows
    assert all(f"gap%3A{_HOA_MINH}%3Aprinter" in row for row in rows)
    opened = _text(finance.get("/finance/line?" + html.unescape(rows[0])).text)
    assert "Biên chế nhóm VIII : 8" in opened
    assert "8,2 triệu đồng" in opened
    assert "<td" not in _page(finance, "/finance/lines", plan="A", unit="00004").text


def test_a_planted_name_stays_text(finance: TestClient) -> None:
    page = finance.get("/finance/line", params={"plan": "A", "line": f"asset:a-{_HOA_MINH}-0"}).text

    assert "<b>y" not in page
    assert "&lt;b&gt;y" in page


def test_a_decision_is_kept_with_its_reason_shown_and_taken_back(finance: TestClient, centre_of_86: Centre) -> None:
    line = f"gap:{_HOA_MINH}:scanner:1"
    before = planning.newest(centre_of_86.store, "scenario", "A")
    assert before is not None
    form = {"plan": "A", "line": line, "way": "out", "reason": "Công văn 12: chờ sáp nhập"}

    done = finance.post("/finance/decide", data=form)
    told = _text(_page(finance, "/finance/line", plan="A", line=line).text)
    version = re.search(r'name="version" value="([0-9]+)"', _page(finance, "/finance", plan="A").text)
    assert version is not None
    stale = finance.post("/finance/undo", data={"plan": "A", "version": "1"})
    undone = finance.post("/finance/undo", data={"plan": "A", "version": version[1]})
    after = planning.newest(centre_of_86.store, "scenario", "A")

    assert (done.status_code, stale.status_code, undone.status_code) == (303, 409, 303)
    assert "đã loại theo quyết định" in told
    assert "Công văn 12: chờ sáp nhập" in told
    assert after is not None
    assert (after.content, after.version) == (before.content, before.version + 2)


def test_pieces_are_decided_otherwise_and_without_a_reason_nothing_is(finance: TestClient) -> None:
    line = f"gap:{_CHAU_THANH}:pc:1"
    finance.post("/finance/decide", data={"plan": "A", "line": line, "way": "other", "quantity": "2", "reason": "đủ"})
    few = {"plan": "A", "line": line, "way": "other", "quantity": "2", "reason": "đã có 18 máy dự phòng"}

    refused = finance.post("/finance/decide", data={**few, "reason": " "})
    odd = finance.post("/finance/decide", data={**few, "quantity": "nhiều"})
    finance.post("/finance/decide", data=few)
    told = finance.get("/api/v1/planning/plan", params={"scenario": "A", "limit": 500}).json()

    assert (refused.status_code, odd.status_code) == (422, 422)
    assert [(one["line"], one["quantity"], one["reason"]) for one in told["overrides"]] == [
        (f"gap:{_CHAU_THANH}:pc", 2, "đã có 18 máy dự phòng")
    ]
    finance.post("/finance/decide", data={"plan": "A", "line": line, "way": "free", "reason": "thôi"})
    freed = finance.get("/api/v1/planning/plan", params={"scenario": "A"}).json()
    assert freed["overrides"] == []


def test_a_ceiling_becomes_a_scenario_and_stands_beside_the_others(finance: TestClient) -> None:
    asked = finance.get("/finance", params={"plan": "A", "million": "1.234,5"})
    kept = finance.post("/finance/save", data={"plan": "A", "name": "B", "million": "1.234,5", "reason": "đề nghị 2"})
    beside = _text(_page(finance, "/finance/compare").text)

    assert asked.headers["location"] == "/finance?plan=A&ceiling=1234500000"
    assert kept.headers["location"] == "/finance?plan=B&done=scenario"
    assert "Hạn mức chung 300 triệu đồng 1.234,5 triệu đồng" in beside
    assert "Hạn mức của các đơn vị 40 triệu đồng 40 triệu đồng" in beside
    assert finance.get("/finance", params={"million": "hai tỷ"}).status_code == 422
    assert finance.get("/finance", params={"plan": "Z"}).status_code == 404


def test_a_list_bought_centrally_has_its_own_ceiling_and_sheet_and_each_line_says_who_pays(
    finance: TestClient, theirs: TestClient
) -> None:
    form = {"plan": "A", "name": "D", "million": "100", "reason": "mua sắm tập trung", "s1-name": "Tập trung"}
    ticked = {"s1-million": "200", "s1-item-pc": "1", "s1-action-buy": "1", "s1-units": f"{_HOA_MINH}, {_CHAU_THANH}"}
    kept = finance.post("/finance/save", data={**form, **ticked})
    page = _page(finance, "/finance", plan="D")
    plan = finance.get("/api/v1/planning/plan", params={"scenario": "D", "limit": 500}).json()
    file = finance.get("/api/v1/planning/plan.xlsx", params={"scenario": "D"})
    beside = _text(_page(finance, "/finance/compare").text)

    assert kept.headers["location"] == "/finance?plan=D&done=scenario"
    assert 'name="s1-item-pc" value="1" checked' in page.text
    assert "chỉ chi cho máy vi tính; mua mới; 2 đơn vị" in _text(page.text)
    central = plan["sources"][1]
    of_it = [one for one in plan["lines"] if one["source"] == "Tập trung"]
    assert (central["name"], central["ceiling_vnd"], central["items"]) == ("Tập trung", 200_000_000, ["pc"])
    assert 0 < central["paid_vnd"] == sum(one["vnd"] for one in of_it) <= 200_000_000
    assert {(one["item"], one["action"]) for one in of_it} == {("pc", "buy")}
    sheet = load_workbook(io.BytesIO(file.content), data_only=True)["Nguồn Tập trung"]
    place = [cell.value for cell in sheet[1]].index("Thành tiền")
    assert sheet.cell(sheet.max_row, place + 1).value == central["paid_vnd"]
    assert "Tập trung chi, trên hạn mức" in beside
    assert "không có trong phương án này" in beside
    seen = theirs.get("/api/v1/planning/plan", params={"scenario": "D"}).json()["sources"][1]
    assert seen["units"] == [_HOA_MINH]
    nameless = finance.post("/finance/save", data={**form, **ticked, "s1-name": ""})
    assert nameless.status_code == 422


def test_units_own_money_pays_for_what_is_ticked_alone_and_is_seen_before_it_is_kept(finance: TestClient) -> None:
    form = {"plan": "A", "name": "F", "million": "100", "reason": "xã tự mua máy in", "own_million": "50"}
    ticked = {"own-item-printer": "1", "own-item-scanner": "1"}

    looked = finance.post("/finance/save", data={**form, **ticked, "look": "1"})
    nothing = finance.get("/finance", params={"plan": "F"}).status_code
    english = finance.post("/finance/save?lang=en", data={**form, "look": "1"})
    kept = _kept(lambda: finance.post("/finance/save?lang=vi", data=dict(_HIDDEN.findall(looked.text))))
    page = _page(finance, "/finance", plan="F", lang="vi")
    own = finance.get("/api/v1/planning/plan", params={"scenario": "F", "limit": 500}).json()
    _kept(lambda: finance.post("/finance/save", data={**form, "plan": "F"}))
    after = _page(finance, "/finance", plan="F")

    said = "Tiền của đơn vị : 50 triệu đồng cho mỗi đơn vị, chỉ chi cho máy in, máy quét"
    assert (looked.status_code, nothing) == (200, 404)
    assert said in _text(looked.text)
    assert "Units’ own money : 50 million VND for each unit, for everything" in _text(english.text)
    assert kept.headers["location"] == "/finance?plan=F&done=scenario"
    assert {one["item"] for one in own["lines"] if one["source"] == "Ngân sách xã"} == {"printer"}
    assert {one["item"] for one in own["lines"] if one["source"] == "Ngân sách tỉnh"} == {"pc"}
    assert "chỉ chi cho máy in, máy quét" in _text(page.text)
    assert page.text.count(" checked>") == 2
    assert " checked>" not in after.text


def test_a_least_for_each_thousand_dossiers_is_kept_shown_and_taken_back(finance: TestClient) -> None:
    form = {"plan": "A", "name": "E", "million": "100", "reason": "xã nhỏ không bị bỏ lại"}

    finance.post("/finance/save", data={**form, "minimum_million": "1,5"})
    page = _page(finance, "/finance", plan="E")
    told = finance.get("/api/v1/planning/plan", params={"scenario": "E"}).json()["minimum_per_1000"]
    finance.post("/finance/save", data={**form, "plan": "E", "minimum_million": ""})
    after = _page(finance, "/finance", plan="E")

    assert "Tối thiểu cho mỗi 1.000 hồ sơ một năm 1,5 triệu đồng" in _text(page.text)
    assert (
        'name="minimum_million" inputmode="decimal" maxlength="20" aria-describedby="f-minimum-why" value="1,5'
        in page.text
    )
    assert told == 1_500_000
    assert "1,5 triệu đồng" not in _text(after.text)


@pytest.mark.parametrize("path", ["/finance/charts", "/finance/transfers", "/finance/contracts", "/finance/print"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_stands_beside_a_plan_is_shown_in_both_languages(finance: TestClient, path: str, language: str) -> None:
    answer = _page(finance, path, plan="A", lang=language)

    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.text
    assert len(answer.content) < 60_000


def test_a_commune_sees_its_part_and_decides_nothing(theirs: TestClient) -> None:
    page = _page(theirs, "/finance/lines", plan="A")
    foreign = theirs.get("/finance/line", params={"plan": "A", "line": f"asset:a-{_CHAU_THANH}-0"})
    refused = theirs.post("/finance/save", data={"plan": "A", "name": "C", "million": "1", "reason": "thử xem"})

    assert _CHAU_THANH not in page.text
    assert _HOA_MINH in page.text
    assert "/finance/save" not in _page(theirs, "/finance", plan="A").text
    assert (foreign.status_code, refused.status_code) == (404, 403)


def test_no_query_is_asked_for_each_line(finance: TestClient, centre_of_86: Centre) -> None:
    _page(finance, "/finance/lines", plan="A")
    asked: list[str] = []
    count = lambda *told: asked.append(told[2])  # noqa: E731 - a listener
    event.listen(centre_of_86.store, "before_cursor_execute", count)

    finance.get("/finance/lines", params={"plan": "A"})

    event.remove(centre_of_86.store, "before_cursor_execute", count)
    assert len(asked) < 20
