"""Say what answers and requests about reports that come by themselves look like."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from machxa_collector.api.notify_shapes import Clock
from machxa_collector.api.shapes import Moment

ReportKind = Literal["brief", "monthly", "fair", "recorded"]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class RunShape(_Shape):
    """Say what became of a period: 2026-W48 or 2026-11.

    state: made, waiting (tried again) or failed. sent: the message's own state, null before there is one. error: in a
    fixed word (not_allowed, no_units, no_unit, defect) or why the message did not go.
    """

    period: str
    due_at: Moment
    state: Literal["made", "waiting", "failed"]
    tries: int
    made_at: Moment | None
    documents: int
    sent: Literal["waiting", "sent", "failed", "shown"] | None
    sent_at: Moment | None
    error: str | None


class ScheduleShape(_Shape):
    """Hold who gets which report: at a time of the first working day after each week or month.

    unit may be a province's code: its brief, or the monthly report of each of its watched units.
    """

    id: int
    recipient: str
    recipient_name: str
    is_own: bool
    kind: ReportKind
    every: Literal["week", "month"]
    unit: str
    unit_name: str
    at: Clock
    attach: bool
    paused: bool
    made_at: Moment
    made_by: str
    next_at: Moment
    newest: RunShape | None


class ScheduleList(_Shape):
    """Hold one's own schedules, or everyone's."""

    schedules: list[ScheduleShape]


class RunList(_Shape):
    """Hold what became of a schedule's newest periods."""

    runs: list[RunShape]


class ScheduleRequest(BaseModel):
    """Ask for a report to come by itself; recipient null: to oneself, else person/LOGIN or channel/ID."""

    model_config = ConfigDict(extra="forbid", strict=True)
    kind: ReportKind
    unit: Annotated[str, StringConstraints(min_length=2, max_length=10)]
    at: Clock = "07:30"
    attach: bool = True
    recipient: Annotated[str, StringConstraints(max_length=80)] | None = None


class PausedRequest(BaseModel):
    """Hold a schedule, or let it go on."""

    model_config = ConfigDict(extra="forbid", strict=True)
    paused: bool


class FileShape(_Shape):
    """Name a file as it would be sent; size_bytes null: too many to be attached."""

    name: str
    size_bytes: int | None


class PreviewShape(_Shape):
    """Show the message as it would go now, about the newest period that is over; nothing is kept or sent.

    channel null: it would be shown on the pages alone.
    """

    subject: str
    text: str
    channel: str | None
    attached: bool
    files: list[FileShape]
