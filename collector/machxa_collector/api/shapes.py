"""Say what answers look like, for the OpenAPI document; a test holds every answer to it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Moment = Annotated[datetime, Field(description="ISO 8601, UTC, to the millisecond")]
Cursor = Annotated[str | None, Field(description="opaque; send it back as ?cursor= for what follows, null at the end")]
Span = Annotated[list[int], Field(min_length=2, max_length=2, description="first and last number, both included")]
Value = int | float | None


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Problem(_Shape):
    """Hold an error (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str


class ReadinessCheck(_Shape):
    """Hold one reason for or against readiness."""

    ok: bool
    detail: str


class Readiness(_Shape):
    """Say whether a record went end to end within the last minute, and what was looked at."""

    ready: bool
    checks: dict[str, ReadinessCheck]


class Health(_Shape):
    """Say that the process answers."""

    ok: bool


class Broker(_Shape):
    """Say where agents reach the broker."""

    host: str
    port: int
    tls: bool


class EnrolledAgent(_Shape):
    """Hold what an agent is given, once: its id, shard (two hex digits) and MAC key (base64url, 32 bytes)."""

    agent: str
    shard: str
    key: str
    broker: Broker


class AgentName(_Shape):
    """Name the agent that watches an asset; unsigned: a script whose records carry no MAC and no number."""

    id: str
    role: str
    unsigned: bool


class PresenceShape(_Shape):
    """Hold what the broker last said of the agent, and when it became true."""

    state: Literal["on", "off", "lost", "unknown"]
    since: Moment | None


class Asset(_Shape):
    """Hold one asset. last_seen is when anything last arrived from it; age_seconds counts since then."""

    id: str
    kind: str
    name: str
    vendor: str | None
    model: str | None
    serial: str | None
    unit: Annotated[str | None, Field(description="code of the unit it stands in, null when nobody knows")]
    code: Annotated[str | None, Field(description="the asset code of its unit's books")]
    status: Literal["draft", "in_use", "spare", "broken", "repair", "missing", "rejected", "disposed"]
    location: str | None
    tags: list[str]
    agent: AgentName | None
    presence: PresenceShape
    last_seen: Moment | None
    age_seconds: int | None


class BookShape(_Shape):
    """Hold what the books say of an asset. Money is null too for who may not see costs.

    acquired_on is the day, or null where only the year is known. acquired_source "estimated" with a year and no day is
    the year of its firmware unless a person said so: the books say nothing. book_class is the usual one of its kind
    where nobody said another.
    """

    acquired_on: str | None
    acquired_year: int | None
    acquired_source: Literal["book", "estimated", "unknown"]
    cost_vnd: int | None
    cost_source: Literal["book", "estimated", "unknown"]
    book_value_vnd: int | None
    book_class: Literal["office", "special", "other_machine", "cabinet", "furniture", "software"]
    norm_row: str | None
    budget: str | None
    owner: Literal["commune", "party", "front", "police", "province", "other"] | None
    supplier: str | None
    warranty_until: str | None
    pages: int | None
    pages_on: str | None


class BookedAsset(Asset):
    """Hold one asset with what the books say of it."""

    book: BookShape


class AssetPage(_Shape):
    """Hold assets in the order of their ids."""

    assets: list[BookedAsset]
    next: Cursor


class FactSheet(_Shape):
    """Hold an inventory body in the words of the GLPI inventory JSON schema."""

    observed_at: Moment | None
    body: dict[str, object]


class Newest(_Shape):
    """Hold the newest reading of one series in the metric's own unit, null when it was not measured."""

    name: str
    labels: dict[str, str]
    value: Value
    at: Moment | None


class Watched(_Shape):
    """Hold one device that a gateway watches: asset is the other of the two, null when it is not known.

    state is ok, warning, blocked, unreachable or unknown, null before it was told, since when in since.
    """

    agent: str
    asset: str | None
    key: str
    state: str | None
    reasons: list[str]
    since: Moment | None
    observed_at: Moment | None


class AssetDetail(BookedAsset):
    """Hold one asset with its facts (null before the first) and newest readings.

    merged_from is the id asked for, where that record was merged into this one; null else. watched_by are the gateways
    that ask it for its facts, watches the devices that its own agent asks.
    """

    merged_from: str | None
    facts: FactSheet | None
    newest: list[Newest]
    watched_by: list[Watched]
    watches: list[Watched]


class SeriesPoints(_Shape):
    """Hold one series. A point is [epoch seconds, value] raw, [bucket start, min, mean, max, last, count] rolled up.

    The value is in the metric's own unit; null: the agent reported at that time, but not this series.
    Of a cumulative counter (system.cpu.time, *.io, *.operations, *.errors and the like) only last says something.
    """

    labels: dict[str, str]
    points: list[Annotated[list[Value], Field(min_length=2, max_length=6)]]


class Samples(_Shape):
    """Hold every series of one metric, from the start up to, not including, the end."""

    name: str
    step: Literal["raw", "5m", "1h"]
    series: list[SeriesPoints]


class Disk(_Shape):
    """Hold one file system: what is left, how fast it fills by the last 30 days, and when it is full at that pace.

    bytes_per_day is null when fewer than 7 days are told of, days_until_full also when it does not fill within three
    years.
    """

    device: str
    mountpoint: str
    free_bytes: float
    bytes_per_day: float | None
    days_until_full: float | None


class Disks(_Shape):
    """Hold the file systems of an asset, by mount point."""

    disks: list[Disk]


class StreamBooks(_Shape):
    """Hold the books of one stream: every number from 1 to highest was received, declared lost, or is missing."""

    stream: str
    contiguous: int
    highest: int
    received: int
    declared_lost: int
    duplicates_refused: int
    missing: list[Span]
    declared: list[Span]


class Ledger(_Shape):
    """Hold the books of an agent's streams, oldest first: the proof of delivery."""

    agent: str
    streams: list[StreamBooks]


class RefusalCount(_Shape):
    """Count what was refused for one reason."""

    reason: str
    count: int
    last_at: Moment | None


class SetAside(_Shape):
    """Hold one payload set aside, without its content."""

    at: Moment | None
    topic: str
    agent: str | None
    reason: str
    detail: str
    size: int


class Refusals(_Shape):
    """Hold what was refused, and the newest payloads set aside."""

    refusals: list[RefusalCount]
    quarantine: list[SetAside]


class EventShape(_Shape):
    """Hold one event. mark: 0 its time is trusted, 1 corrected by the centre's, 2 the agent's own word."""

    agent: str
    at: Moment | None
    mark: Literal[0, 1, 2]
    kind: Literal["event", "gap", "bye"]
    name: str
    attributes: dict[str, object]


class EventPage(_Shape):
    """Hold events, newest first."""

    events: list[EventShape]
    next: Cursor


class SettingsShape(_Shape):
    """Hold how often agents sample and send; version 0 is their own default."""

    version: int
    sample_seconds: int
    batch_seconds: int
