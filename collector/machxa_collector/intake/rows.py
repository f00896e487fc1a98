"""Say what one commit of the intake writes, and what it needs of a store."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from machxa_collector.intake.clock import BootClock
from machxa_collector.intake.ledger import StreamLedger
from machxa_wire.records import Presence

CANARY_ROLE = "canary"  # of the collector's own agent


class StoreUnavailableError(Exception):
    """Say that the store cannot commit now (full, locked, gone): wait and offer the same batch again."""


@dataclass(frozen=True, slots=True)
class KnownAgent:
    """Hold what the intake needs of an enrolled agent."""

    pk: int
    id: str
    shard: str
    key: bytes
    unsigned: bool


class ReportRow(NamedTuple):
    """Hold a samples record as it travelled; times in ms since 1970 UTC, shift in ms added to the agent's clock."""

    stream_pk: int
    seq: int
    agent_pk: int
    received_at: int
    time: int
    last_time: int
    mark: int
    shift_ms: int
    payload: bytes


class EventRow(NamedTuple):
    """Hold an event, gap or bye; attributes are JSON text."""

    stream_pk: int
    seq: int
    agent_pk: int
    received_at: int
    at: int
    mark: int
    kind: str
    name: str
    attributes: str


class FactsRow(NamedTuple):
    """Hold an inventory body as JSON text, and its digest."""

    stream_pk: int
    seq: int
    agent_pk: int
    received_at: int
    observed_at: int
    digest: str
    body: str


class DeviceRow(NamedTuple):
    """Hold the facts of a device that an agent watches, as JSON text."""

    agent_pk: int
    key: str
    observed_at: int
    body: str


class HeardRow(NamedTuple):
    """Hold what is no sample as it travelled, a record or an agent's presence: it can be judged again."""

    received_at: int
    agent_pk: int
    is_presence: bool
    payload: bytes


class QuarantineRow(NamedTuple):
    """Hold a refused payload, cut to 4096 bytes, with the reason."""

    at: int
    topic: str
    agent: str | None
    reason: str
    detail: str
    size: int
    payload: bytes


@dataclass(slots=True)
class OpenStream:
    """Pair a stream's row with its books."""

    pk: int
    agent_pk: int
    ledger: StreamLedger
    first_at: int


@dataclass(slots=True)
class Rows:
    """Gather what one commit writes; all of it or nothing.

    presence maps an agent to what it told, byes to the time (ms) at which it
    said good-bye and its boot.
    """

    at: int
    reports: list[ReportRow] = field(default_factory=list)
    events: list[EventRow] = field(default_factory=list)
    facts: list[FactsRow] = field(default_factory=list)
    devices: list[DeviceRow] = field(default_factory=list)
    heard: list[HeardRow] = field(default_factory=list)
    hellos: dict[int, bytes] = field(default_factory=dict)
    clocks: dict[tuple[int, str], BootClock] = field(default_factory=dict)
    presence: dict[int, Presence] = field(default_factory=dict)
    byes: dict[int, tuple[int, str]] = field(default_factory=dict)
    streams: dict[int, OpenStream] = field(default_factory=dict)
    refusals: dict[str, int] = field(default_factory=dict)
    quarantine: list[QuarantineRow] = field(default_factory=list)


class IntakeStore(Protocol):
    """Keep what the intake commits."""

    def agents(self) -> tuple[KnownAgent, ...]:
        """Return every enrolled agent that is not revoked."""

    def named(self, ids: Collection[str]) -> tuple[KnownAgent, ...]:
        """Return those of some agents (their ids) that are enrolled and not revoked."""

    def open_stream(self, agent_pk: int, stream: str, now_ms: int) -> OpenStream:
        """Return a stream with its books as committed, made when it is new.

        Raises Refused when the agent has as many as it may.
        """

    def boot_clock(self, agent_pk: int, boot: str) -> BootClock | None:
        """Return what is known of a boot's clocks, None when no hello came in it."""

    def recent_facts(self, agent_pk: int) -> tuple[str, ...]:
        """Return the few newest bodies of an agent's facts as JSON text, newest first."""

    def commit(self, rows: Rows) -> None:
        """Write all rows durably in one transaction; raises StoreUnavailableError when it cannot now."""
