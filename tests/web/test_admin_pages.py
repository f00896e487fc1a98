from __future__ import annotations

from collections.abc import Mapping

import pytest

from machxa_web.admin.desk import Upload
from tests.web.fixture_desk import ASSET, HOSTILE, IMPORT, KIND, LINE, VALUES, FixtureDesk, client_of

PAGES = (
    "/admin",
    "/admin/records/lines",
    "/admin/records/lines/new",
    f"/admin/records/lines/{LINE}",
    "/admin/history",
    "/admin/history/b-1",
    "/admin/import/lines",
    "/admin/imports/i-1",
    "/admin/identity",
    f"/admin/identity/{ASSET}",
)
HEAVIEST = 60_000


def save(desk: FixtureDesk, **said: str) -> tuple[int, str]:
    answer = client_of(desk).post(
        f"/admin/records/lines/{LINE}/save", data={"version": "v1", **VALUES, **said}, headers={"accept-encoding": ""}
    )
    return answer.status_code, answer.headers.get("location", answer.text)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_page_stands_in_both_languages_escaped_and_light(path: str, lang: str) -> None:
    answer = client_of(FixtureDesk()).get(path, params={"lang": lang})

    assert (answer.status_code, HOSTILE in answer.text, len(answer.content) < HEAVIEST) == (200, False, True)
    assert f'<html lang="{lang}">' in answer.text


def test_a_page_with_records_is_kept_by_nobody() -> None:
    assert client_of(FixtureDesk()).get("/admin/records/lines").headers["cache-control"] == "no-store"


def test_an_empty_registry_says_how_to_fill_it() -> None:
    desk = FixtureDesk(kinds=({**KIND, "name": "units", "count": 0},))

    assert "machxa init --province 86" in client_of(desk).get("/admin").text


@pytest.mark.parametrize(("address", "expected"), [("", "Chưa có bản ghi nào"), ("?q=xyz", "Không tìm thấy")])
def test_a_list_without_records_says_why_and_what_next(address: str, expected: str) -> None:
    assert expected in client_of(FixtureDesk(found=())).get("/admin/records/lines" + address).text


def test_a_list_is_searched_and_turned_page_by_page() -> None:
    desk = FixtureDesk()

    text = client_of(desk).get("/admin/records/lines?q=hoa%20minh&unit=86").text

    assert desk.asked == [("records", "lines", "hoa minh", "86", None)]
    assert "q=hoa+minh&amp;unit=86&amp;cursor=MTIz" in text


READER = {**KIND, "allowed": []}
FORBIDDEN = ("/admin/import/", "/api/v1/exports/", "/new", "<button>", 'class="quiet"')


@pytest.mark.parametrize("path", [*PAGES[:2], *PAGES[3:6], *PAGES[8:]])
def test_who_may_only_read_is_offered_nothing_else(path: str) -> None:
    desk = FixtureDesk(kinds=(READER,), may_change=False)

    text = client_of(desk).get(path).text.replace("<button>Xem</button>", "").replace("<button>Tìm</button>", "")

    assert [one for one in FORBIDDEN if one in text] == []


def test_a_new_registry_says_what_to_do_next() -> None:
    kinds = ({**KIND, "name": "units"}, {**KIND, "name": "calendars"}, {**KIND, "count": 0})

    text = client_of(FixtureDesk(kinds=kinds)).get("/admin").text

    assert text.index("Việc tiếp theo") < text.index('href="/admin/import/lines"') < text.index('class="kinds"')


@pytest.mark.parametrize(("confidence", "expected"), [("likely", 1), ("confirmed", 0)])
def test_the_provinces_hours_are_asked_for_until_they_are_confirmed(confidence: str, expected: int) -> None:
    kinds = ({**KIND, "name": "units"}, {**KIND, "name": "calendars"})
    week = {"id": LINE, "values": {"rule": "week", "confidence": confidence}}

    text = client_of(FixtureDesk(kinds=kinds, found=(week,))).get("/admin").text

    assert text.count('href="/admin/records/calendars?unit=86"') == expected


def test_the_language_is_kept_and_so_is_what_was_looked_for() -> None:
    caller = client_of(FixtureDesk())

    told = caller.get("/admin/records/lines?q=hoa&lang=en").text

    assert 'href="/admin/records/lines?q=hoa&amp;lang=vi"' in told
    assert '<html lang="en">' in caller.get("/admin").text


def test_the_answer_to_a_form_leads_back_to_its_page_in_another_language() -> None:
    _, page = save(FixtureDesk(), name="Cáp quang")

    assert f'href="/admin/records/lines/{LINE}?lang=en"' in page


def test_a_change_is_shown_before_it_is_saved() -> None:
    desk = FixtureDesk()

    status, page = save(desk, name="Cáp quang")

    assert (status, desk.asked, "Sẽ thay đổi như sau" in page, "Cáp quang" in page) == (200, [], True, True)


def test_a_confirmed_change_is_saved_and_can_be_taken_back() -> None:
    desk = FixtureDesk()

    told = save(desk, name="Cáp quang", confirm="yes")

    assert told == (303, f"/admin/records/lines/{LINE}?done=b-2")
    assert desk.asked == [("save", "lines", LINE, {**VALUES, "name": "Cáp quang"})]
    assert 'href="/admin/history/b-2"' in client_of(desk).get(told[1]).text


def test_a_fault_is_told_at_its_field_and_what_was_typed_stays() -> None:
    faults: tuple[Mapping[str, object], ...] = ({"field": "unit", "vi": "không có đơn vị", "en": "no such unit"},)

    status, page = save(FixtureDesk(faults=faults), unit="99999", confirm="yes")

    assert (status, 'value="99999"' in page, "không có đơn vị" in page, 'aria-invalid="true"' in page) == (
        *(200, True, True, True),
    )


def test_saving_what_is_there_already_saves_nothing_and_says_so() -> None:
    desk = FixtureDesk()

    status, page = save(desk, confirm="yes")

    assert (status, desk.asked, "nên không lưu gì" in page) == (200, [], True)


def test_a_record_changed_by_someone_else_meanwhile_is_not_overwritten() -> None:
    status, page = save(FixtureDesk(), name="Cáp quang", confirm="yes", version="v0")

    assert (status, "bản ghi đã đổi" in page, "Việc này chưa được thực hiện" in page) == (409, True, True)


def test_removing_asks_once_more() -> None:
    desk = FixtureDesk()
    client = client_of(desk)

    asked = client.post(f"/admin/records/lines/{LINE}/remove", data={"version": "v1"})
    done = client.post(f"/admin/records/lines/{LINE}/remove", data={"version": "v1", "confirm": "yes"})

    assert (asked.status_code, "Bỏ bản ghi này?" in asked.text) == (200, True)
    assert (done.headers["location"], desk.asked) == ("/admin/records/lines?done=b-3", [("remove", "lines", LINE)])


def test_the_history_names_who_changed_what_from_what_to_what() -> None:
    text = client_of(FixtureDesk()).get("/admin/history/b-1").text

    for expected in ("Lan", "25/11/2026 08:00:00", "Mạng TSLCD", "Hoàn tác toàn bộ"):
        assert expected in text


def test_an_act_is_taken_back_by_one_button() -> None:
    desk = FixtureDesk()

    answer = client_of(desk).post("/admin/history/b-1/undo")

    assert (answer.headers["location"], desk.asked) == ("/admin/history/b-4", [("undo", "b-1")])


def test_a_file_goes_to_its_preview() -> None:
    desk = FixtureDesk()

    answer = client_of(desk).post("/admin/import/lines", files={"file": ("../x.csv", b"a;b", "text/csv")})

    assert answer.headers["location"] == "/admin/imports/i-1"
    assert desk.asked == [("upload", "lines", Upload(content=b"a;b", mapping=""))]


def test_a_form_without_a_file_is_answered_in_words() -> None:
    answer = client_of(FixtureDesk()).post("/admin/import/lines", files={})

    assert (answer.status_code, "chưa chọn tệp" in answer.text) == (400, True)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, "Nhập</button>"),
        ({"bad": 1}, "Chỉ nhập các dòng đúng"),
        ({"new": 0, "same": 3}, "Tất cả đã có trong sổ đăng ký."),
        ({"missing": ["name"]}, "Chưa có cột nào cho các trường bắt buộc sau:"),
        ({"state": "running", "progress": {"done": 1000, "total": 3000}}, "1.000 / 3.000"),
        ({"state": "done", "batch": "b-9"}, 'href="/admin/history/b-9"'),
        ({"before": {"batch": "b-7", "actor": "Hoa"}}, 'href="/admin/history/b-7"'),
        ({"sheets": ["Xã A", "Xã B"], "sheet": "Xã B"}, "<option selected>Xã B</option>"),
        ({"state": "failed", "detail": "tệp bị khóa"}, "tệp bị khóa"),
        ({"state": "failed"}, "sổ đăng ký không thay đổi gì"),
        ({"problems": [{"row": 7, "column": "Mã xã", "vi": "không có đơn vị", "en": "no"}]}, "không có đơn vị"),
    ],
    ids=[
        "good",
        "some bad",
        "nothing new",
        "columns missing",
        "running",
        "done",
        "seen before",
        "several sheets",
        "failed",
        "failed, no word",
        "problems",
    ],
)
def test_an_import_tells_where_it_stands_and_what_can_be_done(said: dict[str, object], expected: str) -> None:
    desk = FixtureDesk(one_import={**IMPORT, **said})

    assert expected in client_of(desk).get("/admin/imports/i-1").text


def test_a_running_import_shows_itself_again_without_javascript() -> None:
    desk = FixtureDesk(one_import={**IMPORT, "state": "running"})

    assert client_of(desk).get("/admin/imports/i-1").headers["refresh"] == "2"


def test_columns_are_chosen_by_number_whatever_their_headings_say() -> None:
    desk = FixtureDesk()

    client_of(desk).post("/admin/imports/i-1/mapping", data={"column-0": "", "column-1": "name", "save_as": "Kế toán"})

    assert desk.asked == [("remap", "i-1", {"Mã xã": None, HOSTILE: "name"}, "Kế toán", "")]


def test_a_file_as_wide_as_may_be_is_mapped() -> None:
    columns = [{"heading": f"Cột {number}"} for number in range(200)]
    desk = FixtureDesk(one_import={**IMPORT, "columns": columns})
    chosen = {f"column-{number}": "" for number in range(200)}

    answer = client_of(desk).post("/admin/imports/i-1/mapping", data={**chosen, "save_as": "", "sheet": "Sổ"})

    assert (answer.status_code, len(desk.asked)) == (303, 1)


def test_only_the_good_rows_are_taken_in_when_that_was_asked() -> None:
    desk = FixtureDesk()

    client_of(desk).post("/admin/imports/i-1/start", data={"good_only": "yes"})

    assert desk.asked == [("start", "i-1", True)]


@pytest.mark.parametrize(
    "path", ["/admin/records/nothing", "/admin/records/lines/a.b", "/admin/history?cursor=%00", "/admin/imports/a'b"]
)
def test_an_address_that_leads_nowhere_is_answered_in_words(path: str) -> None:
    answer = client_of(FixtureDesk()).get(path)

    assert (answer.status_code, "Việc này chưa được thực hiện" in answer.text) == (404, True)


def test_a_field_longer_than_any_of_ours_is_refused_before_anything_is_asked() -> None:
    status, page = save(FixtureDesk(), note="x" * 5000)

    assert (status, "chưa lưu gì" in page) == (413, True)


def test_the_first_page_groups_kinds_and_pages_and_loses_no_kind() -> None:
    kinds = tuple({**KIND, "name": name} for name in ("units", "assets", "something-new"))

    text = client_of(FixtureDesk(kinds=kinds)).get("/admin?lang=en").text
    main = text[text.index("<main") :]

    assert all(f'href="/admin/records/{one["name"]}"' in main for one in kinds)
    for path in ("agents", "configuration", "enrolment", "tokens", "norms", "data-age", "history", "identity"):
        assert f'href="/admin/{path}"' in main
    assert main.index("Units, hours") < main.index("/admin/records/units") < main.index('href="/setup"')
