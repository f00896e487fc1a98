"""Read the dossiers and counts that hold now, for whoever reckons with them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import ColumnElement, Engine, RowMapping, Select, and_, case, func, or_, select

from machxa_collector.impact.counts import DayCount
from machxa_collector.impact.dossiers import DossierCount, DossierRow, SourceAge, Status
from machxa_collector.impact.words import Group
from machxa_collector.store.dossiers.daily import ENDED, counted_days
from machxa_collector.store.dossiers.words import (
    State,
    day,
    moment,
    moment_or_none,
    ms_of,
    number_of,
)
from machxa_collector.store.tables import dossier_counts, dossier_imports, dossier_pulls, dossier_sources, dossiers

_NAMES_AT_ONCE = 5_000  # codes of one query; SQLite takes 32,766
_ROWS_AT_ONCE = 1_000
_STOPPED = (Status.STOPPED.value, Status.RELEASED.value, Status.FINISHED.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Hold moments from start on and before end; None: without such a bound."""

    start: datetime | None = None
    end: datetime | None = None


class Dossiers(Protocol):
    """Answer what is known of dossiers; units None: of every unit. What was undone or replaced is not seen."""

    def open_rows(self, units: Collection[str] | None = None) -> Iterator[DossierRow]:
        """Give dossiers on which work goes on, by unit and due time; those without a due time first."""

    def late_rows(self, units: Collection[str] | None, ended: Span) -> Iterator[DossierRow]:
        """Give dossiers recorded as ended after their due time (the extended one, if any), ended within a span."""

    def done_rows(self, units: Collection[str] | None, ended: Span) -> Iterator[DossierRow]:
        """Give all dossiers recorded as ended within a span, late or not: for stage times and F8."""

    def named(self, number: str) -> tuple[DossierRow, ...]:
        """Return the dossiers of a number, of one source each; sources that keep hashes are asked by the hash."""

    def counts(self, units: Collection[str] | None, first: date, last: date) -> Iterator[DossierCount]:
        """Give the counts of days from first to last that sources told themselves."""

    def day_counts(self, first: date, last: date) -> tuple[DayCount, ...]:
        """Return what flow is learnt from, of all units: counts told, and counts made of rows, none twice."""

    def ages(self) -> tuple[SourceAge, ...]:
        """Return every source with the age of its figures, by id."""

    def version(self) -> int:
        """Return a number that grows with every import taken in or undone: what was reckoned before is old then."""


class SqlDossiers:
    """Answer from the store. hashed turns a number into the hash that a source keeps, by the source's id."""

    def __init__(self, engine: Engine, hashed: NumberHash | None = None) -> None:
        """Take the store; without hashed, sources that keep hashes are not found by number."""
        self._engine, self._hashed = engine, hashed

    def open_rows(self, units: Collection[str] | None = None) -> Iterator[DossierRow]:
        """Give dossiers on which work goes on, by unit and due time; those without a due time first."""
        goes_on = or_(dossiers.c.status.is_(None), dossiers.c.status.not_in(_STOPPED))
        return self._rows(units, and_(ENDED.is_(None), goes_on), _MUST_END)

    def late_rows(self, units: Collection[str] | None, ended: Span) -> Iterator[DossierRow]:
        """Give dossiers recorded as ended after their due time (the extended one, if any), ended within a span."""
        return self._rows(units, and_(_within(ENDED, ended), _MUST_END < ENDED), ENDED)

    def done_rows(self, units: Collection[str] | None, ended: Span) -> Iterator[DossierRow]:
        """Give all dossiers recorded as ended within a span, late or not: for stage times and F8."""
        return self._rows(units, _within(ENDED, ended), ENDED)

    def named(self, number: str) -> tuple[DossierRow, ...]:
        """Return the dossiers of a number, of one source each; sources that keep hashes are asked by the hash."""
        with self._engine.connect() as connection:
            sources = connection.execute(select(dossier_sources.c.pk, dossier_sources.c.id, dossier_sources.c.salt))
            asked = [(pk, number if salt is None else self._hash(name, number)) for pk, name, salt in sources]
            found = [
                row
                for pk, key in asked
                for row in connection.execute(
                    _rows_query(and_(dossiers.c.source == pk, dossiers.c.number == key))
                ).mappings()
            ]
        return tuple(map(_row, found))

    def counts(self, units: Collection[str] | None, first: date, last: date) -> Iterator[DossierCount]:
        """Give the counts of days from first to last that sources told themselves."""
        told = dossier_counts.c
        query = (
            select(dossier_sources.c.id, *(told[name] for name in _COUNTED))
            .join(dossier_sources, dossier_sources.c.pk == told.source)
            .where(told.replaced_by.is_(None), told.day.between(number_of(first), number_of(last)))
            .order_by(told.unit, told.day, told.field)
        )
        for some in _portions(units):
            asked = query if some is None else query.where(told.unit.in_(some))
            with self._engine.connect() as connection:
                for row in connection.execution_options(yield_per=_ROWS_AT_ONCE).execute(asked).mappings():
                    yield _count(row)

    def day_counts(self, first: date, last: date) -> tuple[DayCount, ...]:
        """Return what flow is learnt from, of all units: counts told, and counts made of rows, none twice."""
        with self._engine.connect() as connection:
            return counted_days(connection, first, last)

    def ages(self) -> tuple[SourceAge, ...]:
        """Return every source with the age of its figures, by id."""
        held, pulls = dossier_imports.c, dossier_pulls.c
        query = (
            select(
                dossier_sources.c.id,
                dossier_sources.c.name,
                dossier_sources.c.province,
                func.max(held.as_of).label("as_of"),
                func.max(held.at).label("taken_in"),
                func.min(held.first_day).label("first_day"),
                func.max(held.last_day).label("last_day"),
                func.max(pulls.tried_at).label("tried_at"),
                func.max(pulls.good_at).label("good_at"),
                func.max(pulls.failures).label("failures"),
            )
            .select_from(dossier_sources)
            .outerjoin(dossier_imports, (held.source == dossier_sources.c.pk) & (held.state == State.DONE.value))
            .outerjoin(dossier_pulls, pulls.source == dossier_sources.c.pk)
            .group_by(dossier_sources.c.id, dossier_sources.c.name, dossier_sources.c.province)
            .order_by(dossier_sources.c.id)
        )
        with self._engine.connect() as connection:
            return tuple(map(_age, connection.execute(query).mappings()))

    def version(self) -> int:
        """Return a number that grows with every import taken in or undone: what was reckoned before is old then."""
        held = dossier_imports.c
        done = func.count(case((held.state.in_((State.DONE.value, State.UNDONE.value)), 1)))
        undone = func.count(case((held.state == State.UNDONE.value, 1)))
        with self._engine.connect() as connection:
            return int(connection.execute(select(done + undone)).scalar() or 0)

    def _hash(self, source: str, number: str) -> str | None:
        return None if self._hashed is None else self._hashed(source, number)

    def _rows(
        self, units: Collection[str] | None, chosen: ColumnElement[bool], order: ColumnElement[int]
    ) -> Iterator[DossierRow]:
        for some in _portions(units):
            where = chosen if some is None else and_(dossiers.c.unit.in_(some), chosen)
            query = _rows_query(where).order_by(dossiers.c.unit, order.nulls_first(), dossiers.c.number)
            with self._engine.connect() as connection:
                for row in connection.execution_options(yield_per=_ROWS_AT_ONCE).execute(query).mappings():
                    yield _row(row)


class NumberHash(Protocol):
    """Turn a dossier's number into what a source keeps; None when nobody here can."""

    def __call__(self, source: str, number: str) -> str | None:
        """Return the hash."""


_MUST_END = func.coalesce(dossiers.c.extended_at, dossiers.c.due_at)
_COUNTED = (
    "unit", "field", "grp", "day", "received", "online", "released", "early", "on_time", "late", "open_in_time",
    "open_late", "paused", "waiting", "saturday",
)  # fmt: skip


def _rows_query(where: ColumnElement[bool]) -> Select[tuple[object, ...]]:
    return (
        select(dossier_sources.c.id, *(column for column in dossiers.c if column.name not in _NOT_SHOWN))
        .add_columns(dossier_imports.c.as_of)
        .join(dossier_sources, dossier_sources.c.pk == dossiers.c.source)
        .join(dossier_imports, dossier_imports.c.pk == dossiers.c.import_pk)
        .where(dossiers.c.replaced_by.is_(None), where)
    )


_NOT_SHOWN = ("source", "import_pk", "replaced_by")


def _within(what: ColumnElement[int], span: Span) -> ColumnElement[bool]:
    bounds: list[ColumnElement[bool]] = [what.is_not(None)]
    if span.start is not None:
        bounds.append(what >= ms_of(span.start))
    if span.end is not None:
        bounds.append(what < ms_of(span.end))
    return and_(*bounds)


def _portions(units: Collection[str] | None) -> Iterator[list[str] | None]:
    if units is None:
        yield None
        return
    codes = sorted(units)
    for start in range(0, len(codes), _NAMES_AT_ONCE):
        yield codes[start : start + _NAMES_AT_ONCE]


def _row(told: RowMapping) -> DossierRow:
    return DossierRow(
        source=told["id"],
        number=told["number"],
        unit=told["unit"],
        group=Group(told["grp"]),
        received=moment(told["received_at"]),
        due=moment_or_none(told["due_at"]),
        extended=moment_or_none(told["extended_at"]),
        released=moment_or_none(told["released_at"]),
        finished=moment_or_none(told["finished_at"]),
        done=moment_or_none(told["done_at"]),
        online=told["online"],
        status=None if told["status"] is None else Status(told["status"]),
        as_of=moment_or_none(told["as_of"]),
    )


def _count(row: RowMapping) -> DossierCount:
    told = dict(row)
    return DossierCount(source=told.pop("id"), group=Group(told.pop("grp")), day=day(told.pop("day")), **told)


def _age(row: RowMapping) -> SourceAge:
    return SourceAge(
        source=row["id"],
        name=row["name"],
        province=row["province"],
        as_of=moment_or_none(row["as_of"]),
        taken_in=moment_or_none(row["taken_in"]),
        first_day=None if row["first_day"] is None else day(row["first_day"]),
        last_day=None if row["last_day"] is None else day(row["last_day"]),
        tried=moment_or_none(row["tried_at"]),
        good=moment_or_none(row["good_at"]),
        failures=row["failures"] or 0,
    )
