"""Fill an empty registry: all units of the country, the home province and its office hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Engine, func, select

from machxa_collector.registry.records import Value
from machxa_collector.registry.records.whole import unit_record
from machxa_collector.registry.units import bundled_units
from machxa_collector.store import preferences
from machxa_collector.store.records import Act, apply
from machxa_collector.store.tables import calendars, units

_BEGUN = date(2025, 7, 1)  # the first day of today's provinces and communes
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
_SESSIONS = ("07:30-11:30", "13:30-17:00")
_SOURCE = "giờ hành chính phổ biến; chưa nhập văn bản của tỉnh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeded:
    """Say what was written: rows of units and of the province's calendar, 0 for what was there already.

    home_before is the province that the centre served until now, None when there was none.
    """

    units: int
    calendar: int
    home_before: str | None


def seed(store: Engine, province: str, actor: str, now_ms: int) -> Seeded:
    """Write what an empty registry lacks, in one transaction; what is there already is left as people made it."""
    home_before = preferences.home(store)
    act = Act(actor=actor, at_ms=now_ms, action="init", note=f"machxa init --province {province}")
    with store.begin() as connection:
        preferences.set_home(connection, province)  # the first write: from here on no other start seeds
        written = 0
        if _is_empty(connection):
            written = apply(connection, "units", act, [unit_record(unit) for unit in bundled_units()]).created
        hours = 0
        if not _has_hours(connection, province):
            hours = apply(connection, "calendars", act, [_office_hours(province)]).created
    return Seeded(units=written, calendar=hours, home_before=home_before)


def _office_hours(province: str) -> dict[str, Value]:
    return {
        "owner": province,
        "rule": "week",
        "valid_from": _BEGUN,
        "weekdays": _WEEKDAYS,
        "sessions": _SESSIONS,
        "name": "Giờ hành chính",
        "source": _SOURCE,
        "confidence": "likely",
    }


def _is_empty(connection: Connection) -> bool:
    return connection.execute(select(func.count()).select_from(units)).scalar_one() == 0


def _has_hours(connection: Connection, province: str) -> bool:
    rows = select(calendars.c.id).where(calendars.c.owner == province, calendars.c.rule == "week")
    return connection.execute(rows.limit(1)).first() is not None
