"""Say what the pages need to read, and turn it into typed values at this one boundary.

A ``Reader`` answers in the shapes of the public API (``/api/v1/assets`` and its siblings), so that
pages can never show what the API would not say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from machxa_web.learnt import converted


class Reader(Protocol):
    """Answer with JSON-like objects (dicts, lists, dataclasses of the same fields)."""

    def assets(self, cursor: str | None) -> object:
        """Return one page of assets as GET /api/v1/assets does; cursor None asks for the first."""
        ...

    def asset(self, asset_id: str) -> object | None:
        """Return one asset as GET /api/v1/assets/{id} does; None when there is no such asset."""
        ...

    def samples(self, asset_id: str, name: str, start: datetime, end: datetime, step: str) -> object:
        """Return the series of one metric as .../samples does; step is "raw", "5m" or "1h"."""
        ...

    def ledger(self, agent_id: str) -> object | None:
        """Return the books of one agent as GET /api/v1/agents/{id}/ledger does; None when unknown."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """Name the agent that watches an asset; unsigned: a script, whose records prove nothing of who sent them."""

    id: str
    role: str | None = None
    unsigned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """Hold what the broker last said: state is "on", "off" (said good-bye) or "lost"."""

    state: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    """Hold the newest value of one series, in the metric's own unit; None when not measured."""

    name: str
    labels: Mapping[str, str] = field(default_factory=dict)
    value: float | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactSheet:
    """Hold an inventory body in the words of the GLPI inventory JSON schema."""

    observed_at: datetime | None = None
    body: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """Hold a gateway's watching of a device: its name of it, and the state it told since when, None before any."""

    key: str
    asset: str | None = None
    state: str | None = None
    reasons: tuple[str, ...] = ()
    since: datetime | None = None
    observed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """Hold one asset; last_seen is when anything last arrived from it, None when nothing ever did."""

    id: str
    kind: str = "pc"
    name: str = ""
    vendor: str | None = None
    model: str | None = None
    serial: str | None = None
    agent: Agent | None = None
    presence: Presence | None = None
    last_seen: datetime | None = None
    facts: FactSheet | None = None
    newest: tuple[Newest, ...] = ()
    watched_by: tuple[Watched, ...] = ()
    watches: tuple[Watched, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetList:
    """Hold one page of assets; next is the cursor of the following page, None on the last."""

    assets: tuple[Asset, ...] = ()
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesPoints:
    """Hold one series. A point is (epoch seconds, value) raw, or (bucket start, min, mean, max, last, count)."""

    labels: Mapping[str, str] = field(default_factory=dict)
    points: tuple[tuple[float | None, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """Hold every series of one metric over a time."""

    series: tuple[SeriesPoints, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamBooks:
    """Hold the delivery books of one stream: ranges are (first, last), both included."""

    stream: str
    contiguous: int
    highest: int
    received: int
    declared_lost: int = 0
    duplicates_refused: int = 0
    missing: tuple[tuple[int, int], ...] = ()
    declared: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Hold the delivery books of one agent."""

    streams: tuple[StreamBooks, ...] = ()


def asset_list(reader: Reader, cursor: str | None) -> AssetList:
    """Return one page of assets."""
    return converted(reader.assets(cursor), AssetList)


def asset(reader: Reader, asset_id: str) -> Asset | None:
    """Return one asset with its facts and newest values, None when there is no such asset."""
    answer = reader.asset(asset_id)
    return None if answer is None else converted(answer, Asset)


def metric(reader: Reader, asset_id: str, name: str, start: datetime, end: datetime, step: str) -> Metric:
    """Return the series of one metric."""
    return converted(reader.samples(asset_id, name, start, end, step), Metric)


def ledger(reader: Reader, agent_id: str) -> Ledger | None:
    """Return the delivery books of one agent, None when there are none."""
    answer = reader.ledger(agent_id)
    return None if answer is None else converted(answer, Ledger)
