"""Say what answers about units and calendars look like, for the OpenAPI document; a test holds every answer to it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from machxa_collector.api.shapes import Cursor


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class UnitProvince(_Shape):
    """Name a province."""

    code: str
    name: str


class CentroidShape(_Shape):
    """Locate the middle of a unit, WGS 84."""

    latitude: float
    longitude: float


class UnitShape(_Shape):
    """Hold a unit as it was from valid_from to the day before valid_to; null: always, or until further notice.

    matched is the old name by which it was found, null for its own.
    """

    code: str
    kind: Literal["province", "commune", "centre"]
    type: str | None
    name: str
    full_name: str
    province: UnitProvince | None
    centroid: CentroidShape | None
    valid_from: date | None
    valid_to: date | None
    old_names: list[str]
    source: str
    matched: str | None


class UnitPage(_Shape):
    """Hold units: with a text the likeliest first, else in the order of their codes."""

    units: list[UnitShape]
    next: Cursor


class UnitDetail(_Shape):
    """Hold a unit's rows, oldest first. today null: it is not in force. children: how many of each type lie in it."""

    code: str
    today: UnitShape | None
    history: list[UnitShape]
    children: dict[str, int]


class DoubtShape(_Shape):
    """Say what is not sure of the days from one to another, both included."""

    valid_from: Annotated[date, Field(alias="from")]
    valid_to: Annotated[date, Field(alias="to")]
    text: str
    confidence: Literal["confirmed", "likely", "open"]
    reference: str | None


class RuleShape(_Shape):
    """Name a row that decided a day, with its source."""

    name: str | None
    source: str
    confidence: Literal["confirmed", "likely", "open"]


class DayShape(_Shape):
    """Hold one day: official sessions count for W_off, actual ones (with those declared) for W_act."""

    day: date
    kind: Literal["office", "rest", "holiday", "make_up_day"]
    official: list[str]
    actual: list[str]
    rows: list[RuleShape]


class CalendarShape(_Shape):
    """Hold a unit's days, and what is not sure about them."""

    unit: str
    days: list[DayShape]
    doubts: list[DoubtShape]


class WorkingTime(_Shape):
    """Hold the working time between two moments, in seconds."""

    unit: str
    start: Annotated[str, Field(alias="from")]
    end: Annotated[str, Field(alias="to")]
    clock: Literal["W_off", "W_act"]
    seconds: float
    doubts: list[DoubtShape]
