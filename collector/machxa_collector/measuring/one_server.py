"""Serve the pages without a socket: one request after another, each with what it took of time, processor and store."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import APIRouter
from prometheus_client import CollectorRegistry
from sqlalchemy import Engine, event
from starlette.types import ASGIApp, Message, Scope

from machxa_collector.api.app import create_app, prepare
from machxa_collector.api.deps import BrokerAddress, Certifier, Deps
from machxa_collector.duty.keeper import Keeper
from machxa_collector.pages import pages
from machxa_collector.registry.sealing import Keyring

_LOOKS = ("FROM changes", "FROM preferences")  # the registry's own look for news, once a second whoever asks


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """Hold an answer: sent_bytes is the body as it travels, cpu_ms of this whole process, queries of the store."""

    status: int
    headers: Mapping[str, str]
    sent_bytes: int
    wall_ms: float
    cpu_ms: float
    queries: int


def deps_of(store: Engine, now_ms: Callable[[], int]) -> Deps:
    """Return the neighbours of an API over a store; the duty desk keeps one board, since its clock stands still."""
    deps = Deps(
        store=store,
        registry=CollectorRegistry(),
        now_ms=now_ms,
        new_key=lambda: b"k" * 32,
        readiness=dict,
        broker=BrokerAddress("127.0.0.1", 1883),
        loopback_open=True,
        publish_settings=lambda _settings, _agent: None,
        certifier=Certifier(b"", "", lambda _request, _agent: b"", lambda: None),
        seals=Keyring((b"s" * 32,)),
        hide=lambda _text: None,
    )
    object.__setattr__(deps, "duty", Keeper(deps.facts, now_ms, monotonic=lambda: 0.0))
    return deps


def app_of(deps: Deps, routers: Sequence[APIRouter] | None = None) -> ASGIApp:
    """Return the application with its pages, or with those of some routers, as it is when it starts."""
    return prepare(create_app(deps, pages(deps) if routers is None else routers))


async def ask(app: ASGIApp, store: Engine, address: str, headers: Mapping[str, str] | None = None) -> Answered:
    """Ask for a page as a browser on this computer does."""
    parts = urlsplit(address)
    given = {"host": "127.0.0.1:8470", "accept": "text/html", "accept-encoding": "gzip", **(headers or {})}
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": parts.path,
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", 8470),
    }
    told: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        told.append(message)

    with counted(store) as queries:
        wall, cpu = time.perf_counter(), time.process_time()
        await app(scope, receive, send)
        cpu_ms, wall_ms = (time.process_time() - cpu) * 1000, (time.perf_counter() - wall) * 1000
    begun = next(one for one in told if one["type"] == "http.response.start")
    return Answered(
        status=begun["status"],
        headers={name.decode().lower(): value.decode() for name, value in begun["headers"]},
        sent_bytes=sum(len(one.get("body", b"")) for one in told),
        wall_ms=wall_ms,
        cpu_ms=cpu_ms,
        queries=len(queries),
    )


@contextmanager
def counted(store: Engine) -> Iterator[list[str]]:
    """Note every question that the store is asked, but for the registry's look for news."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not any(look in statement for look in _LOOKS):
            asked.append(statement)

    event.listen(store, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(store, "before_cursor_execute", note)
