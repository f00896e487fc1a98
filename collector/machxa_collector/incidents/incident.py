"""Describe an incident and what is told of it: plain values with ids that stay the same over restarts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from machxa_collector.impact.severity import Severity
from machxa_collector.incidents.words import Cause, Hush, Layer, Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Give one witness: what kind of sign, from whom (a unit, agent, asset or system), when it was true."""

    kind: str
    source: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Give one sentence of the reason as a code of the catalogue of texts and its figures."""

    code: str
    figures: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Describe an incident as it is known now. Times are milliseconds since 1970 UTC.

    subject is a unit, asset, system or provider, "centre" for ourselves. state is one of a few words beside the cause
    ("dark", "down", "hang", "error", "slow", "intermittent", "degraded", "lost", "blocked", ...). started_at: when it
    became true; noticed_at: when it was first shown; ended_at None: open. severity: the worst so far; confidence 0..1.
    witnesses counts sites or devices that agree, evidence lists some of them. children counts what stands below it and
    is not told apart. first_cause: what was thought first, None unless revised. merged_into: the incident that explains
    this one. unstable: it comes and goes. learning: too few sites for a vote. spells: how often it came.
    """

    id: str
    cause: Cause
    layer: Layer
    subject: str
    state: str
    units: tuple[str, ...]
    started_at: int
    noticed_at: int
    ended_at: int | None
    severity: Severity
    confidence: float
    witnesses: int
    evidence: tuple[Evidence, ...]
    children: int
    first_cause: Cause | None
    reports: int
    suppressed_by: Hush | None
    why: tuple[Why, ...]
    merged_into: str | None = None
    unstable: bool = False
    learning: bool = False
    spells: int = 1

    @property
    def revised(self) -> bool:
        """Tell whether the cause is another than was thought first."""
        return self.first_cause is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Tell once that an incident opened, has another cause, or ended; at is when it was due."""

    at: int
    incident: str
    told: Told
    severity: Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect:
    """Tell what was set aside: the rule and its subject, the error, how often and when last."""

    rule: str
    subject: str
    error: str
    count: int
    at: int
