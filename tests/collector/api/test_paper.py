"""A unit's leader declares work on paper; its ledger is kept, caught up in bulk, and red after a working day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete

from machxa_collector.api.app import create_app
from machxa_collector.registry.people import Role
from machxa_collector.store import audit
from machxa_collector.store.tables import paper_lines, paper_spells
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import Somebody, seat, somebody
from tests.collector.builders import assert_problem
from tests.collector.effects.scene import CHAU_THANH, OTHER, at, put_software_down
from tests.collector.stores import fresh_store

PAPER = "/api/v1/paper"


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """Hold one centre for all tests here, and a caller of it; making them costs more than what is tested."""

    centre: Centre
    caller: TestClient
    leader: Somebody


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Return a centre with the software down since eight, and the leader of Châu Thành."""
    store = fresh_store(tmp_path_factory.mktemp("paper") / "machxa.db")
    centre = Centre(store, now_ms=at(8, 15))
    put_software_down(store)
    app = create_app(centre.deps(loopback_open=False))
    with TestClient(app, base_url="https://may-chu.xa.example", follow_redirects=False) as caller:
        yield Town(centre=centre, caller=caller, leader=somebody(centre, Role.LEADER, scope=CHAU_THANH))
    store.dispose()


@pytest.fixture
def centre(town: Town) -> Centre:
    """Return the centre at a quarter past eight on Thursday, with no work on paper."""
    with town.centre.store.begin() as connection:
        connection.execute(delete(paper_lines))
        connection.execute(delete(paper_spells))
    town.centre.now_ms = at(8, 15)
    return town.centre


@pytest.fixture
def leader(centre: Centre, town: Town) -> TestClient:
    """Return the leader of Châu Thành."""
    return seat(centre, town.caller, town.leader, Role.LEADER)


def declared(caller: TestClient) -> int:
    answer = caller.post(PAPER, json={"unit": CHAU_THANH, "reason": "phần mềm một cửa dừng", "started_at": at(8)})
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def line(number: str, minute: int, **more: object) -> dict[str, object]:
    return {"number": number, "group": "CT", "received_at": at(8, minute), "stages": ["receive_direct"], **more}


def taken(caller: TestClient, pk: int, *lines: dict[str, object]) -> Any:  # noqa: ANN401 - JSON
    answer = caller.post(f"{PAPER}/{pk}/lines", json={"lines": list(lines)})
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_paper_is_declared_once_and_ended_and_both_stand_in_the_audit_trail(leader: TestClient, centre: Centre) -> None:
    earlier = len(list(audit.every(centre.store)))
    pk = declared(leader)

    assert_problem(leader.post(PAPER, json={"unit": CHAU_THANH, "reason": "lần nữa"}), 409)
    centre.now_ms = at(9)
    ended = leader.post(f"{PAPER}/{pk}/end", json={})

    assert (ended.status_code, ended.json()["ended_at"]) == (200, "2026-11-26T02:00:00.000Z")
    assert_problem(leader.post(f"{PAPER}/{pk}/end", json={}), 409)
    acts = [one.action for one in list(audit.every(centre.store))[earlier:] if one.action.startswith("paper")]
    assert acts == ["paper.declare", "paper.end"]


def test_what_goes_by_hand_is_not_held_up(leader: TestClient, centre: Centre) -> None:
    centre.now_ms = at(9)
    asked = {"unit": CHAU_THANH, "day": "2026-11-26"}

    def held(group: str) -> float:
        found = leader.get("/api/v1/dossiers/impact", params=asked).json()
        return sum(float(one["held"]["figure"]) for one in found["streams"] if one["group"] == group)

    before = held("CT")
    centre.now_ms = at(8, 15)
    declared(leader)
    centre.now_ms = at(9)

    assert held("CT") < before  # certification in person goes on at nine tenths


def test_a_ledger_is_written_in_bulk_and_typed_in_later_never_twice(leader: TestClient) -> None:
    pk = declared(leader)

    first = taken(leader, pk, line("G-01", 5), line("G-02", 10))
    again = taken(leader, pk, line("G-01", 5, entered_at=at(8, 15), dossier="H.86.1"), line("G-03", 12))

    assert (first["added"], again["added"]) == (2, 1)
    assert [(one["number"], one["dossier"]) for one in again["ledger"]["ledger"]] == [
        ("G-01", "H.86.1"),
        ("G-02", None),
        ("G-03", None),
    ]
    assert again["ledger"]["left"] == 2
    # two of a quarter of a dossier's effort; certification in person: 3.157 x 0.3 x 0.4, a quarter above it is spare
    assert again["ledger"]["reentry_hours"]["figure"] == pytest.approx(2 * 0.25 / (0.25 * 3.157 * 0.3 * 0.4))


def test_what_is_not_typed_in_after_one_working_day_is_red(leader: TestClient, centre: Centre, town: Town) -> None:
    pk = declared(leader)
    taken(leader, pk, line("G-01", 5), line("G-02", 10))

    def red() -> list[str]:
        found = leader.get(f"{PAPER}/{pk}").json()
        return [one["number"] for one in found["ledger"] if one["is_red"]]

    for hour, minute, numbers in ((8, 5, []), (8, 6, ["G-01"]), (8, 11, ["G-01", "G-02"])):
        centre.now_ms = at(hour, minute, 27)
        seat(centre, leader, town.leader, Role.LEADER)  # yesterday's session is over
        assert red() == numbers


def test_a_csv_in_the_printed_columns_is_taken_in_whole_or_not_at_all(leader: TestClient) -> None:
    pk = declared(leader)
    head = "STT;Số trên giấy;Nhóm thủ tục;Thời điểm tiếp nhận;Khâu đã làm trên giấy;Mã hồ sơ trên phần mềm\n"
    good = "1;G-01;Chứng thực;26/11/2026 08:05;Tiếp nhận trực tiếp, Ký;\n"
    good += "2;G-02;HT;26/11/2026 8h10;;\n;;;;;\nNgười lập;;;;;\n"
    csv = {"content-type": "text/csv"}

    bad = leader.post(f"{PAPER}/{pk}/file", content=(head + good.replace("HT", "thủ tục lạ")).encode(), headers=csv)
    done = leader.post(f"{PAPER}/{pk}/file", content=(head + good).encode(), headers=csv)

    assert_problem(bad, 422)
    assert "row 3" in bad.json()["detail"]
    assert [(one["number"], one["stages"]) for one in done.json()["ledger"]["ledger"]] == [
        ("G-01", ["receive_direct", "sign"]),
        ("G-02", []),
    ]


@pytest.mark.parametrize("number", ["0912345678", "079123456789"], ids=["a phone number", "an identity number"])
def test_a_persons_numbers_are_refused(leader: TestClient, number: str) -> None:
    pk = declared(leader)

    answer = leader.post(f"{PAPER}/{pk}/lines", json={"lines": [line(number, 5)]})

    assert_problem(answer, 422)
    assert number not in answer.text


def test_other_units_are_not_told_and_clerks_do_not_declare(leader: TestClient, centre: Centre) -> None:
    pk = declared(leader)
    seat(centre, leader, somebody(centre, Role.CLERK, scope=OTHER, login="khac"), Role.CLERK)

    assert_problem(leader.get(f"{PAPER}/{pk}"), 404)
    assert leader.get(PAPER).json() == {"spells": []}
    assert_problem(leader.post(PAPER, json={"unit": OTHER, "reason": "thử"}), 403)
