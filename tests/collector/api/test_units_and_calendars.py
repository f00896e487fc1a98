"""The API answers for units and calendars after a centre has been seeded for Vĩnh Long."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from machxa_collector.api.app import create_app
from machxa_collector.store import seed
from tests.collector.api.conftest import Centre
from tests.collector.builders import assert_problem
from tests.collector.provinces import PROVINCES
from tests.collector.stores import fresh_store

NOW_MS = 1_795_568_400_000  # 2026-11-25T01:00:00Z, a Wednesday in office hours
ARTICLES = (  # the communes that the articles name
    ("tan lac", "05128", "Xã Tân Lạc, Phú Thọ"),
    ("kim boi", "04978", "Xã Kim Bôi, Phú Thọ"),
    ("bao la", "05245", "Xã Bao La, Phú Thọ"),
    ("dung tien", "05086", "Xã Dũng Tiến, Phú Thọ"),
    ("van son", "05152", "Xã Vân Sơn, Phú Thọ"),
    ("chau thanh", "29374", "Xã Châu Thành, Vĩnh Long"),
    ("hoa minh", "29410", "Xã Hòa Minh, Vĩnh Long"),
    ("tra con", "29836", "Xã Trà Côn, Vĩnh Long"),
    ("dan hoa", "10180", "Xã Dân Hòa, Hà Nội"),
    ("dong da", "00235", "Phường Đống Đa, Hà Nội"),
    ("o dien", "09817", "Xã Ô Diên, Hà Nội"),
    ("my duc", "10441", "Xã Mỹ Đức, Hà Nội"),
    ("phu xuyen", "10273", "Xã Phú Xuyên, Hà Nội"),
    ("cau giay", "00166", "Phường Cầu Giấy, Hà Nội"),
    ("an phuoc", "26383", "Xã An Phước, Đồng Nai"),
    ("binh minh", "26278", "Xã Bình Minh, Đồng Nai"),
    ("hung thinh", "26281", "Xã Hưng Thịnh, Đồng Nai"),
    ("thien hung", "25308", "Xã Thiện Hưng, Đồng Nai"),
    ("tan an", "26179", "Xã Tân An, Đồng Nai"),
    ("dai phuoc", "26491", "Xã Đại Phước, Đồng Nai"),
    ("phu nghia", "25267", "Xã Phú Nghĩa, Đồng Nai"),
)


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Return a caller of a centre that was seeded once for all tests of this file."""
    store = fresh_store(tmp_path_factory.mktemp("seeded") / "machxa.db")
    seed.seed(store, "86", "test", NOW_MS)
    app = create_app(Centre(store, now_ms=NOW_MS).deps(loopback_open=True))
    with TestClient(app, base_url="http://127.0.0.1:8470") as caller:
        yield caller
    store.dispose()


def told(seeded: TestClient, path: str, **query: str) -> dict[str, Any]:
    answer = seeded.get(f"/api/v1/{path}", params=query)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


@pytest.mark.parametrize(("code", "full_name", "communes", "wards", "zones"), PROVINCES)
def test_a_province_has_its_communes_of_each_type(
    seeded: TestClient, code: str, full_name: str, communes: int, wards: int, zones: int
) -> None:
    body = told(seeded, f"units/{code}")

    counted = {"xã": communes, "phường": wards, "đặc khu": zones, "centre": 1}
    assert body["children"] == {name: count for name, count in counted.items() if count}
    assert body["today"]["full_name"] == full_name


def test_all_communes_are_listed_once_and_every_unit_names_its_source(seeded: TestClient) -> None:
    codes, cursor = [], ""
    while cursor is not None:
        page = told(seeded, "units", kind="commune", limit="500", cursor=cursor)
        assert all(unit["source"] for unit in page["units"])
        codes += [unit["code"] for unit in page["units"]]
        cursor = page["next"]

    assert (len(codes), len(set(codes)), codes[0]) == (3_321, 3_321, "00004")


@pytest.mark.parametrize(("query", "code", "name"), ARTICLES, ids=[one[0] for one in ARTICLES])
def test_the_communes_of_the_articles_are_found_without_diacritics(
    seeded: TestClient, query: str, code: str, name: str
) -> None:
    found = {unit["code"]: unit for unit in told(seeded, "units", q=query, limit="20")["units"]}

    full_name, _, province = name.partition(", ")
    assert found[code]["full_name"] == full_name
    assert found[code]["province"]["name"].endswith(province)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "chau thanh", "province": "86", "limit": "1"}, ["29374"]),
        ({"q": "hoà minh", "limit": "1"}, ["29410"]),
        ({"q": "vinh long", "kind": "province"}, ["86"]),
        ({"q": "29410"}, ["29410"]),
        ({"q": "?!"}, []),
        ({"q": "tan an", "province": "00"}, []),
    ],
)
def test_units_are_found_within_a_province_and_by_kind(
    seeded: TestClient, query: dict[str, str], expected: list[str]
) -> None:
    assert [unit["code"] for unit in told(seeded, "units", **query)["units"]] == expected


def test_an_old_name_finds_what_became_of_it_and_says_so(seeded: TestClient) -> None:
    found = told(seeded, "units", q="thị trấn châu thành", province="86")["units"]

    assert [unit["matched"] for unit in found if unit["code"] == "29374"] == ["Thị trấn Châu Thành"]


def test_a_city_of_2026_was_a_province_before(seeded: TestClient) -> None:
    history = told(seeded, "units/75")["history"]

    assert [(row["full_name"], row["valid_from"]) for row in history][-1] == ("Thành phố Đồng Nai", "2026-04-30")
    assert told(seeded, "units", q="dong nai", kind="province", on="2026-04-29")["units"][0]["type"] == "tỉnh"


@pytest.mark.parametrize(
    ("day", "kind", "hours"),
    [
        ("2026-11-24", "holiday", []),  # Ngày Văn hóa Việt Nam
        ("2026-08-22", "make_up_day", ["07:30-11:30", "13:30-17:00"]),
        ("2026-01-10", "make_up_day", ["07:30-11:30", "13:30-17:00"]),
        ("2026-01-02", "holiday", []),
        ("2026-11-25", "office", ["07:30-11:30", "13:30-17:00"]),
        ("2026-11-28", "rest", []),
    ],
)
@pytest.mark.parametrize("unit", ["29410", "86-HCC", "86"])
def test_a_unit_works_as_its_province_and_the_country_say(
    seeded: TestClient, unit: str, day: str, kind: str, hours: list[str]
) -> None:
    (plan,) = told(seeded, f"calendars/{unit}", **{"from": day, "to": day})["days"]

    assert (plan["day"], plan["kind"], plan["official"], plan["actual"]) == (day, kind, hours, hours)
    assert kind == "rest" or all(row["source"] for row in plan["rows"])


def test_the_hours_seeded_say_that_nobody_has_confirmed_them(seeded: TestClient) -> None:
    (plan,) = told(seeded, "calendars/29410", **{"from": "2026-11-25", "to": "2026-11-25"})["days"]

    assert [(row["source"], row["confidence"]) for row in plan["rows"]] == [
        ("giờ hành chính phổ biến; chưa nhập văn bản của tỉnh", "likely")
    ]


def test_days_that_are_not_decided_yet_are_told_with_the_answer(seeded: TestClient) -> None:
    body = told(seeded, "calendars/29410", **{"from": "2027-02-01", "to": "2027-02-28"})

    assert ("likely", "2027-02-04") in [(doubt["confidence"], doubt["from"]) for doubt in body["doubts"]]


@pytest.mark.parametrize(
    ("start", "end", "seconds"),
    [
        ("2026-11-23T08:00", "2026-11-25T08:00", 27_000.0),  # 3.5 h + 3.5 h on Monday, none on Tuesday, 0.5 h
        ("2026-11-25T11:00:00+07:00", "2026-11-25T06:45:00Z", 2_700.0),
        ("2026-11-25T12:00", "2026-11-25T11:00", 0.0),
    ],
)
def test_working_time_leaves_out_lunch_and_days_off(seeded: TestClient, start: str, end: str, seconds: float) -> None:
    query = {"from": start, "to": end, "clock": "W_off"}

    assert told(seeded, "calendars/29410/working-time", **query)["seconds"] == seconds


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("calendars/99999", 404),
        ("calendars/29410?from=1999-12-31", 400),
        ("calendars/29410?from=2026-01-02&to=2026-01-01", 400),
        ("calendars/29410?from=2026-01-01&to=2028-01-01", 400),
        ("calendars/29410/working-time?from=1990-01-01T00:00&to=2026-01-01T00:00", 400),
        ("calendars/29410/working-time?from=0001-01-01T00:00&to=2026-01-01T00:00", 400),
        ("calendars/99999/working-time?from=2026-01-01T00:00&to=2026-01-02T00:00", 404),
        ("calendars/29410/working-time?from=2026-01-01T00:00&to=2026-01-02T00:00&clock=x", 422),
        ("units/00000", 404),
        ("units?cursor=x", 400),
        ("units?kind=x", 422),
    ],
)
def test_what_cannot_be_answered_is_a_problem(seeded: TestClient, path: str, status: int) -> None:
    assert_problem(seeded.get(f"/api/v1/{path}"), status)


def test_the_registry_counts_what_was_seeded_and_knows_its_home(seeded: TestClient) -> None:
    body = told(seeded, "registry")

    assert body["home"] == "86"
    assert {kind["name"]: kind["count"] for kind in body["kinds"]} == {
        "units": 3_414, "calendars": 1, "lines": 0, "counters": 0, "contacts": 0, "planned": 0, "assets": 0,
        "repairs": 0,
    }  # fmt: skip
