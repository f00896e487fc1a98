"""Give the API's tests an application over a real SQLite store, on loopback and elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient
from prometheus_client import CollectorRegistry, Counter
from sqlalchemy import Engine

from machxa_collector.api.app import create_app
from machxa_collector.api.deps import BrokerAddress, Certifier, Check, Deps
from machxa_collector.notify.ways import sending
from machxa_collector.outward import Allowed
from machxa_collector.registry import certificates
from machxa_collector.registry.sealing import Keyring
from machxa_collector.registry.tokens import Purpose
from machxa_collector.store import access
from machxa_wire.records import Settings
from tests.collector.builders import MIDNIGHT
from tests.collector.notify.servers import HERE

AUTHORITY = certificates.new_authority("Mach Xa", datetime(2024, 10, 4, tzinfo=UTC))


@dataclass(slots=True)
class Centre:
    """Hold what the application's neighbours say, and what they were told."""

    store: Engine
    now_ms: int = MIDNIGHT
    checks: dict[str, Check] = field(default_factory=lambda: {"canary": Check(ok=True, detail="3 s ago")})
    published: list[tuple[Settings, str | None]] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    broker: BrokerAddress = field(default_factory=lambda: BrokerAddress("127.0.0.1", 1883))
    revocations: list[int] = field(default_factory=list)
    allowed: Allowed = HERE

    def deps(self, *, loopback_open: bool) -> Deps:
        """Return the neighbours as the application takes them."""
        registry = CollectorRegistry()
        Counter("machxa_records_accepted", "records", registry=registry).inc(7)
        return Deps(
            store=self.store,
            registry=registry,
            now_ms=lambda: self.now_ms,
            new_key=lambda: b"\xff" * 32,
            readiness=lambda: self.checks,
            broker=self.broker,
            loopback_open=loopback_open,
            publish_settings=lambda settings, agent: self.published.append((settings, agent)),
            certifier=self.certifier(),
            seals=Keyring((b"s" * 32,)),
            hide=self.hidden.append,
            send=lambda settings, letter: sending.send(settings, letter, self.allowed),
            allowed=self.allowed,
        )

    def certifier(self) -> Certifier:
        """Return an authority as the application takes it, one for all tests: making keys takes time."""

        def issue(request: bytes, agent: str) -> bytes:
            return certificates.issue_client(AUTHORITY, request, agent, datetime.fromtimestamp(self.now_ms / 1000, UTC))

        fingerprint = certificates.fingerprint(AUTHORITY.certificate_pem)
        return Certifier(AUTHORITY.certificate_pem, fingerprint, issue, lambda: self.revocations.append(self.now_ms))

    def token(self, purpose: Purpose, *, uses: int | None = None) -> str:
        """Return a new token that lives an hour."""
        return access.add_token(self.store, purpose, self.now_ms, lives_ms=3_600_000, uses=uses)


@pytest.fixture
def centre(store: Engine) -> Centre:
    return Centre(store)


@pytest.fixture
def client(centre: Centre) -> Iterator[TestClient]:
    """Return a caller on this computer, nobody signed in."""
    app = create_app(centre.deps(loopback_open=True))
    with TestClient(app, base_url="http://127.0.0.1:8470", follow_redirects=False) as caller:
        yield caller


@pytest.fixture
def outside(centre: Centre) -> Iterator[TestClient]:
    """Return a caller of a server that listens beyond loopback, nobody signed in."""
    app = create_app(centre.deps(loopback_open=False))
    with TestClient(app, base_url="https://may-chu.xa.example", follow_redirects=False) as caller:
        yield caller
