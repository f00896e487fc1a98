"""A unit's paper work on pages without a script: declared, kept in bulk, typed in, red when overdue, ended, printed."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from machxa_collector.api.app import create_app
from machxa_collector.pages import pages
from machxa_collector.registry.people import Role
from machxa_collector.store import paper
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import seat, somebody
from tests.collector.effects.scene import CHAU_THANH, OTHER, at
from tests.collector.stores import fresh_store

ROWS = "G-01;Chứng thực;26/11/2026 08:05;Tiếp nhận trực tiếp, Ký\r\nG-02;HT;26/11/2026 8h10\r\n"
FORM = {"unit": CHAU_THANH, "reason": "phần mềm một cửa dừng", "started_at": "2026-11-26T08:00", "group-CT": "yes"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Centre, TestClient]]:
    """Return one centre with its pages for all tests here; each works for a unit of its own."""
    folder: Path = tmp_path_factory.mktemp("paper")
    store = fresh_store(folder / "machxa.db")
    centre = Centre(store, now_ms=at(8, 15))
    deps = centre.deps(loopback_open=False)
    app = create_app(deps, pages(deps))
    with TestClient(app, base_url="https://may-chu.xa.example", follow_redirects=False) as caller:
        yield centre, caller
    store.dispose()


@pytest.fixture
def centre(served: tuple[Centre, TestClient]) -> Centre:
    served[0].now_ms = at(8, 15)
    return served[0]


def leader(centre: Centre, caller: TestClient, unit: str, login: str, role: Role = Role.LEADER) -> TestClient:
    caller.cookies.clear()  # of somebody else, and of a language
    return seat(centre, caller, somebody(centre, role, scope=unit, login=login), role)


def declared(caller: TestClient, unit: str) -> str:
    sent = caller.post("/paper", data={**FORM, "unit": unit})
    assert sent.status_code == 303, sent.text
    return str(sent.headers["location"])


def test_paper_goes_from_its_declaration_to_its_printed_ledger(
    centre: Centre, served: tuple[Centre, TestClient]
) -> None:
    caller = leader(centre, served[1], CHAU_THANH, "lan")
    empty = caller.get("/paper").text
    page = declared(caller, CHAU_THANH)

    written = caller.post(f"{page}/lines", files={"rows": (None, ROWS)})
    marked = caller.post(f"{page}/entered", data={"number-1": "G-02", "dossier-1": "H62.1", "number-2": "no such line"})
    centre.now_ms = at(8, 20)
    ended = caller.post(f"{page}/end", data={"ended_at": ""})
    shown = caller.get(page).text

    assert f'value="{CHAU_THANH}"' in empty  # the one unit of who asks
    assert (written.headers["location"], marked.status_code, ended.status_code) == (f"{page}?done=2", 303, 303)
    (spell,) = paper.newest(centre.store, {CHAU_THANH}, 5)
    assert (spell.started_at, spell.ended_at, spell.groups) == (at(8), at(8, 20), ("CT",))
    assert [(one.number, one.stages, one.entered_at, one.dossier) for one in paper.lines(centre.store, spell.pk)] == [
        ("G-01", ("receive_direct", "sign"), None, None),
        ("G-02", (), at(8, 15), "H62.1"),
    ]
    assert "Tiếp nhận trực tiếp; Ký" in shown
    assert '/end"' not in shown  # it has ended
    printed = caller.post("/outputs", data={"kind": "ledger", "paper": str(spell.pk)})
    assert (printed.status_code, printed.headers["location"]) == (303, "/outputs?done=ledger")
    assert "/paper" in caller.get("/dossiers").text


def test_what_waits_for_over_a_working_day_is_called_so_in_the_readers_language(
    centre: Centre, served: tuple[Centre, TestClient]
) -> None:
    caller = leader(centre, served[1], OTHER, "hoa")
    page = declared(caller, OTHER)
    caller.post(f"{page}/lines", files={"rows": (None, ROWS)})

    def told() -> tuple[int, bool]:
        text = caller.get(f"{page}?lang=en").text
        return text.count("not yet, for over one working day"), "Overdue" in text

    before = told()
    centre.now_ms = at(8, 6, 27)
    seat(centre, caller, somebody(centre, Role.LEADER, scope=OTHER, login="hoa2"), Role.LEADER)

    assert (before, told()) == ((0, True), (1, True))


def test_a_workbook_is_taken_in_and_what_cannot_be_read_is_named_with_its_row(
    centre: Centre, served: tuple[Centre, TestClient]
) -> None:
    caller = leader(centre, served[1], "29410", "tam")
    page = declared(caller, "29410")
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in (["Số trên giấy", "Nhóm thủ tục", "Thời điểm tiếp nhận"], ["G-07", "Đất đai", "26/11/2026 08:05"]):
        sheet.append(row)
    file = BytesIO()
    book.save(file)

    taken = caller.post(f"{page}/lines", files={"file": ("so.xlsx", file.getvalue(), "application/octet-stream")})
    bad = caller.post(f"{page}/lines", files={"rows": (None, ROWS.replace("HT", "lạ"))})
    phone = caller.post(f"{page}/lines", files={"rows": (None, "0912345678;HT;26/11/2026 08:05")})
    none = caller.post(f"{page}/lines", files={"rows": (None, " \r\n")})
    long = caller.post(f"{page}/lines", files={"rows": (None, "G" * 61 * 1024)})

    assert (taken.status_code, [one.number for one in paper.left_to_enter(centre.store, {"29410"})]) == (303, ["G-07"])
    assert (bad.status_code, "dòng 2: không hiểu Nhóm thủ tục" in bad.text) == (422, True)
    assert (phone.status_code, "0912345678" in phone.text) == (422, False)
    assert (long.status_code, "hãy chia nhỏ" in long.text) == (413, True)
    assert (none.status_code, caller.post(f"{page}/entered", data={}).status_code) == (400, 400)
    assert caller.post("/paper", data={**FORM, "unit": "29410"}).status_code == 409
    unclear = caller.post("/paper", data={**FORM, "unit": "29410", "started_at": "hôm qua"})
    assert unclear.status_code == 422
    assert '<a class="more" href="/paper">Về trang làm trên giấy</a>' in caller.get("/paper/0x1").text


def test_what_was_typed_stays_when_it_is_refused(centre: Centre, served: tuple[Centre, TestClient]) -> None:
    caller = leader(centre, served[1], "29506", "nam")
    page = declared(caller, "29506")

    rows = caller.post(f"{page}/lines", files={"rows": (None, ROWS.replace("HT", "<lạ>"))})
    form = caller.post("/paper", data={**FORM, "unit": "29506", "incident": "xyz"})

    assert (rows.status_code, form.status_code) == (422, 422)
    assert "dòng 2: không hiểu Nhóm thủ tục" in rows.text
    assert "G-01;Chứng thực;26/11/2026 08:05;Tiếp nhận trực tiếp, Ký\r\nG-02;&lt;lạ&gt;;26/11/2026 8h10" in rows.text
    assert 'role="alert"' in form.text
    for typed in ("29506", "phần mềm một cửa dừng", "2026-11-26T08:00", "xyz"):
        assert f'value="{typed}"' in form.text
    assert 'name="group-CT" value="yes" checked' in form.text


def test_others_see_nothing_of_it_and_who_only_looks_is_shown_no_form(
    centre: Centre, served: tuple[Centre, TestClient]
) -> None:
    page = declared(leader(centre, served[1], "29413", "ba"), "29413")
    looking = leader(centre, served[1], "29413", "xem", Role.AUDITOR)
    seen = (looking.get("/paper").text, looking.get(page).text)
    refused = looking.post(f"{page}/end", data={})
    stranger = leader(centre, served[1], "29416", "khac")

    assert ["<form" in text.split("<main", 1)[1] for text in seen] == [False, False]
    assert refused.status_code == 403
    assert (stranger.get(page).status_code, stranger.post(f"{page}/end", data={}).status_code) == (404, 404)
    assert "phần mềm một cửa dừng" not in stranger.get("/paper").text
    assert stranger.get("/paper/0x1").status_code == 404


def test_what_comes_to_a_unit_is_shown_by_weekday_session_and_stage_with_its_fallbacks(
    centre: Centre, served: tuple[Centre, TestClient]
) -> None:
    caller = leader(centre, served[1], "29419", "tu")

    vi = caller.get("/dossiers/flow?unit=29419&day=4").text
    saturday = caller.get("/dossiers/flow?unit=29419&day=5&lang=en").text

    assert "Thứ Sáu</option>" in vi
    for word in ("bài báo: chưa nhập số liệu nào", "chưa biết giờ: chia đều theo giờ làm việc", "Theo khâu", "Ký"):
        assert word in vi
    assert "The unit does not work on this weekday." in saturday
    assert caller.get("/dossiers/flow?unit=29374").status_code == 404
