"""Every route x every role and nobody x own and other territory, from the routes themselves."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from machxa_collector.api.access import permission_of, reader
from machxa_collector.api.app import ROUTERS, create_app
from machxa_collector.pages import pages
from machxa_collector.registry.people import ALLOWED, Role
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import seat, somebody
from tests.collector.api.places_of_assets import HA_NOI, VINH_LONG, put_assets, put_troubles

EVERY = "province_it finance leader clerk auditor admin"
EXPECTED = {  # permission -> roles; a new permission without an entry fails
    "desk.read": EVERY,
    "assets.read": EVERY,
    "assets.write": "province_it finance admin",
    "stocktakes.write": "province_it finance leader clerk admin",
    "costs.read": "province_it finance auditor admin",
    "units.read": EVERY,
    "units.write": "province_it admin",
    "imports.write": "province_it finance admin",
    "exports.read": "province_it finance leader auditor admin",
    "agents.read": EVERY,
    "agents.manage": "province_it admin",
    "delivery.read": "province_it auditor admin",
    "settings.read": "province_it auditor admin",
    "settings.write": "province_it admin",
    "policies.read": "province_it auditor admin",
    "policies.write": "province_it admin",
    "model.write": "province_it admin",
    "paper.declare": "leader admin",
    "paper.write": "province_it leader clerk admin",
    "outputs.issue": "province_it finance leader clerk admin",
    "incidents.read": EVERY,
    "incidents.handle": "province_it admin",
    "reports.read": EVERY,
    "reports.write": "province_it leader clerk admin",
    "reports.link": "province_it leader admin",
    "sessions.declare": "province_it leader clerk admin",
    "metrics.read": "province_it auditor admin",
    "audit.read": "auditor admin",
    "people.read": "auditor admin",
    "people.manage": "admin",
    "tokens.manage": "admin",
    "account.own": EVERY,
}
GIVEN = {"kind": "assets", "code": "86", "unit": "86", "name": "static"}  # what is no id
SIGN_OUT = (("DELETE", "/api/v1/session"), ("POST", "/account/sign-out"))


def described(route: APIRoute, given: str | None) -> Iterator[tuple[str, str, str | None]]:
    """Give a route's methods and path with the permission that it, or who includes it, declares."""
    held = permission_of(route)
    for method in route.methods or ():
        yield method, route.path, given if held is None else held.value


def routes_of(centre: Centre) -> list[tuple[str, str, str | None]]:
    """Return method, path and permission of every route of API and pages; None: everybody may ask."""
    found = [one for router in ROUTERS for route in plain(router) for one in described(route, None)]
    for router in pages(centre.deps(loopback_open=False)):
        declares = any(permission_of(route) for route in plain(router))
        found += [one for route in plain(router) for one in described(route, None if declares else "assets.read")]
    return sorted(found, key=lambda one: (one[:2] in SIGN_OUT, one[1], one[0]))


def plain(router: APIRouter) -> list[APIRoute]:
    return [route for route in router.routes if isinstance(route, APIRoute)]


def filled(path: str, known: str) -> str:
    """Return a path with an id of ours in it."""
    return re.sub(r"\{(\w+)\}", lambda found: GIVEN.get(found[1], known), path)


@pytest.fixture
def everything(centre: Centre) -> Iterator[TestClient]:
    """Return a caller of API and pages beyond loopback."""
    deps = centre.deps(loopback_open=False)
    app = create_app(deps, pages(deps))
    with TestClient(app, base_url="https://may-chu.xa.example", follow_redirects=False) as caller:
        yield caller


def test_the_table_of_permissions_is_the_expected_one() -> None:
    told = {held.value: {role.value for role in roles} for held, roles in ALLOWED.items()}

    assert told == {held: set(roles.split()) for held, roles in EXPECTED.items()}


def test_pages_of_devices_are_for_readers(centre: Centre) -> None:
    assert permission_of(APIRoute("/x", lambda: None)) is None
    assert ("GET", "/assets/{asset_id}", "assets.read") in routes_of(centre)
    assert reader.__name__ == "needs"


@pytest.mark.parametrize("scope", ["86", "01"], ids=["own territory", "other territory"])
@pytest.mark.parametrize("role", Role, ids=[role.value for role in Role])
def test_a_role_may_ask_exactly_what_the_table_says(
    everything: TestClient, centre: Centre, store: Engine, role: Role, scope: str
) -> None:
    asset, _ = put_assets(store, VINH_LONG, 1, seed=1)[0]
    who = somebody(centre, role, scope=scope)
    wrong = {}

    for method, path, held in routes_of(centre):
        if not everything.cookies or (method, path) in SIGN_OUT:
            seat(centre, everything, who, role)
        answer = everything.request(method, filled(path, asset))
        allowed = held is None or role.value in EXPECTED[held].split()
        refused = answer.status_code == 403 and f"it needs the permission {held}" in answer.text
        if refused is allowed or answer.status_code in (401, 500):
            wrong[method, path] = (held, answer.status_code)
        centre.now_ms += 100

    assert wrong == {}


def test_nobody_may_ask_anything_that_needs_a_permission(everything: TestClient, centre: Centre) -> None:
    answers = {
        (method, path, held): everything.request(method, filled(path, "x")).status_code
        for method, path, held in routes_of(centre)
    }

    assert {key for key, status in answers.items() if (status == 401) is (key[2] is None)} == set()


def test_an_id_of_another_territory_is_answered_like_one_that_nobody_has(
    everything: TestClient, centre: Centre, store: Engine
) -> None:
    asset, agent = put_assets(store, HA_NOI, 1, seed=2)[0]
    seat(centre, everything, somebody(centre, Role.ADMIN, scope="86"), Role.ADMIN)
    told = {}

    for method, path, held in routes_of(centre):
        if held is None or "{" not in path:
            continue
        real = [everything.request(method, filled(path, one)) for one in (asset, agent)]
        unknown = everything.request(method, filled(path, "00000000-0000-4000-8000-000000000000"))
        shown = {re.sub(r"[0-9a-f-]{36}", "ID", one.text) for one in (*real, unknown)}
        if len({one.status_code for one in (*real, unknown)} | shown) != 2 or "SECRET" in "".join(shown):
            told[method, path] = [(one.status_code, one.text[:80]) for one in (*real, unknown)]
        centre.now_ms += 300

    assert told == {}


def test_the_same_ids_are_answered_where_they_belong(everything: TestClient, centre: Centre, store: Engine) -> None:
    asset, agent = put_assets(store, HA_NOI, 1, seed=2)[0]
    seat(centre, everything, somebody(centre, Role.ADMIN, scope="01"), Role.ADMIN)
    paths = (
        f"/api/v1/assets/{asset}",
        f"/api/v1/assets/{asset}/samples?name=system.uptime",
        f"/api/v1/assets/{asset}/disks",
        f"/api/v1/agents/{agent}/ledger",
        f"/api/v1/registry/assets/{asset}",
        f"/assets/{asset}",
    )

    assert {path: everything.get(path).status_code for path in paths} == dict.fromkeys(paths, 200)


@pytest.mark.parametrize(
    ("scope", "seen"),
    [("nation", 6), ("86", 4), ("29506", 2), ("29506 00004", 3), ("01", 3), ("79", 2)],
    ids=["nation", "province", "commune", "cluster", "another province", "a province without any"],
)
def test_a_list_holds_what_the_territory_holds(
    everything: TestClient, centre: Centre, store: Engine, scope: str, seen: int
) -> None:
    for unit, count in ((VINH_LONG, 2), (HA_NOI, 1), (None, 2), ("99999", 1)):
        put_assets(store, unit, count, seed=count + 10 * (unit is None) + (7 if unit == "99999" else 0))
    seat(centre, everything, somebody(centre, Role.AUDITOR, scope=scope), Role.AUDITOR)

    assert len(everything.get("/api/v1/assets").json()["assets"]) == seen
    assert everything.get("/assets").text.count("SECRET-") == seen


def test_events_and_payloads_set_aside_are_told_where_their_agents_stand(
    everything: TestClient, centre: Centre, store: Engine
) -> None:
    far, near = put_assets(store, HA_NOI, 1, seed=2)[0][1], put_assets(store, VINH_LONG, 1, seed=3)[0][1]
    put_troubles(store, [far, near, "11111111-2222-4333-8444-555555555555"])
    told = {}

    for scope in ("nation", "86", "01", "29506"):
        seat(centre, everything, somebody(centre, Role.PROVINCE_IT, scope=scope, login=f"it.{scope}"), Role.PROVINCE_IT)
        events = everything.get("/api/v1/events").json()["events"]
        aside = everything.get("/api/v1/refusals").json()["quarantine"]
        told[scope] = ({one["agent"] for one in events}, {one["agent"] for one in aside})
        assert everything.get("/api/v1/events", params={"agent": far}).json()["events"] == [
            one for one in events if one["agent"] == far
        ]

    stranger = "11111111-2222-4333-8444-555555555555"
    assert told == {
        "nation": ({far, near}, {far, near, stranger}),
        "86": ({near}, {near, stranger}),
        "01": ({far}, {far, stranger}),
        "29506": ({near}, {near}),
    }


@pytest.mark.faults
def test_ids_of_other_provinces_give_nothing_away(
    everything: TestClient, centre: Centre, store: Engine, rounds: int
) -> None:
    """Try 1,000 of them, 10,000 with --faults 3 and more."""
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    tries = 1250 if rounds > 2 else 125
    foreign = put_assets(store, HA_NOI, 4 * tries, seed)
    seat(centre, everything, somebody(centre, Role.PROVINCE_IT, scope="86"), Role.PROVINCE_IT)
    kinds = (
        "/api/v1/assets/{0}",
        "/api/v1/assets/{0}/samples?name=system.uptime",
        "/api/v1/assets/{0}/disks",
        "/api/v1/agents/{1}/ledger",
        "/api/v1/registry/assets/{0}",
    )
    bodies: dict[str, set[tuple[int, str]]] = {kind: set() for kind in kinds}

    for kind in kinds:
        for _ in range(tries):
            asset, agent = chance.choice(foreign)
            nobody = chance.randbytes(16).hex()
            for ids in ((asset, agent), (nobody, nobody)):
                answer = everything.get(kind.format(*ids))
                bodies[kind].add((answer.status_code, answer.text))
                centre.now_ms += 60

    assert {kind: [status for status, _ in told] for kind, told in bodies.items()} == {kind: [404] for kind in kinds}
