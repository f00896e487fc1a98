"""Read a file whole: judge each row, hold the good ones, write down what is wrong with the others."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path
from typing import IO

from machxa_collector.importing.dossiers import tree
from machxa_collector.importing.dossiers.fields import KINDS
from machxa_collector.importing.dossiers.given import BOUNDS
from machxa_collector.importing.dossiers.judging import BadRow, LeftOut, Noticed, Place, RowJudge, needs
from machxa_collector.importing.dossiers.mapping import DossierMapping
from machxa_collector.importing.dossiers.private import (
    LOOKED_AT,
    Found,
    Personal,
    find_personal,
    named_personal,
    refusal,
)
from machxa_collector.registry.calendar import LOCAL
from machxa_collector.registry.records import Told
from machxa_collector.registry.sheets import Column, Layout, Problem, Row, find_layout
from machxa_collector.registry.sheets.rows import is_blank
from machxa_collector.sheets.guard import guard
from machxa_collector.sheets.table import Bounds, Table, open_table
from machxa_collector.sheets.write import SEPARATOR
from machxa_collector.store.dossiers.staging import Staging, staged
from machxa_collector.store.dossiers.words import DAY_MS, LOCAL_MS, Kind, day_of_ms

MOST_PROBLEMS = 200
MOST_ERRORS = 100_000  # lines of the file of errors
MOST_SAMPLE = 20
_MOST_TWICE = 1_000
_TELL_EVERY = 2_000
_PERSONAL_SHARE = 0.2
_ERRORS_IN_MEMORY = 1024 * 1024
_WORK_ENDS = 16  # o'clock: a file that knows of later moments knows the whole day
_TITLES = ("Dòng (row)", "Cột (column)", "Lý do", "Reason")

Progress = Callable[[int], None]  # rows read


def _untold(_rows: int) -> None:
    return


@dataclass(slots=True, kw_only=True)
class Loaded:
    """Hold a file that was read: what it is, how many rows can be used, what is wrong with the rest, what was noticed.

    as_of: the newest moment that its rows tell, ms since 1970 UTC, None when they tell none. first_day, last_day: days
    of which it has all that came in, None where nobody can say. staging holds the good rows, errors the file of errors.
    """

    form: str
    sheet: str | None
    sheets: tuple[str, ...]
    layout: Layout
    missing: tuple[str, ...]
    staging: Staging
    errors: IO[bytes]
    noticed: Noticed
    rows: int = 0
    bad: int = 0
    left_out: int = 0
    problems: list[Problem] = field(default_factory=list)
    sample: list[Row] = field(default_factory=list)
    as_of: int | None = None
    first_day: int | None = None
    last_day: int | None = None

    @property
    def good(self) -> int:
        """Return how many rows can be used."""
        return self.rows - self.bad


@contextmanager
def loaded(
    content: bytes | Path, mapping: DossierMapping, place: Place, told: Progress = _untold, most: Bounds = BOUNDS
) -> Iterator[Loaded]:
    """Read a file; raises BadFile for one that cannot be read, or that has a person's data. Nothing is stored."""
    kind = KINDS[mapping.kind]
    opening = tree.open_tree(content) if tree.is_tree(content) else open_table(content, kind, mapping.sheet, most)
    with (
        opening as table,
        staged(mapping.kind) as staging,
        tempfile.SpooledTemporaryFile(_ERRORS_IN_MEMORY) as errors,
    ):
        layout = find_layout(kind, table.first, mapping.columns)
        begin = list(islice(table.rows, LOOKED_AT))
        below = [row for row in begin if row.number > layout.heading_row]
        today = datetime.fromtimestamp(place.now_ms / 1000, UTC).date()
        if found := find_personal(layout.columns, below, today):
            raise refusal(found)
        judge = RowJudge(mapping, layout, place)
        made = Loaded(
            form=table.form.value if isinstance(table, Table) else "json",
            sheet=table.sheet,
            sheets=table.sheets,
            layout=layout,
            missing=needs(mapping, layout),
            staging=staging,
            errors=errors,
            noticed=judge.noticed,
        )
        if not made.missing:
            _read(made, chain(begin, table.rows), judge, told)
            _settle(made, mapping.kind, place.now_ms)
        else:
            made.sample = below[:MOST_SAMPLE]
        yield made


def _read(made: Loaded, rows: Iterator[Row], judge: RowJudge, told: Progress) -> None:
    written = _errors_of(made.errors)
    personal = [one for one in made.layout.columns if named_personal(one.heading) is not None]
    for row in rows:
        if row.number <= made.layout.heading_row:
            continue
        try:
            values = judge.judge(row)
        except LeftOut:
            made.left_out += 1
            continue
        except BadRow as exc:
            made.bad += 1
            _note(made, written, exc.problems)
        else:
            made.staging.add(row.number, values)
        made.rows += 1
        if personal:
            _stay_empty(personal, row)
        if len(made.sample) < MOST_SAMPLE:
            made.sample.append(row)
        if made.rows % _TELL_EVERY == 0:
            told(made.rows)
    told(made.rows)


def _stay_empty(columns: list[Column], row: Row) -> None:
    """Raise BadFile when something stands in a column of a person's data that was empty so far."""
    for column in columns:
        if column.place < len(row.cells) and not is_blank(row.cells[column.place]):
            personal = named_personal(column.heading) or Personal.NAME
            raise refusal([Found(heading=column.heading, personal=personal, by_heading=True)])


def _settle(made: Loaded, kind: Kind, now_ms: int) -> None:
    numbers, most = made.noticed.personal_numbers, _PERSONAL_SHARE * max(made.rows, 1)
    if numbers and numbers >= most:
        heading = next((one.heading for one in made.layout.columns if one.field == "number"), "")
        raise refusal([Found(heading=heading, personal=Personal.ID_NUMBER, by_heading=False)])
    made.staging.settle()
    written = _errors_of(made.errors)
    for later, first in made.staging.twice(_MOST_TWICE):
        made.bad += 1
        told = Told(vi=f"đã có ở dòng {first} với nội dung khác", en=f"row {first} has the same key with other values")
        _note(made, written, (Problem(row=later, column="", field=None, told=told),))
    if kind is Kind.COUNTS:
        _days(made, now_ms)
    else:
        _age(made, now_ms)


def _days(made: Loaded, now_ms: int) -> None:
    """Find the days that counts tell; until the end of the last one they know, and no later than now."""
    first, last, _ = made.staging.span("day", ())
    if first is not None and last is not None:
        made.first_day, made.last_day = first, last
        made.as_of = min((last + 1) * DAY_MS - LOCAL_MS - 1, now_ms)


def _age(made: Loaded, now_ms: int) -> None:
    """Find until when the rows know anything, and the days of which all that came is here.

    A day alone means its end, and today's is still to come: nothing is known later than now. A list in
    which no dossier has ended is one of open dossiers: of no day does it tell all that came.
    """
    first, last, ended = made.staging.span("received_at", ("released_at", "finished_at", "done_at"))
    if first is None or last is None:
        return
    made.as_of = min(max(last, ended or last), now_ms)
    if ended is not None:
        hour = datetime.fromtimestamp(made.as_of / 1000, LOCAL).hour
        begin, end = day_of_ms(first), day_of_ms(made.as_of) - (hour < _WORK_ENDS)
        if begin <= end:  # else it holds no day whole
            made.first_day, made.last_day = begin, end


def _errors_of(file: IO[bytes]) -> Callable[[Problem], None]:
    """Return what writes a problem into the file of errors, of which the last line may be an "and so on"."""
    count = 0
    if file.tell() == 0:
        file.write("\ufeff".encode() + _line(_TITLES))

    def write(problem: Problem) -> None:
        nonlocal count
        count += 1
        if count <= MOST_ERRORS:
            file.write(_line((str(problem.row), problem.column, problem.told.vi, problem.told.en)))

    return write


def _line(cells: tuple[str, ...]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=SEPARATOR, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(map(guard, cells))
    return text.getvalue().encode()


def _note(made: Loaded, written: Callable[[Problem], None], problems: tuple[Problem, ...]) -> None:
    for problem in problems:
        written(problem)
        if len(made.problems) < MOST_PROBLEMS:
            made.problems.append(problem)
