"""People have reports come to themselves in their own territory; who may set it, to others who may see the unit."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from machxa_collector.api.app import create_app
from machxa_collector.pages import pages
from machxa_collector.registry.people import Role
from machxa_collector.store import audit, schedules
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import Somebody, seat, somebody
from tests.collector.effects.scene import CHAU_THANH, HA_NOI, at, put_late, put_software_down

SCHEDULES = "/api/v1/notifications/schedules"
MINE = {"kind": "monthly", "unit": CHAU_THANH}


@pytest.fixture
def browser(centre: Centre) -> Iterator[TestClient]:
    centre.now_ms = at(10)
    put_software_down(centre.store)
    put_late(centre.store)
    deps = centre.deps(loopback_open=False)
    app = create_app(deps, pages(deps))
    with TestClient(app, base_url="https://may-chu.xa.example", follow_redirects=False) as caller:
        yield caller


def leader(centre: Centre, caller: TestClient) -> Somebody:
    who = somebody(centre, Role.LEADER, scope=CHAU_THANH)
    seat(centre, caller, who, Role.LEADER)
    return who


def test_a_leader_has_the_sheet_come_sees_the_mail_beforehand_holds_and_stops_it(
    browser: TestClient, centre: Centre
) -> None:
    leader(centre, browser)
    assert f'value="{CHAU_THANH}"' in browser.get("/notices/schedules").text

    added = browser.post("/notices/schedules", data={**MINE, "at": "08:15", "attach": "1"})
    page = browser.get(added.headers["location"]).text
    beforehand = browser.get("/notices/schedules/1?preview=1").text
    browser.post("/notices/schedules/1/pause", data={"paused": "1"})
    held = browser.get("/notices/schedules").text
    browser.post("/notices/schedules/1/remove")

    assert "08:15" in page
    assert "01/12/2026" in page
    assert "Phiếu tháng 10/2026: Xã Châu Thành" in beforehand
    assert "phieu-thang-2026-10-29374.docx" in beforehand
    assert "đang tạm dừng" in held
    assert schedules.every(centre.store) == []
    assert [one.action for one in audit.every(centre.store)][-3:] == [
        "schedule.add",
        "schedule.pause",
        "schedule.remove",
    ]


def test_what_is_not_ones_own_is_refused(browser: TestClient, centre: Centre) -> None:
    leader(centre, browser)
    asked: dict[str, dict[str, object]] = {
        "outside the territory": {**MINE, "unit": HA_NOI},
        "a brief of a commune": {"kind": "brief", "unit": CHAU_THANH},
        "no time of day": {**MINE, "at": "24:00"},
        "somebody by name": {**MINE, "recipient": "person/lan"},
    }

    told = {name: browser.post(SCHEDULES, json=one).status_code for name, one in asked.items()}

    assert list(told.values()) == [404, 422, 422, 403], told
    assert browser.get(SCHEDULES, params={"everyone": "true"}).status_code == 403
    assert schedules.every(centre.store) == []


def test_who_may_set_it_lets_others_have_what_they_may_see_and_each_report_once(
    browser: TestClient, centre: Centre
) -> None:
    leader(centre, browser)
    seat(centre, browser, somebody(centre, Role.ADMIN, scope="86", login="minh"), Role.ADMIN)
    others = {**MINE, "recipient": "person/lan"}

    statuses = [
        browser.post(SCHEDULES, json=asked).status_code
        for asked in (others, others, {**others, "unit": "29398"}, {**others, "recipient": "person/ai"})
    ]
    page = browser.get("/notices/schedules?everyone=1&lang=en").text

    assert statuses == [201, 409, 422, 422]
    assert re.search(r"<bdi>lan</bdi>", page)
    assert browser.get(SCHEDULES).json() == {"schedules": []}
    assert browser.post(f"{SCHEDULES}/1/again").status_code == 409
