"""Write a document as XLSX, a sheet for each table, and as CSV, one part below the other; no text is ever a formula."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import datetime

from machxa_collector.outputs.blocks import Document, Facts, Table, Text, shown
from machxa_collector.registry.sheets.showing import Heading, Look
from machxa_collector.sheets.write import Page, Stamp, write_csv, write_xlsx

_FIRST = "Thong tin"
_WIDEST, _LONGEST_NAME = 60, 28
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def document_xlsx(document: Document, sha256: str, author: str, at: datetime) -> bytes:
    """Return a workbook; at (without zone) is its stamp."""
    tables = [block for block in document.blocks if isinstance(block, Table)]
    first = Page(
        name=_FIRST, headings=[_heading("Mục", 40), _heading("Nội dung", 60)], rows=list(_facts(document, sha256))
    )
    out = io.BytesIO()
    pages = [first, *(_page(number, table) for number, table in enumerate(tables, start=1))]
    write_xlsx(out, pages, Stamp(title=document.title, author=author, at=at))
    return out.getvalue()


def document_csv(document: Document, sha256: str) -> bytes:
    """Return all of a document as rows of text."""
    rows: list[Sequence[str]] = [[label, shown(value)] for label, value in _facts(document, sha256)]
    for block in document.blocks:
        if isinstance(block, Table):
            rows += [[], [block.name], block.headings, *([shown(cell) for cell in row] for row in block.rows)]
    rows += [[], *([one.role] for one in document.signatures)]
    return b"".join(write_csv([document.title], rows))


def _facts(document: Document, sha256: str) -> Iterator[tuple[str, str | int | float | None]]:
    yield "Tên văn bản", document.title
    yield "Về việc", document.subtitle
    yield "Cơ quan", f"{document.over} - {document.office}"
    yield "Ngày lập", f"{document.made_day:02}/{document.made_month:02}/{document.made_year}"
    for block in document.blocks:
        if isinstance(block, Facts):
            yield from block.rows
        elif isinstance(block, Text):
            yield "", block.text
    yield "Cơ sở số liệu", document.basis
    yield "SHA-256", sha256


def _page(number: int, table: Table) -> Page:
    headings = [
        _heading(text, min(_WIDEST, max(len(text), *(len(shown(row[place])) for row in table.rows), 6) + 2))
        for place, text in enumerate(table.headings)
    ]
    return Page(name=f"{number} {table.name.translate(_FORBIDDEN)[:_LONGEST_NAME]}", headings=headings, rows=table.rows)


def _heading(text: str, width: int) -> Heading:
    return Heading(text=text, look=Look.TEXT, width=width)
