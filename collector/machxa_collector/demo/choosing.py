"""Turn what was asked for into a plan: the newest working day, the communes, the moment."""

from __future__ import annotations

import argparse
from datetime import date, datetime, time, timedelta

from machxa_collector.demo.plan import HERE, Plan
from machxa_collector.drill.fleet import communes
from machxa_collector.failure import CannotRunError
from machxa_collector.registry.calendar import Calendars, UnitRows, vietnam

_MOST_BACK = 20
_WEEKEND = 5


def plan_of(options: argparse.Namespace, now: datetime) -> Plan:
    """Return the plan; raises CannotRunError with the reason."""
    known = communes().get(options.province)
    if known is None:
        raise CannotRunError(f"không có tỉnh mã {options.province!r}", f"there is no province {options.province!r}")
    if options.communes > len(known):
        raise CannotRunError(
            f"tỉnh {options.province} có {len(known)} xã, phường",
            f"province {options.province} has {len(known)} communes",
        )
    day = _working_day(now.astimezone(HERE).date()) if options.day is None else _day(options.day)
    return Plan(
        province=options.province,
        communes=known[: options.communes],
        day=day,
        days=options.days,
        at=datetime.combine(day, _time(options.at), HERE),
        speed=options.speed,
    )


def _working_day(today: date) -> date:
    """Return today or the newest day before it on which offices work."""
    unit = "unit"
    calendars = Calendars(vietnam(), {}, {unit: UnitRows(province=unit)})
    for back in range(_MOST_BACK):
        day = today - timedelta(days=back)
        if day.weekday() < _WEEKEND and calendars.plan(unit, day).kind.value in ("office", "make_up_day"):
            return day
    return today


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as exc:
        raise CannotRunError(f"--day {text!r}, cần dạng 2026-03-10", f"--day {text!r}, expected 2026-03-10") from exc


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError as exc:
        raise CannotRunError(f"--at {text!r}, cần dạng 07:20", f"--at {text!r}, expected 07:20") from exc
