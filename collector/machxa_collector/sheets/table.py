"""Open a file as one table, whatever its form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from machxa_collector.registry.records import RecordKind
from machxa_collector.registry.sheets import MOST_ROWS, BadFile, Row, find_layout
from machxa_collector.registry.sheets.rows import bounded
from machxa_collector.sheets import workbook
from machxa_collector.sheets.child import FIRST_ROWS
from machxa_collector.sheets.delimited import read_csv
from machxa_collector.sheets.fonts import refuse_old_fonts
from machxa_collector.sheets.forms import MOST_FILE_BYTES, FileForm, form_of, form_on_disk
from machxa_collector.sheets.inventories import read_inventories
from machxa_collector.sheets.workbook import Sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Hold a table: its first filled rows, and all of them, once.

    sheets are the names of the sheets there are, sheet the one that is read; none in a CSV file.
    """

    form: FileForm
    sheets: tuple[str, ...]
    sheet: str | None
    first: tuple[Row, ...]
    rows: Iterator[Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Say how much one may bring: rows, and bytes of a file on disk that is no workbook."""

    rows: int = MOST_ROWS
    disk_bytes: int = MOST_FILE_BYTES


_ORDINARY = Bounds()
_FOUND = "assets"  # the kind that inventories are of


@contextmanager
def open_table(
    content: bytes | Path, kind: RecordKind, sheet: str | None = None, most: Bounds = _ORDINARY
) -> Iterator[Table]:
    """Open a file as a table: the sheet of this name, else the one that has the most headings of a kind.

    Raises BadFile, also while rows are read, with what to do about it; OSError for a path that cannot be read.
    """
    form = form_of(content) if isinstance(content, bytes) else form_on_disk(content, most.disk_bytes)
    if form is FileForm.GLPI and kind.name != _FOUND:
        raise BadFile("tệp JSON chỉ nhập được vào danh sách thiết bị", "a JSON file is taken in for assets alone")
    if form in (FileForm.CSV, FileForm.GLPI):
        held = content.read_bytes() if form is FileForm.GLPI and isinstance(content, Path) else content
        told = read_inventories(held) if isinstance(held, bytes) and form is FileForm.GLPI else read_csv(held)
        rows = bounded(told, most.rows)
        first = tuple(islice(rows, FIRST_ROWS))
        refuse_old_fonts(first)
        yield Table(form=form, sheets=(), sheet=None, first=first, rows=chain(first, rows))
        return
    if isinstance(content, Path):
        content = content.read_bytes()
    with workbook.opened(content, lambda sheets: _choice(sheets, kind, sheet)) as (sheets, number, rows):
        chosen = sheets[number]
        refuse_old_fonts(chosen.first)
        names = tuple(one.name for one in sheets)
        yield Table(form=form, sheets=names, sheet=chosen.name, first=chosen.first, rows=bounded(rows, most.rows))


def _choice(sheets: Sequence[Sheet], kind: RecordKind, wanted: str | None) -> int:
    if wanted is None:
        scores = [len(find_layout(kind, sheet.first).fields) for sheet in sheets]
        return scores.index(max(scores))
    for number, sheet in enumerate(sheets):
        if sheet.name == wanted:
            return number
    names = ", ".join(sheet.name[:31] for sheet in sheets)
    raise BadFile(f"tệp không có trang tính này; có: {names}", f"the file has no such sheet; it has: {names}")
