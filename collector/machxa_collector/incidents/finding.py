"""Say what a rule finds now, and what it finds well again: the values between rules and the book."""

from __future__ import annotations

from dataclasses import dataclass, field

from machxa_collector.incidents.incident import Evidence, Why
from machxa_collector.incidents.words import Cause, Layer

Key = tuple[str, ...]  # what an incident is about; the same key is the same incident


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Give one thing that is wrong; since: when it became true, milliseconds since 1970 UTC.

    hold_ms: how long it is only shown, None for the usual hold-down. blip_ms: what ends sooner leaves no incident.
    children: how much stands below it. learning: too few sites for a vote.
    """

    key: Key
    cause: Cause
    layer: Layer
    subject: str
    state: str
    units: tuple[str, ...]
    since: int
    confidence: float = 0.8
    witnesses: int = 1
    evidence: tuple[Evidence, ...] = ()
    why: tuple[Why, ...] = ()
    children: int = 0
    hold_ms: int | None = None
    blip_ms: int = 0
    learning: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Clear:
    """Say since when what a key stands for is well again."""

    key: Key
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Hold what one scope's rules found: bad, well since a known moment, and which keys cannot be told now."""

    bad: tuple[Finding, ...] = ()
    well: tuple[Clear, ...] = ()
    held: frozenset[Key] = field(default_factory=frozenset)
