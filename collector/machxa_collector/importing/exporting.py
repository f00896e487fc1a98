"""Give records out as files, and the rows of a file that could not be used with the reasons."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import BinaryIO

from machxa_collector.importing.previewing import chosen_of
from machxa_collector.importing.reading import Opened, Person, opened
from machxa_collector.registry.records import KINDS, Cell, Field, Form, RecordKind, Value
from machxa_collector.registry.sheets import Layout, Outcome
from machxa_collector.registry.sheets.showing import (
    Heading,
    Look,
    cells_of,
    guide,
    guide_headings,
    headings,
    texts_of,
)
from machxa_collector.registry.speech import Language
from machxa_collector.sheets.forms import FileForm
from machxa_collector.sheets.write import Page, Stamp, write_csv, write_xlsx
from machxa_collector.store import imports
from machxa_collector.store.imports import Import
from machxa_collector.store.record_rows import Stored
from machxa_collector.store.records_read import Filter, every
from machxa_collector.store.registry import LiveRegistry

_IN_MEMORY_BYTES = 1024 * 1024
_SHEET_NAME = 31  # characters, of a workbook's
_NOT_IN_SHEET_NAMES = str.maketrans("", "", "[]:*?/\\'")
_WIDTH = 24
_VIET_NAM = timezone(timedelta(hours=7))


def records_file(
    live: LiveRegistry,
    kind: RecordKind,
    fields: Sequence[Field],
    chosen: Filter,
    form: FileForm,
    person: Person,
    language: Language = Language.VIETNAMESE,
) -> BinaryIO:
    """Return the chosen records as an open file, CSV or XLSX; the caller closes it."""
    kept = _with_codes(live, kind, every(live.store, kind, chosen))
    if form is FileForm.CSV:
        titles = [one.text for one in headings(fields, with_id=True, language=language)]
        return _csv(titles, (texts_of(fields, one.record, one.id, language) for one in kept))
    rows = (cells_of(fields, one.record, one.id, language) for one in kept)
    name, columns = kind.told.said(language), headings(fields, with_id=True, language=language)
    return _xlsx([Page(name=_sheet_name(name), headings=columns, rows=rows)], _stamp(name, person, language))


def blank_file(
    kind: RecordKind,
    fields: Sequence[Field],
    form: FileForm,
    person: Person,
    language: Language = Language.VIETNAMESE,
) -> BinaryIO:
    """Return a file to fill in: headings, and in a workbook a second sheet that says what each column may hold."""
    columns = headings(fields, with_id=False, language=language)
    if form is FileForm.CSV:
        return _csv([one.text for one in columns], ())
    name = kind.told.said(language)
    blank = Page(name=_sheet_name(name), headings=columns, rows=())
    told = Page(name=language.say("Hướng dẫn"), headings=guide_headings(language), rows=guide(kind, language))
    return _xlsx([blank, told], _stamp(name, person, language))


def refused_rows_file(
    live: LiveRegistry,
    person: Person,
    kept: Import,
    content: bytes,
    language: Language = Language.VIETNAMESE,
) -> tuple[FileForm, BinaryIO]:
    """Return the rows of a file that cannot be used as they came, each with its reasons, and the form of that file.

    What came as XLS or ODS goes back as XLSX. Raises BadFile as reading does.
    """
    kind = KINDS[kept.kind]
    again = imports.taken_in_before(live.store, kind.name, kept.file_sha256) is not None
    with opened(live, person, kind, content, chosen_of(kept), again=again) as file:
        titles = (*_titles(file.layout), *map(language.say, ("Dòng trong tệp gốc", "Lý do")))
        if file.table.form is FileForm.CSV:
            rows = ([_text(cell) for cell in row] for row in _refused(file, len(titles) - 2, language))
            return FileForm.CSV, _csv(titles, rows)
        columns = [Heading(text=text, look=Look.TEXT, width=_WIDTH) for text in titles]
        name = kind.told.said(language)
        page = Page(name=_sheet_name(name), headings=columns, rows=_refused(file, len(titles) - 2, language))
        return FileForm.XLSX, _xlsx([page], _stamp(name, person, language))


def table_file(
    form: FileForm,
    name: str,
    columns: Sequence[Heading],
    rows: Iterable[Sequence[Cell]],
    person: Person,
    language: Language = Language.VIETNAMESE,
) -> BinaryIO:
    """Return a table that is no record's as an open file, CSV or XLSX; the caller closes it."""
    if form is FileForm.CSV:
        return _csv([one.text for one in columns], (tuple(map(_said, row)) for row in rows))
    page = Page(name=_sheet_name(name), headings=columns, rows=rows)
    return _xlsx([page], _stamp(name, person, language))


def _with_codes(live: LiveRegistry, kind: RecordKind, kept: Iterable[Stored]) -> Iterable[Stored]:
    """Give records with the assets that they name by code, where that is one asset's alone; by id elsewhere."""
    lists = [field.name for field in kind.fields if field.form is Form.ASSETS]
    if not lists:
        yield from kept
        return
    known, codes = live.known_in_bulk(), {}
    for asset in every(live.store, KINDS["assets"]):
        code = str(asset.record["code"] or "")
        if ";" not in code and known.assets(code) == (asset.id,):
            codes[asset.id] = code
    for one in kept:
        named = {name: tuple(codes.get(told, told) for told in _listed(one.record[name])) for name in lists}
        yield Stored(one.id, {**one.record, **named})


def _listed(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _refused(file: Opened, width: int, language: Language) -> Iterator[Sequence[Cell]]:
    for row in file.rows:
        if row.number <= file.layout.heading_row:
            continue
        verdict = file.judge.judge(row)
        if verdict.outcome is Outcome.BAD:
            cells = [*row.cells[:width], *[None] * (width - len(row.cells))]
            reasons = "; ".join(
                f"{one.column}: {one.told.said(language)}" if one.column else one.told.said(language)
                for one in verdict.problems
            )
            yield (*cells, row.number, reasons)


def _titles(layout: Layout) -> tuple[str, ...]:
    told = {column.place: column.heading for column in layout.columns}
    return tuple(told.get(place, "") for place in range(max(told, default=-1) + 1))


def _csv(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> BinaryIO:
    out = tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES)  # noqa: SIM115 - the caller closes it
    for part in write_csv(titles, rows):
        out.write(part)
    out.seek(0)
    return out  # type: ignore[return-value] # it is one, but its class does not say so


def _xlsx(pages: Sequence[Page], stamp: Stamp) -> BinaryIO:
    out = tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES)  # noqa: SIM115 - the caller closes it
    write_xlsx(out, pages, stamp)  # type: ignore[arg-type] # likewise
    out.seek(0)
    return out  # type: ignore[return-value] # likewise


def _stamp(name: str, person: Person, language: Language) -> Stamp:
    at = datetime.fromtimestamp(person.now_ms // 1000, _VIET_NAM).replace(tzinfo=None)
    title = f"Mạch Xã: {name}, {at:%d/%m/%Y %H:%M}, {person.name}"
    return Stamp(title=title, author=person.name, at=at, language=language)


def _sheet_name(text: str) -> str:
    return text.translate(_NOT_IN_SHEET_NAMES)[:_SHEET_NAME]


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell)


def _said(cell: Cell) -> str:
    """Return a cell as CSV in Việt Nam writes it."""
    if isinstance(cell, date):
        return f"{cell:%d/%m/}{cell.year:04}"
    return str(cell).replace(".", ",") if isinstance(cell, float) else _text(cell)
