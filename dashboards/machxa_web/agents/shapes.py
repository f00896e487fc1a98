"""Hold what the pages of agents read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """Hold what an agent told last of a limit: processor in ms of ten minutes, memory and what it sent in bytes."""

    limit: str
    is_throttled: bool
    at: datetime
    used: int | None = None
    cap: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """Hold an agent as the list shows it; what is None was never told. waiting: records in its outbox.

    certificate_days: whole days left, below 0 after the end. has_newest: by kind, whether what is rolled out is for it.
    """

    id: str
    name: str
    asset: str | None
    unit: str | None
    unit_name: str
    role: str
    on_duty: bool
    reasons: tuple[str, ...]
    pin: str | None
    pinned_by: str | None
    state: str
    enrolled_at: datetime
    state_since: datetime | None = None
    role_since: datetime | None = None
    duty_since: datetime | None = None
    last_seen: datetime | None = None
    revoked_at: datetime | None = None
    unsigned: bool = False
    version: str | None = None
    waiting: int | None = None
    dropped: int | None = None
    fault: str | None = None
    path: str | None = None
    streams: int = 0
    with_gaps: int = 0
    lost: int = 0
    refused: int = 0
    certificate_days: int | None = None
    certificate_until: datetime | None = None
    limits: tuple[Limit, ...] = ()
    has_newest: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Hold how the agents of a territory are doing."""

    agents: int
    on: int
    lost: int
    on_duty: int
    ending: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentPage:
    """Hold one page of agents; next is the cursor of the page after it."""

    counts: Counts
    agents: tuple[Agent, ...]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """Hold the books of one stream: spans of seq that are missing, or declared lost, ends included."""

    stream: str
    highest: int
    received: int
    declared_lost: int
    duplicates_refused: int
    missing: tuple[tuple[int, int], ...]
    declared: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentDetail:
    """Hold an agent with its books, and whether who looks may change what it does."""

    agent: Agent
    streams: tuple[Stream, ...]
    may_manage: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollout:
    """Hold one thing that is, or was, rolled out; percent: of all agents."""

    kind: str
    version: int
    percent: int
    state: str
    reason: str
    began_at: datetime
    stage_at: datetime
    previous: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Hold what the newest policy allows; version 0 is none."""

    version: int
    hosts: tuple[str, ...]
    checks: tuple[str, ...]
    sample_seconds: tuple[int, int]
    batch_seconds: tuple[int, int]
    cpu_seconds_per_hour: tuple[int, int]
    memory_mb: tuple[int, int]
    mb_per_day: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """Hold what agents are asked to do; policy None: not for who looks."""

    version: int
    sample_seconds: int
    batch_seconds: int
    rollouts: tuple[Rollout, ...]
    policy: Policy | None
    may_set: bool
    may_hold: bool
