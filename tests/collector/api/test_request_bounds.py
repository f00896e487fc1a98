"""What a request may bring, from where changes are taken, and how often somebody may ask."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack

import pytest
from fastapi.testclient import TestClient
from starlette.types import Message, Receive, Scope

from machxa_collector.api.app import create_app
from machxa_collector.api.bounds import MAX_BODY_BYTES, MAX_IMPORT_BYTES, is_own_change
from machxa_collector.api.limits import REQUESTS_A_SECOND, REQUESTS_AT_ONCE, REQUESTS_AT_ONCE_ADDRESS, Limits
from machxa_collector.api.uploads import AT_ONCE
from machxa_collector.registry.people import Role
from machxa_collector.registry.tokens import Purpose
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import seat, somebody
from tests.collector.builders import assert_problem

FILE = "/api/v1/imports/contacts"


@pytest.mark.parametrize(
    ("method", "headers", "own"),
    [
        ("GET", {"origin": "https://evil.example"}, True),
        ("POST", {}, True),
        ("POST", {"sec-fetch-site": "same-origin"}, True),
        ("POST", {"sec-fetch-site": "none"}, True),
        ("POST", {"sec-fetch-site": "same-site"}, False),
        ("POST", {"sec-fetch-site": "cross-site", "origin": "https://a.example"}, False),
        ("POST", {"sec-fetch-site": "", "origin": "https://a.example"}, False),
        ("POST", {"origin": "https://a.example"}, True),
        ("POST", {"origin": "https://A.example"}, True),
        ("POST", {"origin": "https://a.example:8443"}, False),
        ("POST", {"origin": "https://evil.example"}, False),
        ("POST", {"origin": "https://a.example.evil.example"}, False),
        ("POST", {"origin": "null"}, False),
        ("POST", {"origin": "http://["}, False),
        ("PUT", {"origin": "null"}, False),
        ("DELETE", {"origin": "null"}, False),
    ],
)
def test_changes_come_from_pages_of_ours(method: str, headers: dict[str, str], *, own: bool) -> None:
    assert is_own_change(method, {"host": "a.example", **headers}) is own


@pytest.mark.parametrize(
    ("asked", "headers", "status"),
    [
        ("/healthz?" + "x" * 9000, {}, 414),
        ("/healthz", {"X-Long": "x" * 17_000}, 431),
        ("/healthz", {"Cookie": "a=" + "x" * 17_000}, 431),
        ("/healthz?" + "x" * 7000, {"X-Long": "x" * 9000}, 200),
    ],
)
def test_an_address_and_headers_are_bounded(
    outside: TestClient, asked: str, headers: dict[str, str], status: int
) -> None:
    assert outside.get(asked, headers=headers).status_code == status


@pytest.mark.parametrize("role", [None, Role.CLERK, Role.AUDITOR], ids=["nobody", "clerk", "auditor"])
def test_a_large_file_of_who_may_not_import_is_not_read(outside: TestClient, centre: Centre, role: Role | None) -> None:
    if role is not None:
        seat(centre, outside, somebody(centre, role, scope="86"), role)

    answer = outside.post(FILE, content=iter([b"x" * 32_768] * 40), headers={"Content-Type": "text/csv"})

    assert_problem(answer, 413)
    assert str(MAX_BODY_BYTES) in answer.json()["detail"]


def test_a_file_of_who_may_import_is_bounded_too(outside: TestClient, centre: Centre) -> None:
    seat(centre, outside, somebody(centre, Role.PROVINCE_IT, scope="86"), Role.PROVINCE_IT)

    fits = outside.post(FILE, content=b"x" * 100_000, headers={"Content-Type": "text/csv"})
    over = outside.post(FILE, content=b"x" * (MAX_IMPORT_BYTES + 1), headers={"Content-Type": "text/csv"})
    elsewhere = outside.put("/api/v1/settings", content=b"x" * 100_000)

    assert fits.status_code != 413
    assert_problem(over, 413)
    assert_problem(elsewhere, 413)


def test_a_few_files_are_taken_in_at_once_and_more_wait(centre: Centre) -> None:
    token = centre.token(Purpose.API)
    app = create_app(centre.deps(loopback_open=False))
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "https",
        "method": "POST",
        "path": FILE,
        "raw_path": FILE.encode(),
        "root_path": "",
        "query_string": b"",
        "client": ("192.0.2.7", 1),
        "server": ("a.example", 443),
        "headers": [(b"host", b"a.example"), (b"authorization", f"Bearer {token}".encode())],
    }

    async def ask(receive: Receive) -> int:
        started: list[int] = []

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                started.append(message["status"])

        await app({**scope, "headers": list(scope["headers"])}, receive, send)
        return started[0]

    async def empty() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def crowd() -> tuple[int, int]:
        reading = asyncio.Semaphore(0)

        async def slow() -> Message:
            reading.release()
            await asyncio.Event().wait()
            return {"type": "http.disconnect"}

        waiting = [asyncio.create_task(ask(slow)) for _ in range(AT_ONCE)]
        for _ in waiting:
            await asyncio.wait_for(reading.acquire(), 30)
        status = await ask(empty)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        return status, await ask(empty)

    during, after = asyncio.run(crowd())

    assert during == 503
    assert after != 503


def test_a_credential_that_asks_too_much_waits_and_no_other_does(outside: TestClient, centre: Centre) -> None:
    busy, calm = centre.token(Purpose.API), centre.token(Purpose.API)
    headers = {"Authorization": f"Bearer {busy}"}

    answers = [outside.get("/api/v1/settings", headers=headers) for _ in range(REQUESTS_AT_ONCE + 1)]
    other = outside.get("/api/v1/settings", headers={"Authorization": f"Bearer {calm}"})
    centre.now_ms += round(1000 / REQUESTS_A_SECOND) + 1
    later = outside.get("/api/v1/settings", headers=headers)

    assert [one.status_code for one in answers] == [200] * REQUESTS_AT_ONCE + [429]
    assert answers[-1].headers["retry-after"] == "1"
    assert (other.status_code, later.status_code) == (200, 200)


def test_an_address_that_shows_no_credential_waits_too(outside: TestClient) -> None:
    answers = [outside.get("/healthz").status_code for _ in range(REQUESTS_AT_ONCE_ADDRESS + 1)]

    assert (answers[-2], answers[-1]) == (200, 429)


def test_within_this_computer_nobody_waits(client: TestClient) -> None:
    assert {client.get("/healthz").status_code for _ in range(REQUESTS_AT_ONCE_ADDRESS + 50)} == {200}


def test_four_passwords_are_verified_at_once_and_no_more() -> None:
    limits = Limits(lambda: 0)

    with ExitStack() as under_way:
        for number in range(4):
            under_way.enter_context(limits.one_try(f"lan{number}", f"192.0.2.{number}"))
        during = limits._verifying.acquire(blocking=False)

    assert (during, limits._verifying.acquire(blocking=False)) == (False, True)
