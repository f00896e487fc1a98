"""Judge the records of a kind together: units as one table, the calendar rows of one owner as one layer. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import pairwise

from machxa_collector.registry.calendar.rows import (
    BadCalendar,
    ClosedHours,
    DayOff,
    ExtraHours,
    Layer,
    MakeUpDay,
    Row,
    WeekHours,
)
from machxa_collector.registry.records.checks import calendar_row
from machxa_collector.registry.records.fields import Record, Told, Value
from machxa_collector.registry.units import BadUnits, Centroid, Kind, Unit, UnitType


def unit_of(record: Record) -> Unit:
    """Return a unit record as one row of a unit's history."""
    latitude, longitude = record["latitude"], record["longitude"]
    located = isinstance(latitude, float) and isinstance(longitude, float)
    return Unit(
        code=str(record["code"]),
        kind=Kind(record["kind"]),
        type=None if record["type"] is None else UnitType(record["type"]),
        name=str(record["name"]),
        parent=None if record["parent"] is None else str(record["parent"]),
        valid_from=_day(record["valid_from"]),
        valid_to=_day(record["valid_to"]),
        centroid=Centroid(latitude=latitude, longitude=longitude) if located else None,  # type: ignore[arg-type] # both are floats
        old_names=_texts(record["old_names"]),
        old_places=_texts(record["old_places"]),
        source=str(record["source"]),
    )


def unit_record(unit: Unit) -> dict[str, Value]:
    """Return one row of a unit's history as a record."""
    return {
        "code": unit.code,
        "kind": unit.kind.value,
        "type": None if unit.type is None else unit.type.value,
        "name": unit.name,
        "parent": unit.parent,
        "valid_from": unit.valid_from,
        "valid_to": unit.valid_to,
        "latitude": None if unit.centroid is None else unit.centroid.latitude,
        "longitude": None if unit.centroid is None else unit.centroid.longitude,
        "old_names": unit.old_names,
        "old_places": unit.old_places,
        "source": unit.source,
    }


def in_order(units: Iterable[Unit]) -> tuple[Unit, ...]:
    """Return units by province, code and time; raises BadUnits when two rows of one code hold on one day."""
    ordered = sorted(
        units, key=lambda unit: (unit.parent or unit.code, unit.parent or "", unit.code, unit.valid_from or date.min)
    )
    for one, other in pairwise(ordered):
        if one.code != other.code:
            continue
        if one.valid_to is None or other.valid_from is None or one.valid_to > other.valid_from:
            raise BadUnits(f"unit {one.code} has two rows on {other.valid_from or one.valid_from or 'the first day'}")
    return tuple(ordered)


def layer_of(rows: Iterable[Row]) -> Layer:
    """Return the calendar rows of one owner as a layer; raises BadCalendar when two decide the same day."""
    by_type: Mapping[type, list[Row]] = {WeekHours: [], DayOff: [], MakeUpDay: [], ClosedHours: [], ExtraHours: []}
    for row in rows:
        by_type[type(row)].append(row)
    return Layer(
        week=tuple(row for row in by_type[WeekHours] if isinstance(row, WeekHours)),
        off=tuple(row for row in by_type[DayOff] if isinstance(row, DayOff)),
        make_up=tuple(row for row in by_type[MakeUpDay] if isinstance(row, MakeUpDay)),
        closed=tuple(row for row in by_type[ClosedHours] if isinstance(row, ClosedHours)),
        extra=tuple(row for row in by_type[ExtraHours] if isinstance(row, ExtraHours)),
    )


def first_unfit(records: Iterable[tuple[str, Record]]) -> tuple[str, Told] | None:
    """Return the id of the first calendar record that does not go with those before it, and why; None: all go."""
    listed = tuple(records)
    try:
        layer_of(calendar_row(record) for _, record in listed)
    except BadCalendar:
        rows: list[Row] = []
        for record_id, record in listed:
            try:
                rows.append(calendar_row(record))
                layer_of(rows)
            except BadCalendar as exc:
                return record_id, Told(vi=exc.vi or str(exc), en=str(exc))
    return None


def _day(value: Value) -> date | None:
    return value if isinstance(value, date) else None


def _texts(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()
