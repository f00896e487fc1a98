"""Count dossiers by unit, group and day in the store: what sources told, and what their rows come to."""

from __future__ import annotations

from datetime import date

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Engine,
    RowMapping,
    Select,
    case,
    func,
    literal_column,
    select,
)

from machxa_collector.impact.counts import DayCount
from machxa_collector.impact.dossiers import Counted, day_counts
from machxa_collector.impact.sessions import CLOSES, NOON, Part, Received
from machxa_collector.impact.words import Group
from machxa_collector.store.dossiers.words import DAY_MS, LOCAL_MS, Kind, State, day, midnight_ms, number_of
from machxa_collector.store.tables import dossier_counts, dossier_imports, dossier_sources, dossiers

ENDED = func.coalesce(dossiers.c.released_at, dossiers.c.finished_at)
# written out: PostgreSQL takes an expression with values apart for another one where it groups by it
_LOCAL, _A_DAY = literal_column(str(LOCAL_MS), BigInteger()), literal_column(str(DAY_MS), BigInteger())
_DAY = (dossiers.c.received_at + _LOCAL) // _A_DAY
_DAY_ENDED = (ENDED + _LOCAL) // _A_DAY
_WHOLE_DAYS = (
    select(dossier_imports.c.pk, dossier_sources.c.id, dossier_imports.c.first_day, dossier_imports.c.last_day)
    .join(dossier_sources, dossier_sources.c.pk == dossier_imports.c.source)
    .where(
        dossier_imports.c.state == State.DONE.value,
        dossier_imports.c.kind == Kind.ROWS.value,
        dossier_imports.c.first_day.is_not(None),
        dossier_imports.c.last_day.is_not(None),
    )
)
_UNITS = select(dossiers.c.import_pk, dossiers.c.unit).distinct()  # replaced rows too: they say of whom a file told


_HOUR_MS = 3_600_000
_OPENS, _NOON = 7 * _HOUR_MS, NOON.hour * _HOUR_MS
_CLOSES = CLOSES.hour * _HOUR_MS + CLOSES.minute * 60_000
_Key = tuple[str, str, str, int]  # source, unit, group, day


def counted_days(connection: Connection, first: date, last: date) -> tuple[DayCount, ...]:
    """Return the counts of days from first to last, of all units and over all sources, no dossier twice."""
    spans = {
        pk: (source, (max(day(since), first), min(day(until), last)))
        for pk, source, since, until in connection.execute(_WHOLE_DAYS)
        if day(since) <= last and day(until) >= first
    }
    whole = [
        (spans[pk][0], unit, spans[pk][1]) for pk, unit in (connection.execute(_UNITS) if spans else ()) if pk in spans
    ]
    start, end = midnight_ms(first), midnight_ms(last) + DAY_MS
    told = connection.execute(_told_by_day(number_of(first), number_of(last))).mappings().all()
    made = {_key(row): row for row in connection.execute(_made_by_day(start, end)).mappings()}
    done = {_key(row): row["released"] for row in connection.execute(_done_by_day(start, end)).mappings()}
    of_rows = [
        _counted(key, made[key]["received"], made[key]["online"], done.get(key, 0))
        if key in made
        else _counted(key, 0, 0, done[key])
        for key in {**made, **done}
    ]
    told_counts = [_counted(_key(row), row["received"], row["online"], row["released"]) for row in told]
    return day_counts(told_counts, of_rows, whole)


def received_by_part(engine: Engine, unit: str, first: date, last: date) -> Received:
    """Return how many dossiers a unit received by group, in mornings, afternoons and outside both.

    A dossier received at midnight sharp is one of which only the day is known, and counts nowhere.
    """
    since = (dossiers.c.received_at + LOCAL_MS) % DAY_MS
    part = case(
        (since.between(_OPENS, _NOON - 1), Part.MORNING.value),
        (since.between(_NOON, _CLOSES - 1), Part.AFTERNOON.value),
        else_=Part.OUTSIDE.value,
    )
    told = (
        select(dossiers.c.grp, part.label("part"))
        .where(dossiers.c.replaced_by.is_(None), dossiers.c.unit == unit, since != 0)
        .where(dossiers.c.received_at.between(midnight_ms(first), midnight_ms(last) + DAY_MS - 1))
        .subquery()
    )
    query = select(told.c.grp, told.c.part, func.count()).group_by(told.c.grp, told.c.part)
    with engine.connect() as connection:
        return {(Group(group), Part(named)): count for group, named, count in connection.execute(query)}


def _key(row: RowMapping) -> _Key:
    return row["id"], row["unit"], row["grp"], row["day"]


def _counted(key: _Key, received: int, online: int | None, finished: int | None) -> Counted:
    source, unit, group, number = key
    count = DayCount(
        unit=unit,
        group=Group(group),
        day=day(number),
        received=received,
        online=None if online is None else min(online, received),
        finished=finished,
    )
    return Counted(source=source, count=count)


def _told_by_day(first: int, last: int) -> Select[tuple[object, ...]]:
    told = dossier_counts.c
    key = (dossier_sources.c.id, told.unit, told.grp, told.day)
    return (
        select(
            *key,
            func.sum(told.received).label("received"),
            _whole_sum(told.online).label("online"),
            _whole_sum(told.released).label("released"),
        )
        .join(dossier_sources, dossier_sources.c.pk == told.source)
        .where(told.replaced_by.is_(None), told.day.between(first, last))
        .group_by(*key)
    )


def _whole_sum(column: ColumnElement[int]) -> ColumnElement[int | None]:
    """Return a sum that is not known when a part is not."""
    return case((func.count(column) == func.count(), func.sum(column)))


def _made_by_day(start_ms: int, end_ms: int) -> Select[tuple[object, ...]]:
    key = (dossier_sources.c.id, dossiers.c.unit, dossiers.c.grp, _DAY.label("day"))
    online = case((func.count(dossiers.c.online) == func.count(), func.count(case((dossiers.c.online, 1)))))
    return (
        select(*key, func.count().label("received"), online.label("online"))
        .join(dossier_sources, dossier_sources.c.pk == dossiers.c.source)
        .where(dossiers.c.replaced_by.is_(None), dossiers.c.received_at.between(start_ms, end_ms - 1))
        .group_by(*key)
    )


def _done_by_day(start_ms: int, end_ms: int) -> Select[tuple[object, ...]]:
    key = (dossier_sources.c.id, dossiers.c.unit, dossiers.c.grp, _DAY_ENDED.label("day"))
    return (
        select(*key, func.count().label("released"))
        .join(dossier_sources, dossier_sources.c.pk == dossiers.c.source)
        .where(dossiers.c.replaced_by.is_(None), ENDED.between(start_ms, end_ms - 1))
        .group_by(*key)
    )
