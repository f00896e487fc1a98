"""The register's pages over the real store: empty, filled, refused, and small enough for a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, insert

from machxa_collector.api.app import create_app
from machxa_collector.pages import pages
from machxa_collector.registry.people import Role
from machxa_collector.registry.tokens import Purpose
from machxa_collector.store import tables
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import seat, somebody
from tests.collector.api.places_of_assets import VINH_LONG, put_assets
from tests.collector.api.test_register import OTHER, made, statuses
from tests.collector.stores import fresh_store

PHONE = 15_000  # bytes of everything the counting page fetches, as served
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def keeper(centre: Centre) -> Iterator[TestClient]:
    """Return a browser of somebody who may change the registry."""
    deps = centre.deps(loopback_open=True)
    app = create_app(deps, pages(deps))
    token = {"authorization": f"Bearer {centre.token(Purpose.API)}"}
    with TestClient(app, base_url="http://127.0.0.1:8470", follow_redirects=False, headers=token) as caller:
        yield caller


@pytest.fixture(scope="module")
def nobodys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Return a browser of a centre that has no assets yet; its pages are only looked at."""
    store = fresh_store(tmp_path_factory.mktemp("register") / "machxa.db")
    centre = Centre(store)
    deps = centre.deps(loopback_open=True)
    token = {"authorization": f"Bearer {centre.token(Purpose.API)}"}
    app = create_app(deps, pages(deps))
    with TestClient(app, base_url="http://127.0.0.1:8470", follow_redirects=False, headers=token) as caller:
        yield caller
    store.dispose()


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/register", "Chưa có bản ghi nào"),
        ("/register?q=x", "Không có gì khớp"),
        ("/register/drafts", "Không có gì chờ"),
        ("/register/stocktakes", "Chưa có đợt kiểm kê nào"),
        ("/register/labels?unit=29506", "Không có nhãn nào để in"),
        ("/register/handover?of=29506&to=29410", "Không có gì ở đơn vị này"),
        ("/register/stocktakes/none", "Việc này chưa được thực hiện"),
        ("/q/TS-1", "Việc này chưa được thực hiện"),
    ],
)
def test_an_empty_page_says_what_it_is_for(nobodys: TestClient, path: str, told: str) -> None:
    sign = "&" if "?" in path else "?"

    vietnamese, english = (nobodys.get(f"{path}{sign}lang={lang}").text for lang in ("vi", "en"))

    assert told in vietnamese
    assert told not in english


def test_assets_are_listed_with_a_known_year_and_an_estimate_told_apart(keeper: TestClient) -> None:
    made(keeper, name=HOSTILE, unit=VINH_LONG, code="TS-1", acquired_year="2019", cost_vnd="15.500.000")
    made(keeper, name="Máy", unit=VINH_LONG, acquired_year="2018", acquired_source="estimated")

    text = keeper.get("/register", params={"unit": VINH_LONG, "kind": "computer"}).text

    assert "2019</td>" in text
    assert '2018 <span class="small">(ước tính)</span>' in text
    assert ("15.500.000" in text, HOSTILE in text, "asset_kind=computer" in text) == (True, False, True)


def test_drafts_are_settled_by_one_form(keeper: TestClient, store: Engine) -> None:
    (one, _), (two, _), (three, _) = put_assets(store, VINH_LONG, 3, seed=1)
    book = made(keeper, name="Máy vi tính", unit=VINH_LONG, code="TS-1")
    shown = keeper.get("/register/drafts").text
    assert f'value="join:{book}"' in shown

    form = {f"draft-{one}": "confirm", f"draft-{two}": f"join:{book}", f"draft-{three}": ""}
    answer = keeper.post("/register/drafts/decide", data=form)

    assert answer.status_code == 303
    assert statuses(keeper, one, three) == ["in_use", "draft"]
    assert "1 thiết bị đã nhập" in keeper.get(answer.headers["location"]).text
    assert keeper.post("/register/drafts/decide", data=form).status_code == 409
    assert keeper.post("/register/drafts/decide", data={f"draft-{three}": "burn"}).status_code == 422
    keeper.post("/register/drafts/decide", data={f"draft-{three}": "", "rest": "confirm"})
    assert statuses(keeper, three) == ["in_use"]


def test_a_handover_is_shown_before_it_is_done(keeper: TestClient) -> None:
    one = made(keeper, name="Máy", unit=VINH_LONG, code="TS-1", cost_vnd="15.500.000")
    shown = keeper.get("/register/handover", params={"of": VINH_LONG, "to": OTHER}).text
    (version,) = re.findall(r'name="version" value="(\w+)"', shown)
    assert "15.500.000" in shown

    form = {"of": VINH_LONG, "to": OTHER, "version": version, "reference": "QĐ 5"}
    answer = keeper.post("/register/handover", data=form)

    assert keeper.get(f"/api/v1/assets/{one}").json()["unit"] == OTHER
    (record,) = re.findall(r'href="(/api/v1/handovers/[^"]+)"', keeper.get(answer.headers["location"]).text)
    assert keeper.get(record).status_code == 200
    assert keeper.post("/register/handover", data=form).status_code == 409


def test_a_label_leads_to_its_asset_and_is_counted_there(keeper: TestClient) -> None:
    one = made(keeper, name="Máy", unit=VINH_LONG, code="TS/1")
    (label,) = keeper.get("/api/v1/labels", params={"unit": VINH_LONG}).json()["labels"]
    assert label["address"] == "http://127.0.0.1:8470/q/TS%2F1"
    assert keeper.get("/register/labels", params={"unit": VINH_LONG}).text.count("<svg") == 1

    opened = keeper.post("/register/stocktakes", data={"unit": VINH_LONG}).headers["location"]
    named = keeper.get(label["address"].removeprefix("http://127.0.0.1:8470")).text
    (action,) = re.findall(r'action="(/register/stocktakes/[^"]+/mark)"', named)
    marked = keeper.post(action, data={"code": "TS/1", "damaged": "yes"})

    assert unquote(marked.headers["location"]).startswith(f"{opened}?told=found")
    assert keeper.get(f"/api{opened.replace('register', 'v1')}").json()["counts"]["damaged"] == 1
    assert statuses(keeper, one) == ["in_use"]


def test_a_stock_take_is_counted_closed_and_written_into_the_books(keeper: TestClient) -> None:
    one, two = (made(keeper, name=name, unit=VINH_LONG, code=name) for name in ("A-1", "A-2"))
    address = keeper.post("/register/stocktakes", data={"unit": VINH_LONG}).headers["location"]
    keeper.post(f"{address}/mark", data={"code": "A-1"})
    told = keeper.get(keeper.post(f"{address}/mark", data={"code": HOSTILE}).headers["location"]).text
    assert "Mã này không phải tài sản nào của đơn vị" in told
    assert HOSTILE not in told
    (mark,) = re.findall(r'name="mark" value="(\d+)"', told)[:1]
    keeper.post(f"{address}/unmark", data={"mark": mark})

    assert "Kết thúc đợt kiểm kê này?" in keeper.post(f"{address}/close").text
    keeper.post(f"{address}/close", data={"confirm": "yes"})
    report = keeper.get(address).text
    assert "Tình trạng: <bdi>Đang dùng</bdi> → <bdi>Không tìm thấy khi kiểm kê</bdi>" in report

    assert keeper.post(f"{address}/apply", data={}).status_code == 422
    done = keeper.post(f"{address}/apply", data={"all": "yes"})

    assert (done.status_code, statuses(keeper, one, two)) == (303, ["in_use", "missing"])
    assert "Không còn đề xuất nào chờ" in keeper.get(address).text


def test_the_counting_page_is_small_however_much_there_is_to_count(keeper: TestClient, store: Engine) -> None:
    asset = {"kind": "computer", "created_at": 0, "unit": VINH_LONG, "status": "in_use"}
    with store.begin() as connection:
        for number in range(60):
            named = {"id": f"{number:036}", "name": f"Máy vi tính của phòng số {number}", "code": f"TS-{number:04}"}
            connection.execute(insert(tables.assets).values({**asset, **named}))
    address = keeper.post("/register/stocktakes", data={"unit": VINH_LONG}).headers["location"]

    page = keeper.get(address)
    fetched = [page, *(keeper.get(one) for one in re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text))]

    sizes = [int(one.headers["content-length"]) for one in fetched]
    assert (len(sizes), all(one.status_code == 200 for one in fetched)) == (4, True)
    assert sum(sizes) < PHONE
    assert "0/60" in page.text


def test_a_leader_reads_the_register_and_finds_no_button_that_changes_it(centre: Centre, store: Engine) -> None:
    put_assets(store, VINH_LONG, 1, seed=1)
    deps = centre.deps(loopback_open=False)
    with TestClient(
        create_app(deps, pages(deps)), base_url="https://may-chu.xa.example", follow_redirects=False
    ) as seen:
        seat(centre, seen, somebody(centre, Role.LEADER, scope=VINH_LONG), Role.LEADER)

        texts = [seen.get(path).text for path in ("/register", "/register/drafts")]
        refused = seen.get("/register/handover").status_code

    assert [('href="/register/handover"' in text, "<button>Lưu" in text) for text in texts] == [(False, False)] * 2
    assert refused == 403
