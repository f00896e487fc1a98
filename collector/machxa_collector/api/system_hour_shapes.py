"""Say what answers about the hours of work systems look like."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from machxa_collector.api.shapes import Moment

Cell = Annotated[list[int], Field(min_length=4, max_length=4)]
"""Sites that were watched in an hour; of these, how many saw the system well, slow, and hung or failing."""


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class GroupBy(Enum):
    """Say by what the sites are grouped."""

    PROVIDER = "provider"
    PROVINCE = "province"
    UNIT = "unit"


class SystemIncidentShape(_Shape):
    """Hold an incident of a system in a few words."""

    id: str
    cause: str
    state: str
    severity: str
    confidence: float
    started_at: Moment
    ended_at: Moment | None


class SystemHoursShape(_Shape):
    """Hold one system's hours, the oldest first."""

    id: str
    vi: str
    en: str
    owner: Literal["province", "national"]
    cells: list[Cell]
    incidents: list[SystemIncidentShape]


class HoursShape(_Shape):
    """Hold the hours of all systems that agents check; first is when the first hour begins."""

    at: Moment
    first: Moment
    hours: int
    systems: list[SystemHoursShape]


class SiteGroupShape(_Shape):
    """Hold one group of sites; id "" are those of which it is not known. results are those of all hours shown."""

    id: str
    name: str
    sites: int
    cells: list[Cell]
    results: int
    slow: int
    failed: int


class OneSystemHoursShape(SystemHoursShape):
    """Hold one system's hours with the numbers of results that each was made from: in all, slow, not well."""

    at: Moment
    first: Moment
    hours: int
    numbers: list[Annotated[list[int], Field(min_length=3, max_length=3)]]
    by: Literal["provider", "province", "unit"]
    groups: list[SiteGroupShape]
    next: str | None
