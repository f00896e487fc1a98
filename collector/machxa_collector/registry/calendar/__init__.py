"""Know when each office works: sessions, lunch, days off, make-up days, declared sessions; measure working time."""

from machxa_collector.registry.calendar.calendars import Calendars, Clock, UnknownUnit
from machxa_collector.registry.calendar.doubts import Doubt, Nation, Question
from machxa_collector.registry.calendar.moments import FIRST_YEAR, LAST_YEAR, LOCAL, OutsideCalendar
from machxa_collector.registry.calendar.national import read_nation, vietnam
from machxa_collector.registry.calendar.plan import DayKind, DayPlan
from machxa_collector.registry.calendar.rows import (
    BadCalendar,
    ClosedHours,
    Confidence,
    DayOff,
    ExtraHours,
    Hours,
    Layer,
    MakeUpDay,
    Session,
    Source,
    WeekHours,
)
from machxa_collector.registry.calendar.sharing import UnitRows

__all__ = [
    "FIRST_YEAR",
    "LAST_YEAR",
    "LOCAL",
    "BadCalendar",
    "Calendars",
    "Clock",
    "ClosedHours",
    "Confidence",
    "DayKind",
    "DayOff",
    "DayPlan",
    "Doubt",
    "ExtraHours",
    "Hours",
    "Layer",
    "MakeUpDay",
    "Nation",
    "OutsideCalendar",
    "Question",
    "Session",
    "Source",
    "UnitRows",
    "UnknownUnit",
    "WeekHours",
    "read_nation",
    "vietnam",
]
