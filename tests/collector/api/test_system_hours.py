"""Hours of systems are those of one's own territory, grouped and summed, on a page and in a file."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from machxa_collector.api.app import create_app
from machxa_collector.incidents.hours import HOUR_MS, Counts
from machxa_collector.incidents.words import Cause, Layer
from machxa_collector.pages import pages
from machxa_collector.registry.people import Role
from machxa_collector.store import incidents, system_hours
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import seat, somebody
from tests.collector.api.places_of_assets import HA_NOI, VINH_LONG, put_assets
from tests.collector.api.test_incidents import LINE
from tests.collector.builders import MIDNIGHT, assert_problem

NOW = MIDNIGHT + 3 * HOUR_MS
HOUR = NOW // HOUR_MS
DOWN = replace(
    LINE, cause=Cause.NATIONAL_SYSTEM, layer=Layer.NATION, subject="payment", state="hang", units=(VINH_LONG, HA_NOI)
)


@pytest.fixture
def keeper(centre: Centre) -> TestClient:
    """Return who keeps a province, in a centre with a site in each of two."""
    centre.now_ms = NOW
    put_assets(centre.store, VINH_LONG, 1, seed=1)
    put_assets(centre.store, HA_NOI, 1, seed=2)
    incidents.save(centre.store, [DOWN])
    last = {VINH_LONG: Counts(2, 1, 9), HA_NOI: Counts(12, 0, 0)}
    system_hours.keep(centre.store, {("payment", HOUR - 1): last, ("payment", HOUR): {VINH_LONG: Counts(3, 0, 0)}})
    deps = centre.deps(loopback_open=False)
    caller = TestClient(create_app(deps, pages(deps)), base_url="https://may-chu.xa.example", follow_redirects=False)
    return seat(centre, caller, somebody(centre, Role.PROVINCE_IT, scope="86"), Role.PROVINCE_IT)


def test_a_province_sees_its_own_sites_with_the_numbers_behind_and_no_other_s(keeper: TestClient) -> None:
    told = keeper.get("/api/v1/systems/hours?hours=3").json()
    one = keeper.get("/api/v1/systems/payment/hours?hours=3&by=unit").json()

    payment = next(each for each in told["systems"] if each["id"] == "payment")
    assert payment["cells"] == one["cells"] == [[1, 0, 0, 0], [1, 0, 0, 1], [1, 1, 0, 0]]
    assert [(each["state"], each["ended_at"]) for each in payment["incidents"]] == [("hang", None)]
    assert one["numbers"] == [[0, 0, 0], [12, 1, 9], [3, 0, 0]]
    assert [(each["id"], each["sites"], each["results"], each["failed"]) for each in one["groups"]] == [
        (VINH_LONG, 1, 15, 9)
    ]
    assert one["next"] is None
    assert_problem(keeper.get("/api/v1/systems/nobody/hours"), 404)
    assert_problem(keeper.get("/api/v1/systems/payment/hours?hours=169"), 422)


def test_the_file_has_a_row_for_each_hour_here(keeper: TestClient) -> None:
    text = keeper.get("/api/v1/systems/payment/hours.csv?hours=2").content.decode("utf-8-sig")

    head, *rows = csv.reader(io.StringIO(text), delimiter=";")
    english = keeper.get("/api/v1/systems/payment/hours.csv?hours=2&lang=en").content.decode("utf-8-sig")
    assert head[:2] == ["Giờ", "Điểm được giám sát"]
    assert english.startswith('"Hour";"Sites watched"')
    assert rows == [
        ["04/10/2024 09:00", "1", "0", "0", "1", "12", "1", "9"],
        ["04/10/2024 10:00", "1", "1", "0", "0", "3", "0", "0"],
    ]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/systems?lang=en", ("Hangs or fails: 1 h", "System of the nation", "since")),
        ("/systems?lang=vi&span=7d", ("Treo hoặc lỗi: 1 giờ", "Hệ thống của trung ương", "7 ngày qua")),
        ("/systems/payment?lang=vi&by=unit", ("Treo hoặc lỗi", "Số liệu ngày 04/10/2024", "60 %")),
        ("/systems/payment?lang=en&day=2024-10-03", ("Nobody watched it on this day",)),
        ("/systems/nobody?lang=en", ("agents check no system of this name",)),
    ],
)
def test_the_pages_say_it_in_words(keeper: TestClient, path: str, words: tuple[str, ...]) -> None:
    page = keeper.get(path).text

    assert [word for word in words if word not in page] == []
