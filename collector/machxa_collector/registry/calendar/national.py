"""Read the days off, make-up days and common hours of the whole country from the two reviewed files of this folder.

``package_days.csv`` is what the package ``holidays`` knows, written by a script and reviewed like code;
``vietnam.toml`` is what it misses or cannot know yet.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from importlib import resources

import msgspec

from machxa_collector.registry.calendar.doubts import Nation, Question
from machxa_collector.registry.calendar.hours import read_hours
from machxa_collector.registry.calendar.rows import (
    BadCalendar,
    Confidence,
    DayOff,
    Layer,
    MakeUpDay,
    Source,
    WeekHours,
    days,
)
from machxa_collector.registry.learnt import learnt

_FOLDER = "machxa_collector.registry.calendar"
_WEEKDAYS = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}


class _Dated(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, rename={"valid_from": "from", "valid_to": "to"}):
    valid_from: date


class _Week(_Dated, kw_only=True):
    valid_to: date | None = None
    weekdays: list[str]
    sessions: list[str]
    source: str
    confidence: Confidence


class _Off(_Dated, kw_only=True):
    valid_to: date
    name: str
    source: str
    confidence: Confidence


class _Question(_Dated, kw_only=True):
    valid_to: date
    text: str


class _Worked(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    day: date
    like: str
    name: str
    source: str
    confidence: Confidence


@learnt
class _Table(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    package: str
    reviewed: list[int]
    week: list[_Week]
    off: list[_Off] = []
    worked: list[_Worked] = []
    question: list[_Question] = []


def vietnam() -> Nation:
    """Return the calendar of Vietnam as shipped."""
    folder = resources.files(_FOLDER)
    return read_nation(
        folder.joinpath("vietnam.toml").read_text("utf-8"), folder.joinpath("package_days.csv").read_text("utf-8")
    )


def read_nation(table_toml: str, package_csv: str) -> Nation:
    """Return the country's rows; a day of the table replaces the package's.

    Package days of a year not listed as reviewed are only likely. Raises BadCalendar for what it cannot use.
    """
    try:
        table = msgspec.convert(tomllib.loads(table_toml), _Table)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as refused:
        raise BadCalendar(f"the table of the country's days is not as expected: {refused}") from refused
    off = [
        DayOff(valid_from=row.valid_from, valid_to=row.valid_to, name=row.name, source=_source(row))
        for row in table.off
    ]
    worked = [
        MakeUpDay(day=row.day, weekday=_weekday(row.like), name=row.name, source=_source(row)) for row in table.worked
    ]
    taken = {day for row in off for day in days(row.valid_from, row.valid_to)} | {row.day for row in worked}
    for row in _package_days(package_csv, table):
        if isinstance(row, DayOff) and row.valid_from not in taken:
            off.append(row)
        if isinstance(row, MakeUpDay) and row.day not in taken:
            worked.append(row)
    layer = Layer(week=tuple(map(_week, table.week)), off=tuple(off), make_up=tuple(worked))
    questions = (Question(valid_from=q.valid_from, valid_to=q.valid_to, text=q.text) for q in table.question)
    return Nation(layer=layer, questions=tuple(questions))


def _package_days(package_csv: str, table: _Table) -> Iterable[DayOff | MakeUpDay]:
    for row in csv.DictReader(package_csv.splitlines()):
        try:
            yield _package_day(row, table)
        except (KeyError, ValueError) as wrong:
            raise BadCalendar(f"a row of the package's days is {row!r}, expected date, like, name") from wrong


def _package_day(row: Mapping[str, str], table: _Table) -> DayOff | MakeUpDay:
    day, like, name = date.fromisoformat(row["date"]), row["like"], row["name"]
    confidence = Confidence.CONFIRMED if day.year in table.reviewed else Confidence.LIKELY
    source = Source(reference=table.package, confidence=confidence)
    if like:
        return MakeUpDay(day=day, weekday=_weekday(like), name=name, source=source)
    return DayOff(valid_from=day, valid_to=day, name=name, source=source)


def _week(row: _Week) -> WeekHours:
    return WeekHours(
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        weekdays=frozenset(map(_weekday, row.weekdays)),
        sessions=read_hours(row.sessions),
        source=_source(row),
    )


def _source(row: _Week | _Off | _Worked) -> Source:
    return Source(reference=row.source, confidence=row.confidence)


def _weekday(name: str) -> int:
    if name not in _WEEKDAYS:
        raise BadCalendar(f"a weekday is written {name!r}, expected one of {', '.join(_WEEKDAYS)}")
    return _WEEKDAYS[name]
