"""Give the page of a week the days of a unit, and which units of a province work otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby

from fastapi import Request

from machxa_collector.api.access import principal_of, request_territory
from machxa_collector.api.calendar_views import calendar_days
from machxa_collector.api.deps import Deps
from machxa_collector.api.record_texts import NotThere
from machxa_collector.registry.calendar import FIRST_YEAR, LAST_YEAR
from machxa_collector.registry.people import Permission
from machxa_collector.registry.units import Kind, Unit, Units
from machxa_collector.registry.units.collation import sort_key
from machxa_web.admin.desk import Trouble

MOST_OTHERS = 200
_WEEK = 7


class StoreCalendars:
    """Answer machxa_web's CalendarDesk from the registry; calendars are everybody's, as the API gives them."""

    def __init__(self, request: Request) -> None:
        self._deps: Deps = request.app.state.deps
        self._who = principal_of(request)
        self._territory = request_territory(request)

    def week(self, unit: str, day: date) -> object | None:
        """Return the week that holds a day."""
        if not FIRST_YEAR < day.year < LAST_YEAR:
            raise Trouble(422, f"lịch có từ năm {FIRST_YEAR} đến {LAST_YEAR}", "no calendar reaches this week")
        monday = day - timedelta(days=day.weekday())
        sunday = monday + timedelta(days=_WEEK - 1)
        code = unit or self._own()
        if not code:
            return None
        try:
            view = calendar_days(self._deps.live, code, monday, sunday)
        except NotThere as exc:
            raise Trouble(404, "không có đơn vị này: ghi mã tỉnh hoặc mã xã", "there is no such unit") from exc
        before, after = monday - timedelta(days=_WEEK), monday + timedelta(days=_WEEK)
        units = self._deps.live.current().units
        named = _named(units, code, monday)
        is_province = named is not None and named.kind is Kind.PROVINCE
        others = list(self._others(units, code, (monday, sunday), view)) if is_province else []
        return {
            "unit": code,
            "name": code if named is None else named.full_name,
            "is_province": is_province,
            "days": view["days"],
            "hours": _hours(view, "actual"),
            "official_hours": _hours(view, "official"),
            "doubts": [text for text, _ in groupby(str(one["text"]) for one in _rows(view, "doubts"))],
            "others": others[:MOST_OTHERS],
            "more": max(0, len(others) - MOST_OTHERS),
            "before": before if before.year > FIRST_YEAR else None,
            "after": after if after.year < LAST_YEAR else None,
            "may_change": self._who.may(Permission.UNITS_WRITE),
        }

    def _own(self) -> str:
        """Return the unit that who asks means without saying: their only one, else the centre's province."""
        units = self._territory.units
        if units is not None and len(units) == 1:
            return next(iter(units))
        return self._deps.live.current().home or ""

    def _others(
        self, units: Units, province: str, span: tuple[date, date], view: Mapping[str, object]
    ) -> Iterator[dict[str, object]]:
        usual = {str(one["day"]): one["actual"] for one in _rows(view, "days")}
        for unit in sorted(units.children(province, span[0]), key=lambda one: sort_key(one.name)):
            if self._territory.units is not None and unit.code not in self._territory.units:
                continue
            own = calendar_days(self._deps.live, unit.code, *span)
            days = [
                (one["day"], one["actual"]) for one in _rows(own, "days") if one["actual"] != usual[str(one["day"])]
            ]
            if days:
                yield {"code": unit.code, "name": unit.full_name, "days": days}


def calendars_of(request: Request) -> StoreCalendars:
    """Return the desk of who asks."""
    return StoreCalendars(request)


def _named(units: Units, code: str, day: date) -> Unit | None:
    rows = units.history(code)
    return units.unit(code, day) or (rows[-1] if rows else None)


def _rows(view: Mapping[str, object], name: str) -> Sequence[Mapping[str, object]]:
    rows = view[name]
    return rows if isinstance(rows, list) else []


def _hours(view: Mapping[str, object], which: str) -> float:
    """Return the hours of a week's sessions, which are written "07:30-11:30"."""
    minutes = 0
    for day in _rows(view, "days"):
        sessions = day[which]
        for session in sessions if isinstance(sessions, list) else ():
            start, _, end = str(session).partition("-")
            minutes += _minute(end) - _minute(start)
    return minutes / 60


def _minute(clock: str) -> int:
    hour, _, minute = clock.partition(":")
    return 60 * int(hour) + int(minute)
