"""The search: what leads where, to whom, and that it is the same for the page, the API and a keyboard."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import count

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import insert

from machxa_collector.api.app import create_app
from machxa_collector.pages import pages
from machxa_collector.registry.people import Role
from machxa_collector.store import seed
from machxa_collector.store.tables import assets, devices
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import seat, somebody
from tests.collector.builders import enrol
from tests.collector.dossiers.kept import row, source, taken_in
from tests.collector.effects.scene import CHAU_THANH, HA_NOI, at
from tests.collector.stores import fresh_store

PRINTER, ROUTER, FAR = "1" * 36, "2" * 36, "3" * 36
NUMBER = "H61.10-261126-0001"
NEW = count(1)  # of logins


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Centre, TestClient]]:
    """Return a centre with two devices and a dossier of a commune, and a device of another province."""
    store = fresh_store(tmp_path_factory.mktemp("search") / "machxa.db")
    centre = Centre(store, now_ms=at(10))
    seed.seed(store, "86", "test", centre.now_ms)
    one = {"kind": "printer", "vendor": "Canon", "model": "LBP 6230", "created_at": 0}
    rows = [
        {**one, "id": PRINTER, "name": "Máy in quầy 1", "serial": "VNB3Q-01234", "code": "TS-77", "unit": CHAU_THANH},
        {**one, "id": ROUTER, "name": "Vigor", "serial": None, "code": None, "unit": CHAU_THANH, "kind": "router"},
        {**one, "id": FAR, "name": "Máy in xa", "serial": "FAR-55555", "code": None, "unit": HA_NOI},
    ]
    gateway = enrol(store).pk
    with store.begin() as connection:
        connection.execute(insert(assets), rows)
        body = json.dumps({"network_device": {"ips": ["192.168.1.1"]}})
        seen = {"agent_pk": gateway, "key": "r", "asset_id": ROUTER, "first_at": 0, "observed_at": 0, "body": body}
        connection.execute(insert(devices), seen)
    taken_in(store, source(store), [row(NUMBER, at(8), due_at=at(9)), row("H61.10-261126-0002", at(8), due_at=at(16))])
    deps = centre.deps(loopback_open=False)
    with TestClient(create_app(deps, pages(deps)), base_url="https://may-chu.xa.example") as caller:
        caller.follow_redirects = False
        yield centre, caller
    store.dispose()


def as_officer(found: tuple[Centre, TestClient], login: str, scope: str = "86") -> TestClient:
    centre, caller = found
    caller.cookies.clear()
    return seat(centre, caller, somebody(centre, Role.PROVINCE_IT, scope=scope, login=login), Role.PROVINCE_IT)


@pytest.mark.parametrize(
    ("typed", "leads"),
    [
        ("vnb3q 01234", f"/assets/{PRINTER}"),
        ("TS77", f"/assets/{PRINTER}"),
        ("may in quay", f"/assets/{PRINTER}"),
        ("192.168.001.001", f"/assets/{ROUTER}"),
        (NUMBER, f"/search/dossier?number={NUMBER}"),
        ("29374", "/communes/29374"),
    ],
)
def test_the_one_thing_found_is_shown_at_once(found: tuple[Centre, TestClient], typed: str, leads: str) -> None:
    answer = as_officer(found, f"mot{next(NEW)}").get("/search", params={"q": typed})

    assert (answer.status_code, answer.headers.get("location")) == (303, leads)


def test_several_are_listed_by_kind_and_a_unit_by_the_name_it_had(found: tuple[Centre, TestClient]) -> None:
    caller = as_officer(found, "nhieu")

    told = caller.get("/api/v1/search", params={"q": "canon"}).json()
    text = caller.get("/search", params={"q": "canon"}).text
    units = caller.get("/api/v1/search", params={"q": "hoa", "limit": 100}).json()["units"]

    assert (told["devices"]["count"], [one["name"] for one in told["devices"]["hits"]]) == (
        2,
        ["Máy in quầy 1", "Vigor"],
    )
    assert re.findall(r'href="/assets/(\d+)"', text) == [PRINTER, ROUTER]
    assert units["count"] > 1
    assert any(one["old_name"] for one in units["hits"])


def test_nothing_of_another_territory_is_found(found: tuple[Centre, TestClient]) -> None:
    far = as_officer(found, "xa", scope="01")
    typed = ("VNB3Q-01234", "TS-77", "192.168.1.1", NUMBER, "29374")

    theirs = [far.get("/api/v1/search", params={"q": one}).json() for one in typed]

    assert [one[kind]["count"] for one in theirs for kind in ("units", "devices", "dossiers")] == [0] * 15
    assert far.get(f"/search/dossier?number={NUMBER}").status_code == 404
    assert far.get("/api/v1/search", params={"q": "far 55555"}).json()["devices"]["count"] == 1


@pytest.mark.parametrize("typed", ["", "  ", "!!", "khôngcógìthếnày", "x" * 100, "' OR 1=1 --", "%", "\\"])
def test_what_finds_nothing_says_what_can_be_looked_for(found: tuple[Centre, TestClient], typed: str) -> None:
    answer = as_officer(found, f"khong{next(NEW)}").get("/search", params={"q": typed})

    assert (answer.status_code, "số sê-ri" in answer.text, "mã hồ sơ" in answer.text) == (200, True, True)


def test_a_late_dossier_is_told_with_its_split_and_one_in_time_as_such(found: tuple[Centre, TestClient]) -> None:
    caller = as_officer(found, "hoso")

    late, in_time = (caller.get(f"/search/dossier?number={NUMBER[:-1]}{last}").text for last in (1, 2))

    assert ("K1:" in late, "Vì sao trễ hạn" in late, "không trễ hạn" in in_time) == (True, True, True)


def test_every_page_has_the_box_and_none_shows_it_to_who_may_not_search(found: tuple[Centre, TestClient]) -> None:
    caller = as_officer(found, "hop")

    with_box, text = caller.get("/communes").text, caller.get("/search").text
    caller.cookies.clear()
    without = caller.get("/account/sign-in").text

    form = '<form id="find" class="find" method="get" action="/search" role="search"><input type="search" name="q"'
    assert (form in with_box, form in text, "find.js" in with_box) == (True, True, True)
    assert ('action="/search"' in without, "find.js" in without) == (False, False)
    assert caller.get("/api/v1/search?q=x").status_code == 401
