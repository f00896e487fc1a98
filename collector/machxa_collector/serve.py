"""Put the collector together: store, intake, upkeep, web server."""

from __future__ import annotations

import errno
import logging
import os
import secrets
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import uvicorn
from fastapi import APIRouter
from sqlalchemy import Engine

from machxa_collector import data_folder, leading, membership, memory, revocation, sealkey, threads
from machxa_collector.api.app import create_app, prepare
from machxa_collector.api.deps import BrokerAddress, Certifier, Check, Deps
from machxa_collector.duty.grading import Grading
from machxa_collector.failure import CannotRunError
from machxa_collector.intake.address import BrokerAddress as IntakeBroker
from machxa_collector.intake.link import IntakeLink
from machxa_collector.intake.meters import Meters, process_registry
from machxa_collector.intake.pipeline import Pipeline
from machxa_collector.intake.rows import KnownAgent
from machxa_collector.intake.shares import Part, Share, Whole
from machxa_collector.intake.turn import FRESH_SECONDS, Turn
from machxa_collector.judging.meters import measure
from machxa_collector.membership_metrics import measure as measure_member
from machxa_collector.notify.hiding import secrets_of
from machxa_collector.notify.ways import sending
from machxa_collector.notify.ways.carrying import Letter
from machxa_collector.notify.ways.settings import Settings
from machxa_collector.outlook import Outlook
from machxa_collector.outward import NOTHING, Allowed
from machxa_collector.registry.masking import Masker
from machxa_collector.sinks.config import Sink
from machxa_collector.store import enrolment
from machxa_collector.store import members as stored_members
from machxa_collector.store import secrets as stored_secrets
from machxa_collector.store.intake import SqlIntakeStore
from machxa_collector.store.sealed import seal_all
from machxa_collector.store.turns import SharedIntakeStore
from machxa_collector.units_metrics import UnitMetrics
from machxa_wire.topics import Address

logger = logging.getLogger(__name__)

SPREAD_SECONDS_PER_THOUSAND, _MIN_SPREAD_SECONDS = 20, 1
_BACKLOG = 2048
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Place:
    """Say where the collector keeps its data and where its pages listen: a name, and the socket made for it.

    seal_key is the file with the keys that seal secrets, None for the data folder's own; masker keeps them out of
    the log. behind_proxy: who asks may sit anywhere, although the pages listen on loopback. now_ms: the centre's time,
    which a demonstration lets run faster; people's sessions keep this computer's. heartbeat: whom to ping.
    allowed: what of the inside channels may reach.
    member: our place among several collectors on one PostgreSQL, None for one alone.
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
    member: membership.Membership | None = None
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
    member = place.member
    if member is None:
        stored_members.end_all(store)
    else:
        member.join(store, membership.keys_of(authority.fingerprint, seals))
        measure_member(member, registry)
    intake_store = SqlIntakeStore(store) if member is None else SharedIntakeStore(store)
    canary_id = enrolment.canary(store, now_ms(), _new_key(), None if member is None else member.name)
    canary = next(agent for agent in intake_store.agents() if agent.id == canary_id)
    turn = Turn(canary, meters, now_ms)
    pipeline = Pipeline(intake_store, meters, now_ms)
    revoking = revocation.Revocation(store, authority, now_ms, refresh=pipeline.refresh, told=told)
    link = IntakeLink(
        IntakeBroker(broker.host, broker.port, broker.ca, broker.certificate, broker.key, broker.password),
        pipeline,
        share=_share(member, canary, intake_store, pipeline),
        spread_seconds=lambda: _spread_seconds(pipeline.admission.count()),
        turn=turn,
    )
    spreading = leading.rollouts(store, turn, now_ms)  # tells who was let in a moment ago, whoever leads
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
        judged=lambda: lead.judged(),  # noqa: PLW0108 - it is made of us
        send=place.send,
        allowed=place.allowed,
    )
    place.masker.learn(*filter(None, [place.heartbeat]))
    lead = leading.Leading(
        leading.Office(
            deps=deps, turn=turn, outlook=place.outlook, registry=registry, sinks=place.sinks,
            dossiers=place.dossiers, heartbeat=place.heartbeat, is_shared=member is not None,
        )
    )  # fmt: skip
    measure(lead.judged, registry)
    grading, server = Grading(deps.facts, deps.duty.take_grades), _server(deps, pages(deps))
    if member is None:
        pipeline.committed = lead.committed
        lead.begin()
    working = [
        threads.start("intake", link.run),
        threads.start("web", lambda: server.run(sockets=[place.listening])),
        threads.start("revocation", revoking.run),
        threads.start("duty desk", lambda: deps.duty.run(memory.settle)),
        threads.start("grades", grading.run),
        threads.start("outlook", place.outlook.run),
        *([] if member is None else [threads.start("member", lambda: member.run(lead.follow))]),
    ]
    try:
        yield store
    finally:
        server.should_exit = True
        ending: list[_Stops] = [link, revoking, lead, deps.duty, grading, place.outlook, *filter(None, [member])]
        for part in ending:
            part.stop()
        deadline = time.monotonic() + leading.STOP_SECONDS * (1 if member is None else 2)  # then it leaves the others
        for thread in working:  # one that waits for a locked store is left behind: it has told nobody what it held
            thread.join(max(0.0, deadline - time.monotonic()))
        lead.end(deadline)
        store.dispose()


def _share(
    member: membership.Membership | None, canary: KnownAgent, store: SqlIntakeStore, pipeline: Pipeline
) -> Share:
    """Return what our intake takes: everything, or as a member what the others do not."""
    if member is None or not isinstance(store, SharedIntakeStore):
        return Whole(secrets.token_hex(8))

    def begin(epoch: int) -> None:
        store.epoch = epoch
        pipeline.begin_anew()

    own = Address(canary.id, canary.shard).up
    return Part(member.holding, own, begin, others_live=member.others_live, look=member.look)


def _spread_seconds(agents: int) -> int:
    return max(_MIN_SPREAD_SECONDS, agents * SPREAD_SECONDS_PER_THOUSAND // 1000)


def _server(deps: Deps, pages: Sequence[APIRouter]) -> uvicorn.Server:
    config = uvicorn.Config(
        prepare(create_app(deps, pages)),
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
