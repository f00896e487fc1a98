"""Put the collector together: store, intake, upkeep, web server."""

from __future__ import annotations

import errno
import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import uvicorn
from fastapi import APIRouter
from sqlalchemy import Engine

from machxa_collector import data_folder, elections, revocation, rollout, sealkey, threads, upkeep
from machxa_collector.api.app import create_app
from machxa_collector.api.deps import BrokerAddress, Certifier, Check, Deps
from machxa_collector.checks.watched import watched
from machxa_collector.effects.severity import HeldSeverity
from machxa_collector.failure import CannotRunError
from machxa_collector.heartbeat import Heartbeat
from machxa_collector.importing.dossiers import arriving as dossiers
from machxa_collector.intake.address import BrokerAddress as IntakeBroker
from machxa_collector.intake.link import IntakeLink
from machxa_collector.intake.meters import Meters, process_registry
from machxa_collector.intake.pipeline import Pipeline
from machxa_collector.intake.turn import FRESH_SECONDS, Turn
from machxa_collector.judging.driver import Judging
from machxa_collector.judging.known import follow
from machxa_collector.judging.meters import measure
from machxa_collector.notify.driver import Notifier
from machxa_collector.notify.hiding import secrets_of
from machxa_collector.notify.meters import NotifyMeters
from machxa_collector.notify.reports import Reporter
from machxa_collector.notify.ways import sending
from machxa_collector.notify.ways.carrying import Letter
from machxa_collector.notify.ways.settings import Settings
from machxa_collector.outlook import Outlook
from machxa_collector.outward import NOTHING, Allowed
from machxa_collector.registry.gates import gate_keys
from machxa_collector.registry.masking import Masker
from machxa_collector.sinks import starting as sinks
from machxa_collector.sinks.config import Sink
from machxa_collector.store import enrolment
from machxa_collector.store import secrets as stored_secrets
from machxa_collector.store.intake import SqlIntakeStore
from machxa_collector.store.sealed import seal_all
from machxa_collector.store.systems import effective
from machxa_collector.units_metrics import UnitMetrics

logger = logging.getLogger(__name__)

SPREAD_SECONDS_PER_THOUSAND, _MIN_SPREAD_SECONDS = 20, 1
_BACKLOG = 2048
_STOP_SECONDS = 2.0
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Place:
    """Say where the collector keeps its data and where its pages listen: a name, and the socket made for it.

    seal_key is the file with the keys that seal secrets, None for the data folder's own; masker keeps them out of
    the log. behind_proxy: who asks may sit anywhere, although the pages listen on loopback. now_ms: the centre's time,
    which a demonstration lets run faster; people's sessions keep this computer's. heartbeat: whom to ping.
    allowed: what of the inside channels may reach.
    """

    data: Path
    host: str
    listening: socket.socket
    seal_key: Path | None = None
    masker: Masker = field(default_factory=Masker)
    behind_proxy: bool = False
    sinks: tuple[Sink, ...] = ()
    dossiers: Path | None = None
    outlook: Outlook = field(default_factory=Outlook)
    now_ms: Callable[[], int] = data_folder.now_ms
    heartbeat: str | None = None
    allowed: Allowed = NOTHING

    def send(self, settings: Settings, letter: Letter) -> None:
        """Send a letter by a channel that leads nowhere inside but where it may."""
        sending.send(settings, letter, self.allowed)


class _Stops(Protocol):
    def stop(self) -> None:
        """Make what runs in a thread return."""


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens; raises CannotRunError with the reason."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as exc:
        raise CannotRunError(
            f"không có địa chỉ cho --host {host!r}: {exc.strerror}", f"no address for --host {host!r}: {exc.strerror}"
        ) from exc
    try:
        if os.name == "posix":  # elsewhere it would let two listen on one port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(_BACKLOG)
    except OSError as exc:
        listening.close()
        if exc.errno == errno.EADDRINUSE:
            raise CannotRunError(
                f"cổng {port} trên {host} đã có chương trình khác dùng; chọn cổng khác: --port N",
                f"port {port} on {host} is taken; another one: --port N",
            ) from exc
        raise CannotRunError(
            f"không nghe được trên {host} cổng {port}: {exc.strerror}",
            f"cannot listen on {host} port {port}: {exc.strerror}",
        ) from exc
    return listening


@contextmanager
def running(
    place: Place,
    broker: BrokerAddress,
    pages: Callable[[Deps], Sequence[APIRouter]],
    told: revocation.Told = revocation.nobody,
) -> Iterator[Engine]:
    """Run intake, upkeep and web server in threads; the context ends them. told tells the broker who is revoked."""
    now_ms = place.now_ms
    authority = data_folder.kept_authority(place.data)
    seals = sealkey.keyring(place.seal_key or data_folder.seal_key_path(place.data))
    store = data_folder.open_data(place.data, seals)
    seal_all(store)
    sealkey.hide_all(stored_secrets.values(store, seals), place.masker)
    place.masker.learn(*secrets_of(store, seals))
    registry = process_registry()
    registry.register(UnitMetrics(store))
    meters = Meters(registry)
    intake_store = SqlIntakeStore(store)
    canary_id = enrolment.canary(store, now_ms(), _new_key())
    known = {agent.id: agent for agent in intake_store.agents()}
    turn = Turn(known[canary_id], meters, now_ms)
    pipeline = Pipeline(intake_store, meters, now_ms)
    revoking = revocation.Revocation(store, authority, now_ms, refresh=pipeline.refresh, told=told)
    link = IntakeLink(
        IntakeBroker(broker.host, broker.port, broker.ca, broker.certificate, broker.key, broker.password),
        pipeline,
        instance=secrets.token_hex(8),
        spread_seconds=lambda: _spread_seconds(pipeline.admission.count()),
        turn=turn,
    )

    spreading = rollout.Rollouts(
        store, turn, lambda: [agent for agent in intake_store.agents() if agent.id != canary_id], now_ms
    )
    deps = Deps(
        store=store,
        registry=registry,
        now_ms=now_ms,
        new_key=_new_key,
        readiness=lambda: _readiness(turn),
        broker=broker,
        loopback_open=place.host in _LOOPBACK and not place.behind_proxy,
        publish_settings=lambda _settings, only: spreading.publish(only),
        certifier=Certifier(authority.authority.certificate_pem, authority.fingerprint, authority.issue, revoking.look),
        seals=seals,
        door=data_folder.now_ms,
        hide=place.masker.learn,
        judged=lambda: judging.state,
        send=place.send,
        allowed=place.allowed,
    )
    electing = elections.Elections(store, turn, lambda: deps.live.current().calendars, now_ms)
    notifier = Notifier(store, deps.live.current, seals, now_ms, NotifyMeters(registry), place.send)
    hears = place.outlook.beside(lambda: turn.connected)
    reporter = Reporter(deps.live, deps.facts, now_ms, notifier.meters)
    judging = Judging(store, deps.live, now_ms, lambda: watched(effective(store)), connected=hears)
    measure(judging, registry)
    judging.severity = HeldSeverity(deps.facts)
    judging.tell.append(notifier.hear)
    judging.undelivered = notifier.dead
    pipeline.committed = judging.committed
    board = follow(judging, turn, store, now_ms, lambda report: gate_keys(seals.keys).report(report))
    turn.on_connect = (spreading.publish, electing.publish, board.again)
    server = _server(deps, pages(deps))
    copying = sinks.made(place.sinks, store, registry, now_ms, lambda: deps.live.current().units)
    arriving = dossiers.made(place.dossiers, deps.live, seals, deps.imports, now_ms)
    beating = Heartbeat(place.heartbeat, lambda: all(one.ok for one in _readiness(turn).values()))
    place.masker.learn(*filter(None, [place.heartbeat]))
    stopped = threading.Event()
    working = [
        threads.start("intake", link.run),
        threads.start("web", lambda: server.run(sockets=[place.listening])),
        threads.start("upkeep", lambda: upkeep.run(store, now_ms, stopped)),
        threads.start("revocation", revoking.run),
        threads.start("rollouts", spreading.run),
        threads.start("elections", electing.run),
        threads.start("judging", judging.run),
        threads.start("notify", notifier.run),
        threads.start("reports", reporter.run),
        threads.start("duty desk", deps.duty.run),
        threads.start("dossiers", arriving.run),
        threads.start("outlook", place.outlook.run),
        threads.start("heartbeat", beating.run),
        *(threads.start(f"sink {one.name}", one.run) for one in copying),
    ]
    try:
        yield store
    finally:
        server.should_exit = True
        stopped.set()
        ending: list[_Stops] = [
            link, revoking, spreading, electing, judging, notifier, reporter, deps.duty, arriving, *copying
        ]  # fmt: skip
        for part in (*ending, place.outlook, beating):
            part.stop()
        deadline = time.monotonic() + _STOP_SECONDS
        for thread in working:  # one that waits for a locked store is left behind: it has told nobody what it held
            thread.join(max(0.0, deadline - time.monotonic()))
        store.dispose()


def _spread_seconds(agents: int) -> int:
    return max(_MIN_SPREAD_SECONDS, agents * SPREAD_SECONDS_PER_THOUSAND // 1000)


def _server(deps: Deps, pages: Sequence[APIRouter]) -> uvicorn.Server:
    config = uvicorn.Config(
        create_app(deps, pages),
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=1,
        limit_concurrency=256,
    )
    return uvicorn.Server(config)


def _readiness(turn: Turn) -> Mapping[str, Check]:
    age = turn.canary_age_seconds()
    told = "no canary has gone end to end yet" if age is None else f"a canary went end to end {age:.0f} s ago"
    return {
        "broker": Check(turn.connected, "connected" if turn.connected else "the broker cannot be reached"),
        "canary": Check(age is not None and age <= FRESH_SECONDS, told),
    }


def _new_key() -> bytes:
    return secrets.token_bytes(enrolment.KEY_BYTES)
