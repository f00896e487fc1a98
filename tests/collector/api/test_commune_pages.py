"""A commune's page tells how it serves and why, costs no query a device, and is shown to whose commune it is."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event

from machxa_collector.api.app import create_app
from machxa_collector.incidents.words import Cause
from machxa_collector.pages import pages
from machxa_collector.registry.people import Role
from machxa_collector.store import incidents
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import seat, somebody
from tests.collector.communes.scene import HOSTILE, JAM, LAND, NOW, PRINTER, put_commune, put_computers, put_watched
from tests.collector.effects.scene import CHAU_THANH, HA_NOI, OTHER, SOFTWARE, at
from tests.collector.stores import fresh_store

PAGE = f"/communes/{CHAU_THANH}"
WEIGHT, POLL = 60_000, 2_000  # bytes


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Centre, TestClient, list[tuple[str, str]]]]:
    """Return one centre with its pages, a provincial caller, and the commune's computers."""
    store = fresh_store(tmp_path_factory.mktemp("commune") / "machxa.db")
    centre = Centre(store, now_ms=NOW)
    computers = put_commune(store)
    deps = centre.deps(loopback_open=False)
    app = create_app(deps, pages(deps))
    with TestClient(app, base_url="https://may-chu.xa.example", follow_redirects=False) as caller:
        seat(centre, caller, somebody(centre, Role.PROVINCE_IT, scope="86"), Role.PROVINCE_IT)
        yield centre, caller, computers
    store.dispose()


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_the_page_says_how_the_commune_serves_and_why(
    served: tuple[Centre, TestClient, list[tuple[str, str]]],
) -> None:
    _, caller, _ = served

    page = caller.get(PAGE)
    text = text_of(page.text)

    assert page.status_code == 200, page.text
    for told in (
        "Gián đoạn một phần",
        "Bộ định tuyến ✓ hoạt động 1/1 trả lời máy cổng",
        "Máy trạm, thiết bị ▲ yếu Thiết bị: Máy in LBP 2900 , bị kẹt",
        "Hệ thống ✕ ngừng hoạt động",
        "buổi làm việc (07:30–11:30, 13:30–17:00)",
        "09:05 – chưa hết",
        "Đất đai, trực tuyến 2,3% Tra cứu, xác minh 0% Cơ sở dữ liệu đất đai (0%)",
        "Gọi 0912 345 678",
        "1.100.000",
        "Quầy 1 Hộ tịch (Hộ tịch, Chứng thực)",
        "không đo được: máy in không báo",
        "Kẹt giấy khay 2",
    ):
        assert told in text, told
    for link in (f"/incidents/{JAM.id}", f"/incidents/{LAND.id}", f"/assets/{PRINTER}", "tel:0912345678"):
        assert f'href="{link}"' in page.text


def test_what_devices_and_people_say_is_shown_and_does_nothing(
    served: tuple[Centre, TestClient, list[tuple[str, str]]],
) -> None:
    page = served[1].get(PAGE).text

    assert "&lt;script&gt;document" in page
    assert re.findall(r"<script(?! src=)|<img src=x|\u202e|\u200b|<[^>]* (?:style|on\w+)=", page) == []
    assert HOSTILE not in page


def test_a_late_month_is_split_over_its_causes(served: tuple[Centre, TestClient, list[tuple[str, str]]]) -> None:
    _, caller, _ = served

    part, whole = caller.get(f"{PAGE}/month?part=1"), caller.get(f"{PAGE}/month?month=2026-11")

    assert "2 hồ sơ trễ hạn trong 2 hồ sơ đã kết thúc" in text_of(part.text)
    assert "K1: hạ tầng gián đoạn" in whole.text
    assert ("<html" in part.text, "<html" in whole.text) == (False, True)
    assert "Chưa có dữ liệu hồ sơ" in caller.get(f"{PAGE}/month?month=2026-09").text
    assert caller.get(f"{PAGE}/month?month=x").status_code == 422


def test_more_devices_take_no_more_queries_and_the_page_stays_light(
    served: tuple[Centre, TestClient, list[tuple[str, str]]],
) -> None:
    centre, caller, computers = served
    asked: list[str] = []
    event.listen(centre.store, "before_cursor_execute", lambda *told: asked.append(told[2]))

    def cost() -> int:
        return sum("FROM changes" not in one and "FROM preferences" not in one for one in asked)  # asked each second

    caller.get(PAGE)
    asked.clear()
    caller.get(PAGE)
    few = cost()
    put_computers(centre.store, ("on",) * 60, seed=9)
    watched = tuple((f"x{n}", f"x{n}", "printer", f"Máy in {n}", "ok", "", "") for n in range(40))
    put_watched(centre.store, computers[0][1], watched)
    asked.clear()

    page = caller.get(PAGE)

    assert cost() == few
    assert few < 60
    loads = {found.replace("&amp;", "&") for found in re.findall(r'"(/static/[^"]+)"', page.text)}
    sent = sum(len(gzip.compress(caller.get(one).content, 9)) for one in loads)
    assert len(gzip.compress(page.content, 9)) + sent < WEIGHT


def test_polling_costs_little_until_something_changes(
    served: tuple[Centre, TestClient, list[tuple[str, str]]],
) -> None:
    centre, caller, _ = served
    first = caller.get(f"{PAGE}/live")
    centre.now_ms = NOW + 60_000

    again = caller.get(f"{PAGE}/live", headers={"If-None-Match": first.headers["etag"]})
    whole = caller.get(PAGE)
    kept = caller.get(PAGE, headers={"If-None-Match": whole.headers["etag"]})
    incidents.save(centre.store, [replace(LAND, ended_at=at(10, 21))])
    changed = caller.get(f"{PAGE}/live", headers={"If-None-Match": first.headers["etag"]})
    incidents.save(centre.store, [LAND])

    size = len(again.content) + sum(len(name) + len(value) + 4 for name, value in again.headers.items())
    assert (again.status_code, kept.status_code, changed.status_code) == (304, 304, 200)
    assert 2 * size < POLL
    assert "<html" not in changed.text


def test_a_clock_no_calendar_reaches_ends_no_page(served: tuple[Centre, TestClient, list[tuple[str, str]]]) -> None:
    centre, caller, _ = served
    centre.now_ms = 0
    shown = [caller.get(path).status_code for path in ("/communes", PAGE, f"{PAGE}/live", f"/assets/{PRINTER}")]
    centre.now_ms = NOW

    assert shown == [200] * 4


def test_an_empty_commune_says_how_to_fill_it(served: tuple[Centre, TestClient, list[tuple[str, str]]]) -> None:
    text = text_of(served[1].get("/communes/29506").text)

    for told in (
        "Chưa có máy nào gửi dữ liệu",
        "Chưa nhập ai.",
        "Chưa nhập đường truyền nào.",
        "Nhập danh sách tài sản",
    ):
        assert told in text
    assert "Mức sẵn sàng –" in text  # never 100, never 0


def test_the_list_is_searched_sorted_and_kept_to_ones_territory(
    served: tuple[Centre, TestClient, list[tuple[str, str]]],
) -> None:
    centre, caller, _ = served
    listed = caller.get("/communes").text
    names = re.findall(r'<th scope="row"><a href="/communes/(\d+)">', listed)
    found = re.findall(r'<th scope="row"><a href="/communes/(\d+)">', caller.get("/communes?q=my+chanh").text)
    stopped = caller.get("/communes?serving=stopped").text

    assert (len(names), names[0]) == (124, CHAU_THANH)
    assert CHAU_THANH in found  # by a name of before the merger, without its marks
    assert "Không có xã, phường nào tên như vậy" in stopped
    leader = seat(centre, caller, somebody(centre, Role.LEADER, scope=OTHER, login="hoa"), Role.LEADER)
    assert re.findall(r'<th scope="row"><a href="/communes/(\d+)">', leader.get("/communes").text) == [OTHER]
    refused = [leader.get(path).status_code for path in (PAGE, f"{PAGE}/live", f"{PAGE}/month", f"/communes/{HA_NOI}")]
    assert refused == [404] * 4
    assert "1.100.000" not in leader.get(f"/communes/{OTHER}").text


def test_a_printers_page_has_its_own_sections_and_words_where_nothing_is_measured(
    served: tuple[Centre, TestClient, list[tuple[str, str]]],
) -> None:
    centre, caller, _ = served
    seat(centre, caller, somebody(centre, Role.PROVINCE_IT, scope="86", login="it"), Role.PROVINCE_IT)

    page = caller.get(f"/assets/{PRINTER}")
    text = text_of(page.text)

    for told in (
        "không làm việc được: kẹt giấy từ 09:05",
        "Máy cổng của đơn vị hỏi thiết bị này mỗi phút",
        "Không đo được: máy in không báo",
        "P2 · bị kẹt 09:05 – chưa hết",
        "Đề xuất: Khảo sát · dữ liệu chưa đủ 60 phần trăm quy tắc: Dữ liệu chưa đủ 60 phần trăm thì khảo sát",
        "Sửa chữa chưa ghi",
    ):
        assert told in text, told
    assert "Có số liệu nào bị mất" not in text  # of a computer's reports
    assert 'class="qr"' in page.text


def test_a_computers_page_tells_its_score_with_parts_and_a_share_a_day_without_hours(
    served: tuple[Centre, TestClient, list[tuple[str, str]]],
) -> None:
    centre, caller, computers = served
    seat(centre, caller, somebody(centre, Role.PROVINCE_IT, scope="86", login="it2"), Role.PROVINCE_IT)
    asked: list[str] = []
    event.listen(centre.store, "before_cursor_execute", lambda *told: asked.append(told[2]))

    page = caller.get(f"/assets/{computers[1][0]}?range=90d")
    text = text_of(page.text)

    for told in (
        "14,6–100 trên 100 (F12)",
        "Lý do lớn nhất: tuổi máy",
        "khảo sát: chưa đủ dữ liệu",
        "14.500.000",
        "TS-3001",
    ):
        assert told in text, told
    assert "Mỗi ngày một giá trị" in text
    strip = page.text[page.text.index('class="strip"') : page.text.index("</svg>", page.text.index('class="strip"'))]
    assert (strip.count("<rect"), re.findall(r"\d\d:\d\d", strip)) == (90, [])
    assert len(asked) < 90
    loads = {found.replace("&amp;", "&") for found in re.findall(r'"(/static/[^"]+)"', page.text)}
    sent = sum(len(gzip.compress(caller.get(one).content, 9)) for one in loads)
    assert len(gzip.compress(page.content, 9)) + sent < WEIGHT


def test_what_a_device_costs_is_for_who_plans_and_a_device_elsewhere_for_nobody_else(
    served: tuple[Centre, TestClient, list[tuple[str, str]]],
) -> None:
    centre, caller, computers = served
    leader = seat(centre, caller, somebody(centre, Role.LEADER, scope=CHAU_THANH, login="mai"), Role.LEADER)
    own = text_of(leader.get(f"/assets/{computers[1][0]}").text)
    other = seat(centre, caller, somebody(centre, Role.LEADER, scope=OTHER, login="tu"), Role.LEADER)

    assert "Chỉ hiện với người lập kế hoạch mua sắm" in own
    assert "14.500.000" not in own
    assert other.get(f"/assets/{computers[1][0]}").status_code == 404


def test_an_incidents_page_tells_its_vote_its_dossiers_its_units_and_what_explains_it(
    served: tuple[Centre, TestClient, list[tuple[str, str]]],
) -> None:
    centre, caller, _ = served
    seat(centre, caller, somebody(centre, Role.PROVINCE_IT, scope="86", login="it3"), Role.PROVINCE_IT)
    below = replace(LAND, id="be" * 8, merged_into=SOFTWARE.id, cause=SOFTWARE.cause)
    incidents.save(centre.store, [replace(SOFTWARE, first_cause=Cause.LINE), below])

    page = caller.get(f"/incidents/{SOFTWARE.id}")
    part = caller.get(f"/incidents/{SOFTWARE.id}/effects?part=1")
    child = caller.get(f"/incidents/{below.id}").text
    text, held = text_of(page.text), text_of(part.text)

    for told in (
        "3/3 nơi có thể xác nhận cùng thấy, qua 2 nhà mạng; độ tin cậy 93%",
        "lúc đầu cho là",
        "Tiếp nhận chưa",
        "chưa ai hẹn",
    ):
        assert told in text, told
    assert f'href="/communes/{CHAU_THANH}"' in page.text
    assert "kind=slip" in page.text
    for told in ("Hồ sơ bị giữ vì sự cố này", "Khâu bị ảnh hưởng: Tiếp nhận trực tiếp (dừng hẳn", "Xã Châu Thành", "1"):
        assert told in held, told
    assert ("<html" in part.text, "<html" in caller.get(f"/incidents/{SOFTWARE.id}/effects").text) == (False, True)
    assert f'href="/incidents/{SOFTWARE.id}"' in child
    leader = seat(centre, caller, somebody(centre, Role.LEADER, scope="29506", login="xa"), Role.LEADER)
    assert leader.get(f"/incidents/{SOFTWARE.id}/effects").status_code == 404
