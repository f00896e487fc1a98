from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from machxa_collector.api.app import create_app
from machxa_collector.pages import pages
from machxa_collector.registry.people import Role
from machxa_collector.registry.tokens import Purpose
from machxa_collector.store import preferences
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import seat, somebody
from tests.collector.api.test_dossier_imports import BAD, GOOD, HEADING, finished


@pytest.fixture
def reader(centre: Centre) -> Iterator[TestClient]:
    """Return somebody who takes files in, on the pages of a centre of Vĩnh Long, with a source."""
    deps = centre.deps(loopback_open=False)
    app = create_app(deps, pages(deps))
    with centre.store.begin() as connection:
        preferences.set_home(connection, "86")
    with TestClient(app, base_url="https://may-chu.xa.example", follow_redirects=False) as caller:
        caller.post(
            "/api/v1/dossiers/sources",
            json={"id": "tinh", "name": "Một cửa tỉnh"},
            headers={"Authorization": f"Bearer {centre.token(Purpose.API)}"},
        )
        yield seat(centre, caller, somebody(centre, Role.PROVINCE_IT, scope="86"), Role.PROVINCE_IT)


def test_a_file_goes_from_its_choice_to_its_undoing_on_pages(reader: TestClient) -> None:
    sent = reader.post(
        "/dossiers/imports", data={"source": "tinh"}, files={"file": ("a.csv", BAD.encode(), "text/csv")}
    )
    page = sent.headers["location"]
    preview = reader.get(page).text

    mapped = reader.post(f"{page}/mapping", data={"unit-0": "29410", "save_as": "tỉnh ta"})
    ready = reader.get(page).text
    started = reader.post(f"{page}/start")
    finished(reader, page.rsplit("/", 1)[1])
    done = reader.get(page).text
    undone = reader.post(f"{page}/undo")

    assert sent.status_code == 303
    assert "Mã cơ quan chưa biết" in preview
    assert "H62.12" in preview
    assert (mapped.status_code, "/start" in ready, started.status_code) == (303, True, 303)
    assert "Hoàn tác: số liệu bị thay sẽ trở lại" in done
    assert undone.status_code == 303
    assert "đã hoàn tác" in reader.get(page).text
    listed = reader.get("/dossiers").text
    assert "Một cửa tỉnh" in listed
    assert "chưa nhập gì" in listed  # of the source: what was taken in is undone


def test_a_persons_data_is_refused_on_the_page_in_the_readers_language(reader: TestClient) -> None:
    text = HEADING.strip() + ",Họ tên\nH62-1,29374,Hộ tịch,01/10/2024 09:00,,true,Nguyễn Văn An\n"

    refused = reader.post(
        "/dossiers/imports?lang=en", data={"source": "tinh"}, files={"file": ("a.csv", text.encode(), "text/csv")}
    )

    assert refused.status_code == 422
    assert "names of persons" in refused.text


def test_without_a_source_the_page_says_what_forecasts_rest_on(centre: Centre) -> None:
    deps = centre.deps(loopback_open=True)
    with TestClient(create_app(deps, pages(deps)), base_url="http://127.0.0.1:8470") as caller:
        page = caller.get("/dossiers?lang=en")

    assert page.status_code == 200
    assert "No figures of dossiers yet" in page.text


def test_a_file_that_was_not_chosen_is_said_so(reader: TestClient) -> None:
    assert reader.post("/dossiers/imports", data={"source": "tinh"}).status_code == 400


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param(HEADING, "Tệp chỉ có dòng tiêu đề", id="no row"),
        pytest.param("Mã đơn vị,Ngày,Tiếp nhận\n29374,23/11/2026,40\n", "chọn “counts”", id="counts read as dossiers"),
        pytest.param(GOOD, "Ngày đủ số liệu: 01/10/2024 – 02/10/2024", id="days as people here write them"),
    ],
)
def test_a_preview_says_what_to_do_and_writes_days_as_people_here_do(reader: TestClient, text: str, shown: str) -> None:
    sent = reader.post("/dossiers/imports", data={"source": "tinh"}, files={"file": ("a.csv", text.encode())})

    assert shown in reader.get(sent.headers["location"]).text


def test_a_wrong_code_of_an_office_is_said_in_words_alone(reader: TestClient) -> None:
    sent = reader.post("/dossiers/imports", data={"source": "tinh"}, files={"file": ("a.csv", BAD.encode())})

    refused = reader.post(f"{sent.headers['location']}/mapping", data={"unit-0": "abc"})

    assert refused.status_code == 422
    assert "mã đơn vị cần năm chữ số như 29374" in refused.text
    assert "regex" not in refused.text


SOURCE = {
    "id": "motcua-bo",
    "name": "Một cửa <b>bộ</b>",
    "mapping": "rows",
    "folder": "1",
    "url": "https://motcua.example/api",
    "every_minutes": "30",
    "secret": "motcua",
    "header": "Authorization",
    "scheme": "Bearer",
}


def test_a_dossier_system_is_named_and_changed_on_a_page(reader: TestClient) -> None:
    blank = reader.get("/dossiers/sources/new").status_code
    made = reader.post("/dossiers/sources/new", data=SOURCE)
    again = reader.post("/dossiers/sources/new", data=SOURCE)
    page = reader.get(made.headers["location"]).text
    changed = reader.post("/dossiers/sources/motcua-bo", data={**SOURCE, "name": "Một cửa bộ", "url": ""})
    told = {one["id"]: one for one in reader.get("/api/v1/dossiers/sources").json()["sources"]}["motcua-bo"]

    assert (blank, made.status_code, again.status_code, changed.status_code) == (200, 303, 409, 303)
    assert 'value="https://motcua.example/api"' in page
    assert "<b>bộ</b>" not in page
    assert (told["name"], told["folder"], told["pull"], told["mapping"]) == ("Một cửa bộ", True, None, "rows")
    assert 'href="/dossiers/sources/motcua-bo"' in reader.get("/dossiers").text


def test_a_dossier_system_that_cannot_be_asked_so_is_refused_in_words(centre: Centre, reader: TestClient) -> None:
    changes = (
        {"id": "Một cửa"},
        {"name": ""},
        {"url": "http://motcua.example"},
        {"every_minutes": "5"},
        {"mapping": "?"},
    )
    told = [reader.post("/dossiers/sources/new", data={**SOURCE, **one}) for one in changes]
    nowhere = reader.post("/dossiers/sources/nobody", data=SOURCE).status_code
    seat(centre, reader, somebody(centre, Role.ADMIN, scope="29410", login="few"), Role.ADMIN)
    few = reader.post("/dossiers/sources/new", data=SOURCE)

    assert [one.status_code for one in told] == [422, 422, 422, 422, 404]
    assert all("chưa lưu" in one.text for one in told[:4])
    assert (nowhere, few.status_code) == (404, 403)
    assert len(reader.get("/api/v1/dossiers/sources").json()["sources"]) == 1


def test_an_empty_page_of_dossiers_says_how_to_bring_the_first_file(centre: Centre) -> None:
    deps = centre.deps(loopback_open=False)
    app = create_app(deps, pages(deps))
    with TestClient(app, base_url="https://may-chu.xa.example", follow_redirects=False) as caller:
        keeper = seat(centre, caller, somebody(centre, Role.PROVINCE_IT, scope="86"), Role.PROVINCE_IT).get("/dossiers")
        clerk = seat(centre, caller, somebody(centre, Role.CLERK, scope="29410", login="c"), Role.CLERK).get(
            "/dossiers"
        )

    assert "Ba bước" in keeper.text
    assert ("/dossiers/sources/new" in keeper.text, "/dossiers/sources/new" in clerk.text) == (True, False)
