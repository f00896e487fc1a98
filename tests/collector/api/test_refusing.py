"""What cannot be answered is refused as a problem document, whatever was asked."""

import asyncio

import pytest
from fastapi.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from machxa_collector.api.guard import Guard
from tests.collector.builders import Known, assert_problem

NOON = "2024-10-04T12:00:00"
BODY = {
    "hardware": {"name": "VP-THONGKE-02"},
    "bios": {"smanufacturer": "Dell Inc.", "smodel": "OptiPlex 3020", "ssn": "7XK2M52"},
}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/docs", 404),
        ("GET", "/redoc", 404),
        ("GET", "/api/v1/assets/none", 404),
        ("GET", "/api/v1/assets/none/samples?name=system.uptime", 404),
        ("GET", "/api/v1/assets/none/disks", 404),
        ("GET", "/api/v1/agents/none/ledger", 404),
        ("POST", "/api/v1/assets", 405),
        ("GET", "/api/v1/assets?limit=0", 422),
        ("GET", "/api/v1/assets?limit=501", 422),
        ("GET", "/api/v1/events?from=yesterday", 422),
        ("GET", "/api/v1/assets?cursor=nonsense", 400),
        ("GET", "/api/v1/assets?cursor=WzFd", 400),  # [1]
        ("GET", "/api/v1/assets?cursor=WyJcdWQ4MDAiXQ", 400),  # ["\ud800"]
        ("GET", "/api/v1/events?cursor=WzFlOTksMSwxXQ", 400),  # [1e99,1,1]
        ("GET", "/api/v1/events?cursor=Wzk5OTk5OTk5OTk5OTk5OTk5OTk5LDEsMV0", 400),  # [99999999999999999999,1,1]
        ("POST", "/api/v1/enrol", 422),
    ],
)
def test_every_error_is_a_problem_document(client: TestClient, method: str, path: str, status: int) -> None:
    assert_problem(client.request(method, path), status)


@pytest.mark.parametrize(
    "asked",
    [
        "from=2024-01-01T00:00:00Z&to=2024-06-01T00:00:00Z&step=5m",
        "from=2024-10-05&to=2024-10-04",
        "from=2024-01-01&to=2024-10-04",
    ],
)
def test_a_span_backwards_or_too_wide_is_refused(client: TestClient, agent: Known, asked: str) -> None:
    assert_problem(client.get(f"/api/v1/assets/{agent.asset}/samples?name=system.uptime&{asked}"), 400)


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"{", 422),
        (b"[" * 60_000, 400),
        (b'{"token": "\\ud800", "hostname": "a"}', 422),
        (b'{"token": "x", "hostname": "a\\u0000b"}', 422),
        (b'{"token": "x", "hostname": "a", "role": "root"}', 422),
        (b'{"token": "x", "hostname": "a", "more": 1}', 422),
        (b" " * 65_537, 413),
    ],
)
def test_a_hostile_body_is_refused_as_a_problem(client: TestClient, content: bytes, status: int) -> None:
    answer = client.post("/api/v1/enrol", content=content, headers={"Content-Type": "application/json"})

    assert_problem(answer, status)


def test_a_body_of_unknown_length_is_bounded_too(client: TestClient) -> None:
    assert_problem(client.post("/api/v1/enrol", content=iter([b"x" * 40_000] * 2)), 413)


def test_a_body_that_was_cut_off_reaches_no_route() -> None:
    reached: list[Scope] = []
    arriving: list[Message] = [
        {"type": "http.request", "body": b"1", "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def route(scope: Scope, _receive: Receive, _send: Send) -> None:
        reached.append(scope)

    async def receive() -> Message:
        return arriving.pop(0)

    async def send(_message: Message) -> None:
        """Nobody listens any more."""

    scope = {"type": "http", "method": "PUT", "path": "/", "query_string": b"", "headers": [(b"content-length", b"2")]}
    asyncio.run(Guard(route, loopback_only=False)(scope, receive, send))

    assert reached == []
