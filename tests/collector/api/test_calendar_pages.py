"""A week shows sessions, days off with their letters, declared sessions, and who works otherwise than the province."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
from fastapi.testclient import TestClient

from machxa_collector.api.app import create_app
from machxa_collector.pages import pages
from machxa_collector.registry.people import Role
from machxa_collector.store import declared, seed
from machxa_collector.store.record_acts import Act
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import seat, somebody
from tests.collector.effects.scene import at

UNIT = "29374"


@pytest.fixture
def browser(centre: Centre) -> Iterator[TestClient]:
    """Return a clerk's browser on Thursday 26/11/2026; the commune declared Saturday morning."""
    centre.now_ms = at(10)
    seed.seed(centre.store, "86", "test", centre.now_ms)
    act = Act(actor="lan", at_ms=centre.now_ms, origin="")
    declared.declare(centre.store, UNIT, date(2026, 11, 28), "07:30-11:30", "<i>TB 5</i>", act)
    deps = centre.deps(loopback_open=False)
    app = create_app(deps, pages(deps))
    with TestClient(app, base_url="https://may-chu.xa.example", follow_redirects=False) as caller:
        yield seat(centre, caller, somebody(centre, Role.CLERK, scope=UNIT), Role.CLERK)


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_a_week_shows_its_sessions_its_day_off_and_who_works_otherwise(centre: Centre, browser: TestClient) -> None:
    own = browser.get("/calendars?lang=en")
    province = text_of(browser.get("/calendars?unit=86&day=2026-11-26&lang=en").text)
    later = text_of(browser.get("/calendars?unit=86&day=2027-09-01&lang=en").text)
    seat(centre, browser, somebody(centre, Role.CLERK, scope="29410", login="mai"), Role.CLERK)
    elsewhere = text_of(browser.get("/calendars?unit=86&day=2026-11-26&lang=en").text)

    text = text_of(own.text)
    assert own.status_code == 200
    assert "23/11/2026 – 29/11/2026: 34 hours open, of them official 30." in text
    assert "Tue 24/11/2026 – holiday Ngày Văn hóa Việt Nam : NQ 28/2026/QH16" in text
    assert "Thu 26/11/2026 (today) 07:30-11:30 13:30-17:00 working day" in text
    assert "Sat 28/11/2026 + 07:30-11:30 (declared) no working day" in text
    assert "<i>" not in own.text
    assert 'href="/calendars?unit=29374&amp;day=2026-11-16"' in own.text
    assert "Sat 28/11/2026: 07:30-11:30" in province
    assert "all keep the province’s hours" in elsewhere
    assert "có thể là 01/09 thay cho 03/09" in later


def test_a_day_may_be_written_as_people_here_do_and_a_wrong_one_is_answered_so(browser: TestClient) -> None:
    asked = ("24/11/2026", "24/11/2026&lang=en", "2026-11-24", "30/2/2026&lang=vi", "soon&lang=en")

    said = [browser.get(f"/calendars?unit=86&day={day}") for day in asked]

    assert [one.status_code for one in said] == [200, 200, 200, 422, 422]
    assert all("23/11/2026 – 29/11/2026" in one.text for one in said[:3])
    assert "ngày cần ghi như 30/11/2026" in said[3].text
    assert "day/month/year, such as 30/11/2026" in said[4].text


def test_what_is_no_week_is_refused_in_words(browser: TestClient) -> None:
    asked = ("day=9999-12-31", "day=1999-12-31", "day=soon", "unit=99999")

    assert [browser.get(f"/calendars?{one}").status_code for one in asked] == [422, 422, 422, 404]
