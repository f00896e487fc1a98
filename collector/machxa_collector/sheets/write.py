"""Write tables as CSV and XLSX in which no text is ever taken for a formula, a link or a number."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO

import xlsxwriter  # type: ignore[import-untyped] # it has no types
from xlsxwriter.format import Format  # type: ignore[import-untyped] # it has no types
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped] # it has no types

from machxa_collector.registry.records import Cell
from machxa_collector.registry.sheets.formula import Formula
from machxa_collector.registry.sheets.showing import Heading, Look
from machxa_collector.registry.speech import Language
from machxa_collector.sheets.guard import guard

SEPARATOR = ";"  # Windows set to Vietnamese writes 1,5, so its Excel cuts at semicolons
MOST_ROWS = 1_000_000  # a worksheet has 1,048,576
_LONGEST_TEXT = 32_767  # of a worksheet's cell
_FIRST_YEAR = 1900  # of a worksheet's days
_ROWS_PER_CHUNK = 500
_FORMATS = {
    Look.TEXT: "@",
    Look.DATE: "dd/mm/yyyy",
    Look.MOMENT: "dd/mm/yyyy hh:mm:ss",
    Look.MONEY: "#,##0",
    Look.NUMBER: "General",
}
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """Say what a workbook holds, who asked for it, when (Việt Nam's time, without zone), and its language."""

    title: str
    author: str
    at: datetime
    language: Language = Language.VIETNAMESE


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Hold one sheet to write."""

    name: str
    headings: Sequence[Heading]
    rows: Iterable[Sequence[Cell | Formula]]


def write_csv(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """Give a CSV file in parts: UTF-8 with its mark, every cell quoted, formulas guarded."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=SEPARATOR, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    text.write("\ufeff")
    writer.writerow(map(guard, headings))
    for number, row in enumerate(rows, 1):
        writer.writerow(map(guard, row))
        if number % _ROWS_PER_CHUNK == 0:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def write_xlsx(out: BinaryIO, pages: Sequence[Page], stamp: Stamp) -> None:
    """Write a workbook row by row; each page has its headings frozen and a filter."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": stamp.title, "author": stamp.author, "created": stamp.at})
        book.set_custom_property("Language", stamp.language.value)
        formats = {look: book.add_format({"num_format": code}) for look, code in _FORMATS.items()}
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        for page in pages:
            _write_page(book.add_worksheet(page.name), page, formats, bold)


def _write_page(sheet: Worksheet, page: Page, formats: dict[Look, Format], bold: Format) -> None:
    for place, heading in enumerate(page.headings):
        sheet.set_column(place, place, heading.width, formats[heading.look])
        sheet.write_string(0, place, heading.text, bold)
    sheet.freeze_panes(1, 0)
    number = 0
    for number, row in enumerate(page.rows, 1):
        for place, cell in enumerate(row):
            look = page.headings[place].look if place < len(page.headings) else Look.TEXT
            _write_cell(sheet, number, place, cell, formats, look)
    sheet.autofilter(0, 0, max(number, 1), max(len(page.headings) - 1, 0))


def _write_cell(
    sheet: Worksheet, row: int, place: int, cell: Cell | Formula, formats: dict[Look, Format], look: Look
) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, Formula):
        sheet.write_formula(row, place, cell.text, formats[look], cell.value)
    elif isinstance(cell, bool):
        sheet.write_boolean(row, place, cell)
    elif isinstance(cell, (int, float)):
        sheet.write_number(row, place, cell, formats[look if look is Look.MONEY else Look.NUMBER])
    elif isinstance(cell, date) and cell.year < _FIRST_YEAR:
        sheet.write_string(row, place, f"{cell:%d/%m/}{cell.year:04}", formats[Look.TEXT])
    elif isinstance(cell, datetime):
        sheet.write_datetime(row, place, cell, formats[Look.MOMENT])
    elif isinstance(cell, date):
        sheet.write_datetime(row, place, cell, formats[Look.DATE])
    else:
        sheet.write_string(row, place, str(cell)[:_LONGEST_TEXT], formats[Look.TEXT])
