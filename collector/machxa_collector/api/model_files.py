"""Read and write the rows of the assumptions as CSV and XLSX."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from machxa_collector.impact.matrix import MOST_ENTRIES, Entry
from machxa_collector.registry.sheets import BadFile, Row
from machxa_collector.registry.sheets.rows import bounded
from machxa_collector.registry.sheets.showing import Heading, Look
from machxa_collector.registry.speech import Language
from machxa_collector.registry.units.fold import fold
from machxa_collector.sheets import workbook
from machxa_collector.sheets.delimited import read_csv
from machxa_collector.sheets.forms import FileForm, form_of
from machxa_collector.sheets.write import Page, Stamp, write_csv, write_xlsx

_COLUMNS = (
    ("section", "Phần", 12),
    ("stage", "Khâu", 18),
    ("group", "Nhóm thủ tục", 14),
    ("channel", "Kênh", 12),
    ("name", "Hệ thống hoặc tên", 26),
    ("value", "Giá trị", 12),
)
_NAMES = {fold(word): name for name, heading, _ in _COLUMNS for word in (name, heading, Language.ENGLISH.say(heading))}


def read_entries(content: bytes) -> tuple[Entry, ...]:
    """Return the rows of a file; raises BadFile where it has no heading row, or is no table."""
    if form_of(content) is FileForm.CSV:
        return _entries(bounded(read_csv(content)))
    with workbook.opened(content, lambda _sheets: 0) as (_, _, rows):
        return _entries(bounded(rows))


def write_entries(entries: Iterable[Entry], form: FileForm, who: str, at: datetime, language: Language) -> bytes:
    """Return the rows as a file that can be taken in again."""
    rows = [[getattr(one, name) for name, _, _ in _COLUMNS] for one in entries]
    headings = [Heading(text=language.say(heading), look=Look.TEXT, width=width) for _, heading, width in _COLUMNS]
    if form is FileForm.CSV:
        return b"".join(write_csv([one.text for one in headings], rows))
    out = io.BytesIO()
    page = Page(name=language.say("Gia dinh"), headings=headings, rows=rows)
    title = language.say("Mạch Xã: giả định về hồ sơ")
    write_xlsx(out, [page], Stamp(title=title, author=who, at=at, language=language))
    return out.getvalue()


def _entries(rows: Iterator[Row]) -> tuple[Entry, ...]:
    columns: dict[int, str] = {}
    for row in islice(rows, 10):
        columns = {place: name for place, cell in enumerate(row.cells) if (name := _NAMES.get(fold(_text(cell))))}
        if {"section", "value"} <= set(columns.values()):
            break
    else:
        raise BadFile(
            "tệp không có dòng tiêu đề với các cột Phần và Giá trị",
            "the file has no heading row with the columns section and value",
        )
    found = [_entry(row.cells, columns) for row in islice(rows, MOST_ENTRIES + 1)]
    return tuple(one for one in found if one is not None)


def _entry(cells: Sequence[object], columns: dict[int, str]) -> Entry | None:
    told = {name: _text(cells[place])[:40] for place, name in columns.items() if place < len(cells)}
    if not any(told.values()):
        return None
    return Entry(**{"section": "", "value": "", **told})


def _text(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:.12g}"
    return "" if cell is None else str(cell).strip()
