"""What outages do to dossiers is answered to whose units they touch, and every figure opens to its inputs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from machxa_collector.api.app import create_app
from machxa_collector.api.deps import Deps
from machxa_collector.registry.people import Role
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import seat, somebody
from tests.collector.builders import assert_problem
from tests.collector.effects.scene import (
    CHAU_THANH,
    HA_NOI,
    OTHER,
    SOFTWARE,
    at,
    put_counts,
    put_late,
    put_past,
    put_software_down,
)
from tests.collector.stores import fresh_store

DAY = {"unit": CHAU_THANH, "day": "2026-11-26"}


@contextmanager
def opened(folder: Path) -> Iterator[TestClient]:
    """Give a caller of province 86, at ten on a Thursday on which the software was down from eight to nine."""
    store = fresh_store(folder / "machxa.db")
    centre = Centre(store, now_ms=at(10))
    put_software_down(store)
    app = create_app(centre.deps(loopback_open=False))
    with TestClient(app, base_url="https://may-chu.xa.example", follow_redirects=False) as caller:
        seat(centre, caller, somebody(centre, Role.PROVINCE_IT, scope="86"), Role.PROVINCE_IT)
        yield caller
    store.dispose()


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Return a caller in whose province no dossiers were taken in; nothing is written."""
    with opened(tmp_path_factory.mktemp("province")) as caller:
        yield caller


@pytest.fixture(scope="module")
def late(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Return a caller in whose province dossiers are late; nothing is written."""
    folder = tmp_path_factory.mktemp("late")
    with opened(folder) as caller:
        put_late(store_of(caller))
        yield caller


@pytest.fixture
def other(tmp_path: Path) -> Iterator[TestClient]:
    """Return a caller whose store is the test's own."""
    with opened(tmp_path) as caller:
        yield caller


def store_of(caller: TestClient) -> Engine:
    deps: Deps = caller.app.state.deps  # type: ignore[attr-defined] # our application's
    return deps.store


def impact(caller: TestClient, **asked: str) -> Any:  # noqa: ANN401 - JSON
    answer = caller.get("/api/v1/dossiers/impact", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def leaves(one: Any) -> set[str]:  # noqa: ANN401 - JSON
    """Return the names of all that a figure was reckoned from."""
    found = {each["name"] for each in one["inputs"]}
    return found.union(*(leaves(each["value"]) for each in one["inputs"] if isinstance(each["value"], dict)))


def test_a_day_without_counts_is_reckoned_from_the_sources_and_says_so(province: TestClient) -> None:
    found = impact(province, **DAY)

    # the articles' 3.157 an hour: 0.4 in person; nothing of it passes receive for an hour, online neither
    assert found["held"]["figure"] == pytest.approx(3.157, abs=0.001)
    assert found["daily_flow"]["figure"] == pytest.approx(3.157 * 7.5)
    assert {"usual", "level", "source", "capacity_per_hour", "spare", "dossier", "health"} <= leaves(found["held"])
    assert found["basis"] == {"model": "2026-11-25", "sources": []}


def test_counts_taken_in_tell_the_flow_and_the_answer_tells_their_age(other: TestClient) -> None:
    put_counts(store_of(other))

    found = impact(other, **DAY)

    held = {(one["group"], one["channel"]): one["held"]["figure"] for one in found["streams"]}
    assert held["HT", "direct"] == pytest.approx(10.0)
    assert found["basis"]["sources"][0]["age_hours"] == 2.5
    assert {"sample_days", "received"} <= leaves(found["held"])


def test_the_length_is_told_by_the_clock_and_on_both_clocks_of_working_time(province: TestClient) -> None:
    (outage,) = impact(province, **DAY)["outages"]

    assert (outage["incident"], outage["layer"]) == (SOFTWARE.id, "TINH")
    assert (outage["clock_hours"], outage["official_hours"], outage["actual_hours"]) == (1.0, 1.0, 1.0)


def test_remaining_capability_and_throughput_are_told_by_stage(province: TestClient) -> None:
    found = impact(province, **DAY)

    receive = next(one for one in found["stages"] if one["stage"] == "receive_direct")
    scan = next(one for one in found["stages"] if one["stage"] == "scan")
    assert (receive["factor"]["figure"], receive["throughput"]["figure"]) == (0.0, 0.0)
    assert scan["factor"]["figure"] == 1.0
    assert scan["throughput"]["figure"] == pytest.approx(scan["capacity"]["figure"])
    assert {one["system"] for one in found["left"]} == {"dossier"}


def test_an_incident_is_reckoned_in_the_units_of_ones_territory_alone(province: TestClient) -> None:
    found = impact(province, incident=SOFTWARE.id)

    assert {one["unit"] for one in found["units"]} == {CHAU_THANH, OTHER}
    assert found["share"]["figure"] == pytest.approx(found["held"]["figure"])
    assert found["held"]["figure"] == pytest.approx(2 * 3.157, abs=0.002)
    assert found["left_out"] == []
    assert_problem(province.get("/api/v1/dossiers/impact", params={"incident": SOFTWARE.id, "unit": HA_NOI}), 404)
    assert_problem(province.get("/api/v1/dossiers/impact", params={"unit": HA_NOI}), 404)
    assert_problem(province.get("/api/v1/dossiers/impact", params={"incident": "ff" * 8}), 404)


def test_an_incident_opens_in_one_of_its_units(province: TestClient) -> None:
    found = impact(province, incident=SOFTWARE.id, unit=OTHER)

    assert found["unit"] == OTHER
    assert "dossier" in leaves(found["held"])
    assert found["shares"][SOFTWARE.id]["figure"] == pytest.approx(found["held"]["figure"])


def test_a_false_alarm_counts_no_more(other: TestClient) -> None:
    told = {"kind": "false_alarm", "reason": "đo nhầm"}
    assert other.post(f"/api/v1/incidents/{SOFTWARE.id}/acts", json=told).status_code == 201

    assert impact(other, **DAY)["held"]["figure"] == 0


def test_late_dossiers_are_split_and_the_split_sums_to_the_lateness(late: TestClient) -> None:
    found = late.get("/api/v1/dossiers/explain/A-1").json()

    (one,) = found["dossiers"]
    split = one["split"]
    parts = {name: split[name]["figure"] for name in split if name.startswith("k")}
    # due 08:30, done 09:15, recorded 09:30: a quarter recorded late, three quarters by the software down 08:00-09:00
    assert split["late"]["figure"] == 1.0
    assert parts["k2_recorded_late"] == 0.25
    assert sum(parts.values()) == pytest.approx(1.0)
    assert parts["k1_direct"] > 0
    assert (split["confidence"], one["incidents"]) == ("low", [SOFTWARE.id])
    assert {"due", "recorded", "clock"} <= leaves(split["k1_direct"])


def test_a_dossier_in_time_is_known_and_not_late_and_others_are_not_told(late: TestClient) -> None:
    open_one = late.get("/api/v1/dossiers/explain/A-3").json()

    assert (open_one["is_late"], open_one["dossiers"]) == (False, [])
    assert_problem(late.get("/api/v1/dossiers/explain/B-1"), 404)


def test_a_month_sums_its_dossiers_and_tells_how_late_records_came(late: TestClient) -> None:
    found = late.get("/api/v1/dossiers/overdue", params={"unit": CHAU_THANH, "month": "2026-11"}).json()

    assert (found["ended"], found["late"], found["is_cut"]) == (2, 2, False)
    sums = found["sums"]
    assert sums["late"] == pytest.approx(1.0 + 2.0)
    assert sum(value for name, value in sums.items() if name != "late") == pytest.approx(sums["late"])
    assert [one["number"] for one in found["lines"]] == ["A-2", "A-1"]
    assert found["gap_median"]["figure"] == 0.25


def risks(caller: TestClient) -> Any:  # noqa: ANN401 - JSON
    return caller.get("/api/v1/dossiers/at-risk", params={"unit": CHAU_THANH}).json()


def test_what_cannot_be_done_in_time_is_at_risk_with_what_it_rests_on(other: TestClient) -> None:
    put_late(store_of(other))
    put_past(store_of(other))

    found = risks(other)

    # usual 4 h less 2.25 passed, repair 2 h less 0.5 passed, half an hour left until 10:30
    assert (found["hidden"], found["not_known"], found["incidents"]) == (None, 0, ["cd" * 8])
    assert found["repair"]["figure"] == 1.5
    ((number, slack),) = [(one["number"], one["slack"]["figure"]) for one in found["at_risk"]]
    wait = found["queue_wait"]["figure"]
    assert (number, round(slack, 6)) == ("A-3", round(0.5 - 1.5 - 1.75 - wait, 6))
    assert {"percentile_hours", "incidents"} <= leaves(found["repair"])


def test_without_past_repairs_and_usual_times_nobody_knows_who_is_at_risk(late: TestClient) -> None:
    found = risks(late)

    assert (found["hidden"], found["at_risk"], found["not_known"]) == (None, [], 1)


def test_the_list_is_hidden_with_the_reason_when_the_rows_are_older_than_a_working_day(other: TestClient) -> None:
    put_late(store_of(other), as_of=at(9, 0, 25))

    found = risks(other)

    assert (found["hidden"], found["at_risk"], found["age"]["figure"]) == ("old_rows", [], 8.5)


def test_a_month_or_day_beyond_calendars_is_refused(province: TestClient) -> None:
    assert_problem(province.get("/api/v1/dossiers/impact", params={**DAY, "day": "1890-01-01"}), 422)
    assert_problem(province.get("/api/v1/dossiers/overdue", params={"unit": CHAU_THANH, "month": "2026-13"}), 422)
