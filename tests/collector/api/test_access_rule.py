from __future__ import annotations

import re

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from machxa_collector.api.access import check_declared
from machxa_collector.api.app import ROUTERS, create_app
from machxa_collector.registry.tokens import SESSION_MS, Purpose
from tests.collector.api.conftest import Centre
from tests.collector.builders import Known

OPEN = {
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/sign-in"),
    ("POST", "/api/v1/session"),
    ("POST", "/api/v1/invitation"),
    ("GET", "/api/v1/ca"),
    ("POST", "/api/v1/enrol"),
    ("POST", "/api/v1/enrol/poll"),
    ("POST", "/api/v1/certificates/renew"),
}
SETTINGS = {"sample_seconds": 30, "batch_seconds": 300}

SIGNING_IN = {"login": "nobody", "password": "what ever it is"}


def routes(*routers: APIRouter) -> set[tuple[str, str]]:
    """Return every method and path of some routers."""
    found = [route for router in routers for route in router.routes if isinstance(route, APIRoute)]
    return {(method, route.path) for route in found for method in route.methods or ()}


def a_page() -> APIRouter:
    page = APIRouter(include_in_schema=False)

    @page.get("/page")
    def _page() -> str:
        return "private"

    return page


def test_every_route_but_nine_is_closed_to_strangers(centre: Centre) -> None:
    page = a_page()
    every = routes(*ROUTERS, page)
    app = create_app(centre.deps(loopback_open=False), [page])
    caller = TestClient(app, base_url="http://may-chu.xa.example", follow_redirects=False)

    closed = {
        (method, path)
        for method, path in every
        if caller.request(method, re.sub(r"\{.*?\}", "x", path)).status_code == 401
    }

    assert every - closed == OPEN
    assert len(closed) >= 15


def test_every_described_route_is_among_those_walked(centre: Centre) -> None:
    described = create_app(centre.deps(loopback_open=False)).openapi()["paths"]

    assert {path for _, path in routes(*ROUTERS)} == {*described, "/api/v1/openapi.json"}


def test_a_route_that_declares_no_access_does_not_start() -> None:
    router = APIRouter()
    router.add_api_route("/forgotten", lambda: None)

    with pytest.raises(RuntimeError, match="/forgotten declares no access"):
        check_declared(router)


def test_a_page_that_mounts_something_unchecked_does_not_start(centre: Centre) -> None:
    page = APIRouter()
    page.mount("/files", FastAPI())

    with pytest.raises(RuntimeError, match="cannot be checked"):
        create_app(centre.deps(loopback_open=True), [page])


def test_on_loopback_reading_is_open_and_changing_is_not(client: TestClient) -> None:
    assert client.get("/api/v1/assets").status_code == 200
    assert client.put("/api/v1/settings", json=SETTINGS).status_code == 401


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"])
def test_who_comes_to_loopback_through_a_proxy_must_sign_in(client: TestClient, centre: Centre, header: str) -> None:
    client.headers[header] = "203.0.113.9"

    assert client.get("/api/v1/assets").status_code == 401
    client.headers["Authorization"] = f"Bearer {centre.token(Purpose.API)}"
    assert client.get("/api/v1/assets").status_code == 200


def test_a_session_that_began_encrypted_never_travels_in_clear(outside: TestClient, centre: Centre) -> None:
    cookie = outside.get(f"/sign-in?token={centre.token(Purpose.SIGN_IN, uses=1)}").headers["set-cookie"]

    assert re.match(r"__Host-machxa=[\w-]{43}; HttpOnly; Max-Age=43200; Path=/; SameSite=lax; Secure$", cookie)


def test_within_this_computer_a_session_needs_no_encryption(client: TestClient, centre: Centre) -> None:
    cookie = client.get(f"/sign-in?token={centre.token(Purpose.SIGN_IN, uses=1)}").headers["set-cookie"]

    assert re.match(r"machxa_session=[\w-]{43}; HttpOnly; Max-Age=43200; Path=/; SameSite=lax$", cookie)


@pytest.mark.parametrize("asked", [("GET", "/sign-in?token=x", None), ("POST", "/api/v1/session", SIGNING_IN)])
def test_nobody_signs_in_over_a_clear_line(outside: TestClient, asked: tuple[str, str, dict[str, str] | None]) -> None:
    method, path, body = asked

    answer = outside.request(method, f"http://may-chu.xa.example{path}", json=body)

    assert (answer.status_code, "https" in answer.json()["detail"]) == (403, True)


def test_a_cookie_of_the_clear_line_opens_nothing_outside(
    outside: TestClient, client: TestClient, centre: Centre
) -> None:
    client.get(f"/sign-in?token={centre.token(Purpose.SIGN_IN, uses=1)}")
    secret = client.cookies["machxa_session"]

    outside.cookies.set("machxa_session", secret)

    assert outside.get("/api/v1/assets").status_code == 401
    assert outside.get("http://may-chu.xa.example/api/v1/assets").status_code == 401


def test_an_api_token_opens_reading_and_changing(outside: TestClient, centre: Centre) -> None:
    outside.headers["Authorization"] = f"Bearer {centre.token(Purpose.API)}"

    assert outside.get("/api/v1/assets").status_code == 200
    assert outside.put("/api/v1/settings", json=SETTINGS).status_code == 200


@pytest.mark.parametrize("purpose", [Purpose.ENROL, Purpose.SIGN_IN])
def test_a_token_for_something_else_opens_nothing(outside: TestClient, centre: Centre, purpose: Purpose) -> None:
    outside.headers["Authorization"] = f"Bearer {centre.token(purpose, uses=1)}"

    answer = outside.get("/api/v1/assets")

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_sign_in_link_works_once_and_its_session_ends_after_twelve_hours(outside: TestClient, centre: Centre) -> None:
    link = f"/sign-in?token={centre.token(Purpose.SIGN_IN, uses=1)}"

    first = outside.get(link)
    inside = outside.get("/api/v1/assets")
    second = outside.get(link)
    centre.now_ms += SESSION_MS
    late = outside.get("/api/v1/assets")

    assert (first.status_code, first.headers["location"]) == (303, "/account/first")
    assert (inside.status_code, second.status_code, late.status_code) == (200, 403, 401)


@pytest.mark.parametrize(
    ("method", "headers"),
    [("HEAD", {}), ("GET", {"Sec-Purpose": "prefetch;prerender"}), ("GET", {"Purpose": "prefetch"})],
    ids=["a preview", "a browser ahead of its user", "an older browser"],
)
def test_looking_at_a_sign_in_link_in_advance_does_not_use_it_up(
    outside: TestClient, centre: Centre, method: str, headers: dict[str, str]
) -> None:
    link = f"/sign-in?token={centre.token(Purpose.SIGN_IN, uses=1)}"

    assert outside.request(method, link, headers=headers).status_code in {403, 405}
    assert outside.get(link).status_code == 303


def test_a_sign_in_link_ends_after_its_hour(outside: TestClient, centre: Centre) -> None:
    link = f"/sign-in?token={centre.token(Purpose.SIGN_IN, uses=1)}"
    centre.now_ms += 3_600_000

    assert outside.get(link).status_code == 403


def test_a_change_from_another_site_is_refused(outside: TestClient, centre: Centre) -> None:
    outside.get(f"/sign-in?token={centre.token(Purpose.SIGN_IN, uses=1)}")

    answer = outside.put("/api/v1/settings", json=SETTINGS, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert centre.published == []


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8470", ""])
def test_on_loopback_a_foreign_host_name_is_refused(client: TestClient, host: str, agent: Known) -> None:
    answer = client.get(f"/api/v1/assets/{agent.asset}", headers={"Host": host})

    assert answer.status_code == 421
    assert agent.asset not in answer.text


@pytest.mark.parametrize("host", ["localhost", "localhost:8470", "127.0.0.1", "[::1]:8470", "127.8.9.1:1"])
def test_on_loopback_its_own_names_are_answered(client: TestClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200
