"""Hold what the pages of notices read, in the shapes of /api/v1/notifications and /api/v1/channels."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Hold one notice as it was told; subject and text by language; channel None: on the pages alone."""

    id: int
    at: datetime
    kind: str
    severity: str
    subject: dict[str, str]
    text: dict[str, str]
    incidents: tuple[str, ...]
    channel: str | None
    state: str
    error: str | None
    read_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Hold one page of one's own notices."""

    notices: tuple[Notice, ...]
    unread: int
    waiting: int
    next_digest_at: datetime
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """Hold how somebody wishes to be told; quiet None: never quiet."""

    language: str
    least: str
    least_digest: str
    quiet: tuple[str, str] | None
    urgent_passes: bool
    digest: tuple[str, ...]
    budget: int
    tell_ended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Name a channel that a person may choose."""

    id: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wished:
    """Hold one's own wishes, and what there is to choose."""

    wishes: Wishes
    channel: str | None
    has_address: bool
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules(Wishes):
    """Hold what a channel itself is told."""

    scope: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """Hold what may be told of a channel."""

    id: str
    kind: str
    shown: str
    rules: Rules | None
    enabled: bool
    changed_at: datetime | None
    changed_by: str
    state: str
    failing_since: datetime | None
    delivered_at: datetime | None
    error: str | None
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Channels:
    """Hold all channels."""

    channels: tuple[Channel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """Say whether a test was taken, and why not."""

    ok: bool
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Say what became of a report's period; sent None: there is no message yet."""

    period: str
    due_at: datetime
    state: str
    tries: int
    made_at: datetime | None
    documents: int
    sent: str | None
    sent_at: datetime | None
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Hold who gets which report, when it goes next, and what became of it last."""

    id: int
    recipient_name: str
    is_own: bool
    kind: str
    every: str
    unit: str
    unit_name: str
    at: str
    attach: bool
    paused: bool
    next_at: datetime
    newest: Run | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedules:
    """Hold reports that come by themselves."""

    schedules: tuple[Schedule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """Hold what became of a report's newest periods."""

    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """Name a file as it would be sent; size_bytes None: too many to be attached."""

    name: str
    size_bytes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Show a message as it would go now; channel None: on the pages alone."""

    subject: str
    text: str
    channel: str | None
    attached: bool
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Hold one rung of the escalation."""

    after_minutes: int
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """Hold the ladder."""

    least: str
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Hold what holds for all."""

    base_url: str = ""
    escalation: Escalation = field(default_factory=lambda: Escalation(least="P2"))
