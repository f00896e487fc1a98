"""Say what answers about availability look like."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from machxa_collector.api.answers import MOST_PER_PAGE
from machxa_collector.api.shapes import Cursor, Moment
from machxa_collector.availability import Hours
from machxa_collector.incidents.served import By


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ReportQuery(BaseModel):
    """Say what a report is of. from and to are days, both included; this month unless told."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)
    by: By = By.SYSTEM
    since: Annotated[date | None, Field(alias="from")] = None
    until: Annotated[date | None, Field(alias="to")] = None
    hours: Hours = Hours.ACTUAL
    unit: Annotated[str | None, Field(max_length=10)] = None
    province: Annotated[str | None, Field(max_length=2)] = None


class ListQuery(ReportQuery):
    """Say which rows of a report."""

    cursor: Annotated[str, Field(max_length=200)] = ""
    limit: Annotated[int, Field(ge=1, le=MOST_PER_PAGE)] = 100


class InputsQuery(ReportQuery):
    """Say whose figure."""

    subject: Annotated[str, Field(max_length=200)]


class ShareShape(_Shape):
    """Hold service time by what it was, in seconds; the parts but maintenance_seconds sum to service_seconds.

    maintenance_seconds was announced to be without service, and is no part of service_seconds. available_ratio (0 to 1)
    is of the known time, null where nothing is known; known_ratio is of the service time, null without any.
    """

    service_seconds: int
    maintenance_seconds: int
    up_seconds: int
    degraded_seconds: int
    down_seconds: int
    unknown_seconds: int
    off_seconds: int
    outages: int
    longest_seconds: int
    available_ratio: float | None
    known_ratio: float | None


class AvailabilityRow(ShareShape):
    """Hold one subject: a system, a provider (by name), a unit or a device; units is at how many it is counted."""

    id: str
    name: str
    unit: str | None
    units: int


class AvailabilityShape(_Shape):
    """Hold a report; left_out counts incidents of the period beyond the bound that the figures lack."""

    by: Literal["system", "provider", "unit", "device"]
    first: date
    last: date
    hours: Literal["W_off", "W_act", "all"]
    left_out: int
    rows: list[AvailabilityRow]
    next: Cursor


class DayShape(_Shape):
    """Hold one day of a figure."""

    day: date
    available_ratio: float | None
    known_ratio: float | None


class CountedShape(_Shape):
    """Say how an incident counts at one unit: "down", "degraded", "unknown" (it could not be told) or "up"."""

    unit: str
    incident: str
    cause: str
    state: str
    started_at: Moment
    ended_at: Moment
    counts: str


class PlannedShape(_Shape):
    """Hold an announced time without service."""

    unit: str
    starts_at: Moment
    ends_at: Moment


class InputsShape(AvailabilityRow):
    """Hold what one figure is made of. For a device only its days: nobody's comings and goings are told.

    Of a long list the first thousand are given.
    """

    days: list[DayShape]
    incidents: list[CountedShape]
    planned: list[PlannedShape]
