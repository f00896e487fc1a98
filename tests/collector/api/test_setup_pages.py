"""An empty centre is set up in five steps, each kept as it is saved, with acts that the registry can undo."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from machxa_collector.api.app import create_app
from machxa_collector.pages import pages
from machxa_collector.registry.people import Role
from machxa_collector.registry.tokens import Purpose
from machxa_collector.store import preferences
from machxa_collector.store.engine import open_store
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import seat, somebody
from tests.collector.effects.scene import at

VINH_LONG, CHAU_THANH = "86", "29374"
HOURS = {"sessions": "07:00-11:30; 13:30-17:00", "valid_from": "01/07/2025", "source": "QĐ 12/QĐ-UBND, 03/07/2025"}


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Engine]:
    """Return a store in which nobody has set anything."""
    store = open_store(tmp_path / "machxa.db")
    yield store
    store.dispose()


def browser_of(centre: Centre) -> TestClient:
    deps = centre.deps(loopback_open=False)
    app = create_app(deps, pages(deps))
    return TestClient(app, base_url="https://may-chu.xa.example", follow_redirects=False)


def step(page: str) -> str:
    found = re.search(r'href="/setup\?step=(\d)" aria-current="step"', page)
    assert found is not None
    return found[1]


def test_an_empty_centre_is_set_up_and_its_first_computer_is_seen_to_come(empty: Engine) -> None:
    centre = Centre(empty, now_ms=at(10))
    with browser_of(centre) as caller:
        caller.get("/sign-in", params={"token": centre.token(Purpose.SIGN_IN, uses=1)})
        steps = [step(caller.get("/setup").text)]
        assert 'href="/setup"' in caller.get("/admin").text
        for path, said in (
            ("province", {"province": VINH_LONG}),
            ("units", {"which": "some", f"unit-{CHAU_THANH}": "1"}),
            ("hours", {**HOURS, "saturday": "1", "saturday_sessions": "07:30-11:00"}),
        ):
            assert caller.post(f"/setup/{path}", data=said).status_code == 303
            steps.append(step(caller.get("/setup").text))
        refused = caller.post("/setup/hours", data={**HOURS, "sessions": "11:30-07:00"})
        shown = caller.post("/setup/token", data={"unit": CHAU_THANH, "uses": "2", "days": "3"}).text
        token = re.findall(r"--token (\S+)", shown)[0]
        before = caller.get("/setup/arrived").text
        enrolled = caller.post("/api/v1/enrol", json={"token": token, "hostname": "PC-01", "role": "pc"})
        after = caller.get("/setup/arrived").text
        calendar = caller.get(f"/api/v1/calendars/{CHAU_THANH}?from=2026-11-27&to=2026-11-28").json()
        batches = caller.get("/api/v1/batches").json()["batches"]
        caller.post("/setup/hours", data=HOURS)
        without = caller.get(f"/api/v1/calendars/{CHAU_THANH}?from=2026-11-28&to=2026-11-28").json()

    assert refused.status_code == 422
    assert "chưa lưu gì" in refused.text
    assert steps == ["1", "2", "3", "4"]
    assert "machxa-setup.exe /S /SERVER=may-chu.xa.example /TOKEN=" in shown
    assert enrolled.status_code == 201
    assert ("PC-01" in before, "PC-01" in after, "chưa lên tiếng" in after) == (False, True, True)
    assert [day["actual"] for day in calendar["days"]] == [["07:00-11:30", "13:30-17:00"], ["07:30-11:00"]]
    assert without["days"][0]["actual"] == []
    assert {one["action"] for one in batches} >= {"init"}
    assert preferences.pilot(empty) == (CHAU_THANH,)


def test_who_sees_some_units_alone_makes_codes_for_them_but_sets_nothing_for_all(centre: Centre) -> None:
    with browser_of(centre) as caller:
        seat(centre, caller, somebody(centre, Role.ADMIN, scope=CHAU_THANH), Role.ADMIN)

        told = [
            caller.post("/setup/province", data={"province": VINH_LONG}).status_code,
            caller.post("/setup/units", data={"which": "all"}).status_code,
            caller.post("/api/v1/enrolment-tokens", json={"unit": "00004"}).status_code,
            caller.post("/api/v1/enrolment-tokens", json={"unit": CHAU_THANH}).status_code,
        ]
        (mine,) = caller.get("/api/v1/enrolment-tokens").json()["tokens"]
        ended = [caller.delete(f"/api/v1/enrolment-tokens/{mine['id']}").status_code for _ in range(2)]

    assert told == [403, 403, 422, 201]
    assert ended == [204, 404]
