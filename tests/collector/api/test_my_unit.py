"""A clerk's own page: reports to stand by, the day, sessions declared and taken back, paper, counts, a poster."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import count
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event, update

from machxa_collector.api.app import create_app
from machxa_collector.pages import pages
from machxa_collector.registry.people import Role
from machxa_collector.store import declared, following, gates, tables
from machxa_wire.records import Event, Place, Stamp
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import seat, somebody
from tests.collector.api.test_reporting import BASE, link, sent
from tests.collector.builders import STREAM, enrol, take
from tests.collector.effects.scene import at
from tests.collector.stores import fresh_store

LOGINS = count(1)
UNIT, OTHER_UNIT, HOSTILE = "28870", "28879", "<img src=x onerror=alert(1)>"
SATURDAY = {"unit": UNIT, "day": "2026-11-28", "from": "07:30", "to": "11:30", "reason": f"QĐ 12 {HOSTILE}"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Centre, TestClient]]:
    """Return one centre with its pages for all tests here."""
    folder: Path = tmp_path_factory.mktemp("mine")
    store = fresh_store(folder / "machxa.db")
    centre = Centre(store, now_ms=at(8, 15))
    deps = centre.deps(loopback_open=False)
    app = create_app(deps, pages(deps))
    with TestClient(app, base_url=BASE, follow_redirects=False) as caller:
        yield centre, caller
    store.dispose()


@pytest.fixture
def centre(served: tuple[Centre, TestClient]) -> Centre:
    return served[0]


@pytest.fixture
def caller(served: tuple[Centre, TestClient]) -> TestClient:
    served[1].cookies.clear()
    return served[1]


def signed_in(centre: Centre, caller: TestClient, login: str, role: Role, scope: str = UNIT) -> TestClient:
    caller.cookies.clear()
    return seat(centre, caller, somebody(centre, role, scope=scope, login=login), role)


def test_a_colleague_stands_by_a_report_and_nobody_elses_colleague_can(centre: Centre, caller: TestClient) -> None:
    status = sent(caller, link(centre, UNIT), note=HOSTILE)
    (report,) = following.of_unit(centre.store, UNIT, 5)
    path = f"/my-unit/reports/{report.id}/confirm"

    signed_in(centre, caller, "far", Role.CLERK, OTHER_UNIT)
    refused = caller.post(path, data={"unit": OTHER_UNIT}).status_code
    signed_in(centre, caller, "near", Role.CLERK)
    before = caller.get("/my-unit").text
    done = [caller.post(path, data={"unit": UNIT}).status_code for _ in range(2)]

    assert (refused, done, "chưa xác minh" in before) == (404, [303, 404], True)
    (kept,) = following.of_unit(centre.store, UNIT, 5)
    assert (kept.state, kept.confirmed_by) == ("confirmed", "near")
    assert "Đã có đồng nghiệp xác nhận" in caller.get(status).text
    assert "near" not in caller.get(status).text
    assert HOSTILE not in before


def test_a_report_of_a_computers_window_is_listed_with_its_page_like_one_from_a_phone(
    centre: Centre, caller: TestClient
) -> None:
    agent = enrol(centre.store, "quay-2", centre.now_ms)
    with centre.store.begin() as connection:
        connection.execute(update(tables.assets).where(tables.assets.c.id == agent.asset).values(unit=OTHER_UNIT))
    said: dict[str, str | int] = {"id": "cd" * 16, "category": "printer", "symptom": "error", "told_s": 0}
    stamp = Stamp("0badcafe.1", centre.now_ms, 1000)
    take(centre.store, agent, Event(Place(STREAM, 1), stamp, "human.report", {**said}), now_ms=centre.now_ms)

    signed_in(centre, caller, "window", Role.CLERK, OTHER_UNIT)
    page = caller.get("/my-unit?lang=en").text
    (path,) = set(re.findall(r'href="(/report/s/[^"]+)"', page))
    caller.cookies.clear()

    assert f'href="/admin/agents/{agent.id}">in a computer’s report window</a>' in page
    assert caller.get(path).status_code == 200


def test_a_saturday_is_declared_counts_and_is_taken_back(centre: Centre, caller: TestClient) -> None:
    signed_in(centre, caller, "khai", Role.CLERK)
    before = caller.get("/my-unit").text

    declaring = caller.post("/my-unit/sessions", data=SATURDAY)
    after = caller.get("/my-unit?done=declared").text
    (one,) = declared.upcoming(centre.store, UNIT, date(2026, 11, 20), 9)
    signed_in(centre, caller, "xa", Role.CLERK, OTHER_UNIT)
    foreign = caller.post(f"/my-unit/sessions/{one.batch}/undo", data={"unit": OTHER_UNIT}).status_code
    signed_in(centre, caller, "khai2", Role.LEADER)
    undone = [caller.post(f"/my-unit/sessions/{one.batch}/undo", data={"unit": UNIT}).status_code for _ in range(2)]

    assert (declaring.status_code, foreign, undone) == (303, 404, [303, 404])
    assert ("chưa khai làm thứ 7" in before, "chưa khai làm thứ 7" in after) == (True, False)
    assert "07:30-11:30" in after
    assert HOSTILE not in after
    assert "chưa khai làm thứ 7" in caller.get("/my-unit").text
    assert declared.upcoming(centre.store, UNIT, date(2026, 11, 20), 9) == []


@pytest.mark.parametrize(
    "change",
    [
        {"unit": OTHER_UNIT},
        {"unit": ""},
        {"day": "2027-11-28"},
        {"day": "28/13/2026"},
        {"day": "2026-11-01"},
        {"from": "11:30", "to": "07:30"},
        {"from": "00:00", "to": "23:59"},
        {"from": "7:3"},
        {"reason": "x"},
        {"reason": "x" * 201},
    ],
)
def test_what_is_no_session_is_refused(centre: Centre, caller: TestClient, change: dict[str, str]) -> None:
    signed_in(centre, caller, f"s{next(LOGINS)}", Role.CLERK)

    answer = caller.post("/my-unit/sessions", data={**SATURDAY, **change})

    assert (answer.status_code in (404, 422), 'role="alert"' in answer.text) == (True, True)
    assert declared.upcoming(centre.store, UNIT, date(2026, 11, 1), 9) == []


def test_toner_and_blanks_are_counted_with_day_and_role(centre: Centre, caller: TestClient) -> None:
    signed_in(centre, caller, "dem", Role.CLERK)

    kept = caller.post("/my-unit/stock", data={"unit": UNIT, "toner": "3", "land_blank": "120", "paper": ""})
    bad = [
        caller.post("/my-unit/stock", data={"unit": UNIT, "toner": one}).status_code for one in ("-1", "9" * 9, "=1")
    ]
    none = caller.post("/my-unit/stock", data={"unit": UNIT}).status_code
    again = caller.post("/my-unit/stock", data={"unit": UNIT, "toner": "2"})

    assert (kept.status_code, bad, none, again.status_code) == (303, [422] * 3, 422, 303)
    counted = {item: (one.count, one.role) for item, one in gates.counted(centre.store, UNIT).items()}
    assert counted == {"toner": (2, "clerk"), "land_blank": (120, "clerk")}
    assert "chưa đếm lần nào" in caller.get("/my-unit").text


def test_a_leader_prints_a_poster_that_opens_the_form_until_it_is_revoked(centre: Centre, caller: TestClient) -> None:
    signed_in(centre, caller, "to", Role.CLERK)
    clerk = caller.post("/my-unit/poster", data={"unit": UNIT, "months": "12"}).status_code
    signed_in(centre, caller, "truong", Role.LEADER)
    page = caller.post("/my-unit/poster", data={"unit": UNIT, "months": "12"})
    foreign = [
        caller.post("/my-unit/poster", data={"unit": one, "months": months, "device": device}).status_code
        for one, months, device in ((OTHER_UNIT, "12", ""), (UNIT, "99", ""), (UNIT, "12", "x"))
    ]
    code = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", page.text)
    assert code is not None
    caller.cookies.clear()

    opened = caller.post("/report", data={"code": code[0]}).status_code
    signed_in(centre, caller, "truong2", Role.LEADER)
    revoked = caller.post("/my-unit/revoke", data={"unit": UNIT}).status_code
    closed = caller.post("/report", data={"code": code[0]}).status_code

    assert (clerk, page.status_code, foreign) == (403, 200, [404, 422, 422])
    assert "<svg" in page.text
    assert (opened, revoked, closed) == (303, 303, 403)


def test_the_page_asks_the_store_no_more_often_however_much_there_is(centre: Centre, caller: TestClient) -> None:
    signed_in(centre, caller, "nhieu", Role.CLERK, "28894")
    counts: list[int] = []

    def asked(*_: object) -> None:
        counts[-1] += 1

    for reports in (1, 12):
        for number in range(reports):
            sent(caller, link(centre, "28894"), note=str(number))
        caller.get("/my-unit")
        counts.append(0)
        event.listen(centre.store, "before_cursor_execute", asked)
        caller.get("/my-unit")
        event.remove(centre.store, "before_cursor_execute", asked)

    assert abs(counts[0] - counts[1]) <= 4  # the registry looks for news once a second; a query a report were 12
    assert max(counts) < 30


def test_who_sees_a_province_chooses_a_unit(centre: Centre, caller: TestClient) -> None:
    signed_in(centre, caller, "it", Role.PROVINCE_IT, "86")

    assert caller.get("/my-unit").status_code == 200
    assert caller.get(f"/my-unit?unit={UNIT}").status_code == 200
    assert caller.get("/my-unit?unit=00004").status_code == 404
