"""Systems are listed with what a province tells of those that nobody can ask; who tells, of what, since when."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from machxa_collector.api.app import create_app
from machxa_collector.checks.catalogue import builtin
from machxa_collector.pages import pages
from machxa_collector.registry.people import Role
from machxa_collector.store import audit, incidents
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import seat, somebody
from tests.collector.api.test_incidents import LINE
from tests.collector.builders import MIDNIGHT, assert_problem

HOUR = 3_600_000
LAG = {"system": "exchange", "name": "synchronised_at", "part": "moj", "number": float(MIDNIGHT - 2 * HOUR)}
POSTS = {"system": "staff", "name": "posts_filled", "unit": "29506", "number": 4.0}


@pytest.fixture
def keeper(centre: Centre) -> TestClient:
    """Return a caller of API and pages who keeps a province."""
    deps = centre.deps(loopback_open=False)
    app = create_app(deps, pages(deps))
    caller = TestClient(app, base_url="https://may-chu.xa.example", follow_redirects=False)
    return seat(centre, caller, somebody(centre, Role.PROVINCE_IT, scope="86"), Role.PROVINCE_IT)


def told(caller: TestClient, system: str) -> list[tuple[object, ...]]:
    listed = {one["id"]: one for one in caller.get("/api/v1/systems").json()["systems"]}
    return [
        (one["name"], one["unit"], one["part"], one["state"], one["age_seconds"]) for one in listed[system]["context"]
    ]


def put(caller: TestClient, *values: dict[str, object]) -> tuple[int, object]:
    answer = caller.put("/api/v1/context", json={"values": list(values)})
    return answer.status_code, answer.json()


def test_what_is_told_is_listed_with_its_age_until_it_is_stale(centre: Centre, keeper: TestClient) -> None:
    first = put(keeper, LAG, POSTS, {"system": "population", "name": "status", "word": "ok"})
    again = put(keeper, {**LAG, "at": MIDNIGHT - 1})
    fresh = [told(keeper, system) for system in ("exchange", "staff", "population")]
    centre.now_ms += 3 * HOUR
    seat(centre, keeper, somebody(centre, Role.PROVINCE_IT, scope="86", login="sau"), Role.PROVINCE_IT)
    later = told(keeper, "population")

    assert (first, again) == ((200, {"taken": 3, "known_already": 0}), (200, {"taken": 0, "known_already": 1}))
    assert fresh == [
        [("synchronised_at", None, "moj", "warning", 0)],
        [("posts_filled", "29506", None, "told", 0)],
        [("status", None, None, "ok", 0)],
    ]
    assert later == [("status", None, None, "stale", 10_800)]
    assert [one.action for one in audit.every(centre.store)].count("context.tell") == 2
    assert keeper.get("/api/v1/systems").json()["troubles"] == []
    assert len(keeper.get("/api/v1/systems").json()["systems"]) == len(builtin().systems)


@pytest.mark.parametrize(
    ("value", "status"),
    [
        ({**LAG, "system": "dossier"}, 422),
        ({**LAG, "name": "posts"}, 422),
        ({**LAG, "number": None}, 422),
        ({**LAG, "number": -1.0}, 422),
        ({**LAG, "part": "<b>"}, 422),
        ({**POSTS, "unit": "00004"}, 403),
        ({**POSTS, "unit": "99999"}, 403),
    ],
)
def test_what_no_system_has_and_what_is_elsewhere_is_refused(
    keeper: TestClient, value: dict[str, object], status: int
) -> None:
    assert_problem(keeper.put("/api/v1/context", json={"values": [POSTS, value]}), status)
    assert told(keeper, "staff") == []


def test_what_stands_badly_is_shown_beside_an_incident_and_on_the_page_of_systems(
    centre: Centre, keeper: TestClient
) -> None:
    incidents.save(centre.store, [LINE])
    put(keeper, LAG, {**POSTS, "unit": "29374"}, {**POSTS, "unit": "29398"})

    beside = keeper.get(f"/api/v1/incidents/{LINE.id}").json()["context"]
    page, systems = keeper.get(f"/incidents/{LINE.id}?lang=en"), keeper.get("/systems?lang=en")

    assert [(one["system"], one["unit"], one["state"]) for one in beside] == [
        ("exchange", None, "warning"), ("staff", "29374", "told"),
    ]  # fmt: skip
    assert "last good synchronisation" in page.text
    assert "posts filled" in systems.text
    assert "checked by agents" in systems.text


def test_a_commune_tells_and_sees_of_itself_alone(centre: Centre, keeper: TestClient) -> None:
    put(keeper, POSTS, {**POSTS, "unit": "29398"})
    one = somebody(centre, Role.PROVINCE_IT, scope="29506", login="xa")
    seat(centre, keeper, one, Role.PROVINCE_IT)

    wide = put(keeper, LAG)[0]
    own = put(keeper, {**POSTS, "at": MIDNIGHT, "number": 5.0})[0]

    assert (wide, own) == (403, 200)
    assert [row[1] for row in told(keeper, "staff")] == ["29506"]


def test_a_system_leads_to_its_availability_only_where_that_is_counted(keeper: TestClient) -> None:
    pages = re.findall(r'href="(/systems/[^"?]+)"', keeper.get("/systems").text)
    links = re.findall(r'href="(/availability/inputs[^"]+)"', "".join(keeper.get(page).text for page in pages[:3]))

    assert len(links) == 3
    assert [link for link in links if keeper.get(link.replace("&amp;", "&")).status_code != 200] == []
