from __future__ import annotations

import io
import re
import time
from collections.abc import Callable, Iterator

import openpyxl
import pytest
from fastapi.testclient import TestClient
from httpx import Response

from machxa_collector.api.app import create_app
from machxa_collector.pages import pages
from machxa_collector.registry.tokens import Purpose
from machxa_collector.store import seed
from tests.collector.api.conftest import Centre
from tests.collector.builders import MIDNIGHT

LINE = {"unit": "Xã Hòa Minh", "name": "Cáp quang", "kind": "internet", "provider": "VNPT", "down_mbps": "200"}
ASSETS = """BẢNG KÊ TÀI SẢN;;;;
Số thẻ;Tên tài sản;Loại tài sản;Đơn vị sử dụng;Nguyên giá
000123;Máy in Canon LBP2900;Máy in;29410;3.450.000
000124;Máy vi tính;Máy tính để bàn;Xã Hòa Minh;12.000.000
"""


@pytest.fixture
def keeper(centre: Centre) -> Iterator[TestClient]:
    """Return a browser of somebody who may change the registry, which is seeded for Vĩnh Long."""
    seed.seed(centre.store, "86", "machxa init", MIDNIGHT)
    deps = centre.deps(loopback_open=True)
    with TestClient(
        create_app(deps, pages(deps)),
        base_url="http://127.0.0.1:8470",
        follow_redirects=False,
        headers={"authorization": f"Bearer {centre.token(Purpose.API)}"},
    ) as caller:
        yield caller


def within(seconds: float, get: Callable[[], Response], holds: Callable[[Response], bool]) -> Response:
    """Return the first answer that holds; fail when none does in time."""
    deadline = time.monotonic() + seconds
    while not holds(answer := get()):
        assert time.monotonic() < deadline, answer.text
        time.sleep(0.02)
    return answer


def saved_line(keeper: TestClient) -> tuple[str, str]:
    """Add a line through the form; return the addresses of its record and of the act."""
    kept = keeper.post("/admin/records/lines/new/save", data={**LINE, "confirm": "yes"})
    record, _, batch = kept.headers["location"].partition("?done=")
    return record, f"/admin/history/{batch}"


def test_a_seeded_registry_counts_what_there_is(keeper: TestClient) -> None:
    text = keeper.get("/admin").text

    assert re.search(r"Đơn vị hành chính</a></h3>\s*<p class=\"count\"><b>3\.414</b>", text)


def test_a_unit_is_found_without_diacritics(keeper: TestClient) -> None:
    text = keeper.get("/admin/records/units?q=hoa minh&unit=86").text

    assert (text.count("<bdi>Hòa Minh</bdi>"), "29410" in text) == (1, True)


def test_a_line_is_previewed_with_its_unit_understood_then_kept(keeper: TestClient) -> None:
    shown = keeper.post("/admin/records/lines/new/save", data=LINE).text
    record, _ = saved_line(keeper)

    assert "đọc &#39;Xã Hòa Minh&#39; thành mã 29410" in shown
    assert 'value="29410"' in keeper.get(record).text


def test_a_wrong_cell_is_told_at_its_field_in_the_persons_language(keeper: TestClient) -> None:
    said = {**LINE, "unit": "29999", "down_mbps": "nhanh"}

    vi = keeper.post("/admin/records/lines/new/save", data=said).text
    en = keeper.post("/admin/records/lines/new/save?lang=en", data=said).text

    assert ("không có đơn vị &#39;29999&#39;" in vi, "cần một số" in vi) == (True, True)
    assert ("there is no unit &#39;29999&#39;" in en, "expected a number" in en) == (True, True)


def test_what_was_saved_is_taken_back_and_brought_back(keeper: TestClient) -> None:
    record, act = saved_line(keeper)

    undone = keeper.post(f"{act}/undo").headers["location"]
    gone = keeper.get(record).status_code
    keeper.post(f"{undone}/undo")

    assert (gone, keeper.get(record).status_code) == (404, 200)


def test_a_change_upon_an_older_version_is_refused_and_says_which_record(keeper: TestClient) -> None:
    record, _ = saved_line(keeper)
    version = re.search(r'name="version" value="(\w+)"', keeper.get(record).text)
    assert version is not None
    form = {**LINE, "confirm": "yes", "version": version[1]}
    keeper.post(f"{record}/save", data={**form, "provider": "Viettel"})

    late = keeper.post(f"{record}/save", data={**form, "provider": "FPT"})

    assert (late.status_code, "Cáp quang" in late.text, "chưa đổi gì" in late.text) == (409, True, True)


def test_an_accountants_file_is_previewed_taken_in_and_given_back_with_its_zeros(keeper: TestClient) -> None:
    sent = keeper.post("/admin/import/assets", files={"file": ("so.csv", ASSETS.encode("utf-8-sig"), "text/csv")})
    preview = keeper.get(sent.headers["location"]).text
    keeper.post(sent.headers["location"] + "/start", data={})
    done = within(20, lambda: keeper.get(sent.headers["location"]), lambda answer: "Đã nhập tệp" in answer.text)
    sheet = openpyxl.load_workbook(io.BytesIO(keeper.get("/api/v1/exports/assets.xlsx?unit=86").content)).active

    assert re.search(r"sẽ thêm</dt><dd>2</dd>", preview)
    assert re.search(r"thêm: <b>2</b>", done.text)
    assert sheet is not None
    told = {str(cell.value) for row in sheet.iter_rows() for cell in row}
    assert {"000123", "000124", "29410", "Máy in Canon LBP2900"} <= told


def test_a_file_with_a_broken_row_says_where_and_changes_nothing_until_asked(keeper: TestClient) -> None:
    broken = ASSETS + "000125;Máy quét;Máy quét;không có xã này;1\n"

    sent = keeper.post("/admin/import/assets", files={"file": ("so.csv", broken.encode(), "text/csv")})
    preview = keeper.get(sent.headers["location"]).text

    assert ('<td class="n">5</td>' in preview, "Chỉ nhập các dòng đúng" in preview) == (True, True)
    assert "000125" not in keeper.get("/admin/records/assets").text


def test_a_file_that_is_none_is_refused_in_words(keeper: TestClient) -> None:
    answer = keeper.post("/admin/import/assets", files={"file": ("x.xlsx", b"PK\x03\x04nothing", "application/x")})

    assert (answer.status_code, "không đọc được tệp" in answer.text) == (422, True)


def test_this_computer_may_look_without_signing_in_and_change_nothing(centre: Centre) -> None:
    deps = centre.deps(loopback_open=True)
    with TestClient(create_app(deps, pages(deps)), base_url="http://127.0.0.1:8470") as caller:
        looked = caller.get("/admin/records/lines").status_code
        changed = caller.post("/admin/records/lines/new/save", data=LINE).status_code

    assert (looked, changed) == (200, 401)


@pytest.mark.parametrize(
    ("path", "accept", "media"),
    [
        ("/admin/records/lines/new/save", "text/html,*/*", "text/html; charset=utf-8"),
        ("/admin/records/lines/new/save", "*/*", "application/problem+json"),
        ("/api/v1/none", "text/html,*/*", "application/problem+json"),
    ],
)
def test_what_is_refused_before_any_page_is_told_in_words_to_people_and_as_data_to_programs(
    keeper: TestClient, path: str, accept: str, media: str
) -> None:
    answer = keeper.get(path, headers={"accept": accept})

    assert (answer.status_code in (404, 405), answer.headers["content-type"]) == (True, media)
    assert ("Không có trang này" in answer.text) is (media != "application/problem+json")
