"""Say what the API needs of the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from prometheus_client import CollectorRegistry
from sqlalchemy import Engine

from machxa_collector.duty.keeper import Keeper
from machxa_collector.effects.facts import Facts
from machxa_collector.importing.running import Running
from machxa_collector.judging.state import State
from machxa_collector.notify.delivery import Send
from machxa_collector.notify.ways import sending
from machxa_collector.outward import NOTHING, Allowed
from machxa_collector.purchasing.kept import Plans
from machxa_collector.registry.sealing import Keyring
from machxa_collector.store.dossiers import SqlDossiers
from machxa_collector.store.dossiers.sources import Hashes
from machxa_collector.store.registry import LiveRegistry
from machxa_collector.strips.keeper import Strips
from machxa_wire.records import Settings


@dataclass(frozen=True, slots=True)
class Check:
    """Hold one reason for or against readiness."""

    ok: bool
    detail: str


@dataclass(frozen=True, slots=True)
class BrokerAddress:
    """Say where agents reach the broker, and the PEM files with which the collector connects when tls is on.

    told_host and told_port are what agents are given, where that differs from how the collector reaches it.
    told_paths are ways to it by name, host and port, the preferred one first.
    password is a file that holds the collector's, None where the broker asks for none.
    """

    host: str
    port: int
    tls: bool = False
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    told_host: str | None = None
    told_port: int | None = None
    told_paths: tuple[tuple[str, str, int], ...] = ()
    password: Path | None = None


@dataclass(frozen=True, slots=True)
class Certifier:
    """Hold the authority as the API needs it: certificate (PEM), how it signs, and what a revocation sets off."""

    certificate: bytes
    fingerprint: str
    issue: Callable[[bytes, str], bytes]
    revoked: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Deps:
    """Hold the API's neighbours.

    publish_settings tells settings to one agent (its id), or to all. seals seal secrets for the store.
    hide keeps a secret value out of the log from now on.
    loopback_open: reading needs no sign-in, because only this computer can ask (the server listens on
    loopback and hears loopback names only). live keeps the store's units and calendars at hand, facts what the
    impact model learnt, plans what was planned last, duty what
    the duty desk shows, strips how checks of systems went in a week.
    imports holds which files are being taken in. send hands a test of a channel over. door is the clock by which
    sessions and tokens end and guesses are slowed down, where it is not now_ms: a demonstration's day passes faster
    than people do.
    """

    store: Engine
    registry: CollectorRegistry
    now_ms: Callable[[], int]
    new_key: Callable[[], bytes]
    readiness: Callable[[], Mapping[str, Check]]
    broker: BrokerAddress
    loopback_open: bool
    publish_settings: Callable[[Settings, str | None], None]
    certifier: Certifier
    seals: Keyring
    hide: Callable[[str], None]
    live: LiveRegistry = field(init=False)
    facts: Facts = field(init=False)
    plans: Plans = field(init=False)
    duty: Keeper = field(init=False)
    strips: Strips = field(init=False)
    imports: Running = field(default_factory=Running)
    judged: Callable[[], State] = State
    send: Send = sending.send
    allowed: Allowed = NOTHING
    door: Callable[[], int] | None = None

    def __post_init__(self) -> None:
        """Keep one live registry for all who ask."""
        object.__setattr__(self, "live", LiveRegistry(self.store))
        object.__setattr__(self, "strips", Strips(self.live))
        object.__setattr__(self, "plans", Plans(self.live, self.now_ms))
        dossiers = SqlDossiers(self.store, Hashes(self.store, self.seals))
        object.__setattr__(self, "facts", Facts(self.live, self.now_ms, dossiers))
        object.__setattr__(self, "duty", Keeper(self.facts, self.now_ms))

    def door_ms(self) -> int:
        """Return the time by which sessions and tokens end."""
        return (self.door or self.now_ms)()
