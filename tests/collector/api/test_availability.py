"""The availability report counts one's territory only, opens to what it is made of, and says no device's hours."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from machxa_collector.api.app import create_app
from machxa_collector.incidents.words import Cause, Layer
from machxa_collector.pages import pages
from machxa_collector.registry.people import Role
from machxa_collector.store import availability, incidents
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import seat, somebody
from tests.collector.api.places_of_assets import HA_NOI, VINH_LONG, put_assets
from tests.collector.api.test_incidents import LINE
from tests.collector.builders import DAY_MS, MIDNIGHT, assert_problem

HOUR = 3_600_000
DAYS = "from=2024-10-05&to=2024-10-05&hours=all"
DAY = MIDNIGHT + DAY_MS - 7 * HOUR  # 5 October in Viet Nam
CUT = replace(
    LINE, subject=VINH_LONG, units=(VINH_LONG,), started_at=DAY + HOUR, noticed_at=DAY + HOUR, ended_at=DAY + 7 * HOUR
)
ELSEWHERE = replace(CUT, id="ee" * 8, subject=HA_NOI, units=(HA_NOI,))
DOWN = replace(
    CUT, id="ff" * 8, cause=Cause.NATIONAL_SYSTEM, layer=Layer.NATION, subject="eid", units=(VINH_LONG, HA_NOI)
)


@pytest.fixture
def browser(centre: Centre) -> Iterator[TestClient]:
    """Return a caller in a centre with a device in each of two provinces and three incidents, two days later."""
    centre.now_ms = DAY + 3 * DAY_MS
    put_assets(centre.store, VINH_LONG, 1, seed=1)
    put_assets(centre.store, HA_NOI, 1, seed=2)
    incidents.save(centre.store, [CUT, ELSEWHERE, DOWN])
    deps = centre.deps(loopback_open=False)
    app = create_app(deps, pages(deps))
    with TestClient(app, base_url="https://may-chu.xa.example", follow_redirects=False) as caller:
        yield caller


@pytest.fixture
def anybody(centre: Centre, browser: TestClient) -> TestClient:  # noqa: ARG001 - it fills the centre
    """Return a caller on loopback, who sees all that is read there."""
    deps = centre.deps(loopback_open=True)
    return TestClient(create_app(deps, pages(deps)), base_url="http://127.0.0.1:8470", follow_redirects=False)


def rows(caller: TestClient, asked: str) -> dict[str, dict[str, object]]:
    answer = caller.get(f"/api/v1/availability?{DAYS}&{asked}")
    assert answer.status_code == 200, answer.text
    return {one["id"]: one for one in answer.json()["rows"]}


def test_a_unit_without_its_line_for_six_hours_of_a_day_was_there_for_three_quarters(anybody: TestClient) -> None:
    found = rows(anybody, "by=unit")

    assert sorted(found) == [HA_NOI, VINH_LONG]
    one = found[VINH_LONG]
    assert (one["available_ratio"], one["down_seconds"], one["outages"], one["service_seconds"]) == (
        0.75, 6 * 3600, 1, 86_400,
    )  # fmt: skip


def test_a_commune_sees_its_own_figures_only(centre: Centre, browser: TestClient) -> None:
    leader = seat(centre, browser, somebody(centre, Role.LEADER, scope=VINH_LONG), Role.LEADER)

    assert sorted(rows(leader, "by=unit")) == [VINH_LONG]
    assert rows(leader, "by=system")["eid"]["units"] == 1
    assert len(rows(leader, "by=device")) == 1
    assert rows(leader, f"by=unit&unit={HA_NOI}") == {}
    assert_problem(leader.get(f"/api/v1/availability/inputs?{DAYS}&by=unit&subject={HA_NOI}"), 404)


def test_incidents_elsewhere_push_none_of_one_s_own_beyond_the_bound(
    centre: Centre, browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(availability, "MOST_INCIDENTS", 2)
    late = replace(ELSEWHERE, id="0" * 16, started_at=DAY + 8 * HOUR, ended_at=DAY + 9 * HOUR)
    incidents.save(centre.store, [late])
    leader = seat(centre, browser, somebody(centre, Role.LEADER, scope=VINH_LONG), Role.LEADER)

    answer = leader.get(f"/api/v1/availability?{DAYS}&by=unit").json()

    assert (answer["left_out"], answer["rows"][0]["down_seconds"]) == (0, 6 * 3600)


def test_a_figure_opens_to_its_incidents_and_days_and_that_of_a_device_to_no_hour(anybody: TestClient) -> None:
    device = next(iter(rows(anybody, f"by=device&unit={VINH_LONG}")))
    its = anybody.get(f"/api/v1/availability/inputs?{DAYS}&by=device&subject={device}").json()
    one = anybody.get(f"/api/v1/availability/inputs?{DAYS}&by=unit&subject={VINH_LONG}").json()

    assert [(row["incident"], row["counts"]) for row in one["incidents"]] == [(CUT.id, "down")]
    assert one["days"] == [{"day": "2024-10-05", "available_ratio": 0.75, "known_ratio": 1.0}]
    assert (len(its["days"]), its["incidents"], its["planned"]) == (1, [], [])


def test_the_file_holds_what_the_table_shows_and_no_formula(anybody: TestClient) -> None:
    answer = anybody.get(f"/api/v1/availability.csv?{DAYS}&by=unit")

    told = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=_separator(answer.text)))
    assert {one["Mã"]: one["Tỷ lệ phục vụ (0 đến 1)"] for one in told} == {HA_NOI: "0.75", VINH_LONG: "0.75"}
    assert "attachment" in answer.headers["content-disposition"]


def test_answers_are_paged_bounded_and_not_sent_twice(anybody: TestClient) -> None:
    first = anybody.get(f"/api/v1/availability?{DAYS}&by=unit&limit=1")
    second = anybody.get(f"/api/v1/availability?{DAYS}&by=unit&limit=1&cursor={first.json()['next']}").json()
    again = anybody.get(
        f"/api/v1/availability?{DAYS}&by=unit&limit=1", headers={"If-None-Match": first.headers["etag"]}
    )

    assert [one["id"] for page in (first.json(), second) for one in page["rows"]] == [HA_NOI, VINH_LONG]
    assert (second["next"], again.status_code) == (None, 304)
    for days in ("from=2024-10-05&to=2024-10-04", "from=2022-01-01&to=2024-10-04", "from=0001-01-01"):
        assert_problem(anybody.get(f"/api/v1/availability?{days}"), 400)


def test_the_page_shows_the_table_and_opens_a_figure(anybody: TestClient) -> None:
    tables = {by: anybody.get(f"/availability?{DAYS}&by={by}") for by in ("system", "provider", "unit", "device")}
    opened = anybody.get(f"/availability/inputs?{DAYS}&by=unit&subject={VINH_LONG}")

    assert {by: "/api/v1/availability.csv?" in page.text for by, page in tables.items()} == {
        "system": True, "provider": False, "unit": True, "device": True,
    }  # fmt: skip
    assert f"/incidents/{CUT.id}" in opened.text
    assert "75 %" in opened.text
    assert "/availability/inputs?by=unit&amp;from=2024-10-05" in tables["unit"].text
    assert max(len(page.content) for page in (*tables.values(), opened)) < 60_000
    assert anybody.get("/availability?from=x").status_code == 422


def _separator(text: str) -> str:
    return next(sign for sign in ";,\t" if sign in text.splitlines()[-1])
