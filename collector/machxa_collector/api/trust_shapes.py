"""Say what answers about secrets and the audit trail look like, for the OpenAPI document."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from machxa_collector.api.shapes import Cursor, Moment, Span


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Secret(_Shape):
    """Hold what may be told of a secret."""

    name: str
    changed_at: Moment | None
    changed_by: str


class Secrets(_Shape):
    """Hold the names of secrets."""

    secrets: list[Secret]


class AuditEntry(_Shape):
    """Hold one act: who, what, when, from where, how it ended. digest chains it to the entries before."""

    seq: int
    at: Moment | None
    actor: str
    origin: str
    action: str
    subject: str
    result: Literal["done", "refused", "failed"]
    detail: dict[str, str | int | bool | None]
    digest: Annotated[str, Field(description="SHA-256, hex")]


class AuditPage(_Shape):
    """Hold entries of the audit trail, newest first."""

    entries: list[AuditEntry]
    next: Cursor


class PolicyShape(_Shape):
    """Hold what a policy allows: hosts, checks, bounds of settings (seconds) and of what agents cost, ends included."""

    version: int
    hosts: list[str]
    checks: list[str]
    sample_seconds: Span
    batch_seconds: Span
    cpu_seconds_per_hour: Span
    memory_mb: Span
    mb_per_day: Span
    next_key: str | None


class RolloutShape(_Shape):
    """Hold one rollout. previous is what agents outside the ring have, null for their own default."""

    kind: Literal["settings", "policy"]
    version: int
    previous: int | None
    percent: int
    state: Literal["running", "paused", "stopped", "done", "superseded"]
    began_at: Moment | None
    stage_at: Moment | None
    reason: str


class Rollouts(_Shape):
    """Hold rollouts, newest first."""

    rollouts: list[RolloutShape]
