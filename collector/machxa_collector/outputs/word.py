"""Write a document as DOCX, ready to be numbered and signed in the document system; the only import of python-docx."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

import docx
from docx.document import Document as File
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from machxa_collector.outputs.blocks import ONE_PAGE, Document, Facts, Table, Text, shown

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_FONT = "Times New Roman"
_CENTRE, _RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
_TIGHT = 0.77
_RED = RGBColor(0xA0, 0x00, 0x00)


def write_docx(document: Document, sha256: str, author: str, at: datetime) -> bytes:
    """Return the file; at (without zone) is its stamp, and nothing else in it changes from one call to the next."""
    file = docx.Document()
    _set_up(file, document, author, at)
    _head(file, document)
    _line(file.add_paragraph(), document.title.upper(), size=14, bold=True, align=_CENTRE)
    _line(file.add_paragraph(), document.subtitle, align=_CENTRE)
    for block in document.blocks:
        _block(file, block)
    _signatures(file, document)
    if document.receivers:
        _line(file.add_paragraph(), "Nơi nhận:", size=11, bold=True, italic=True)
        for name in document.receivers:
            _line(file.add_paragraph(), f"- {name};", size=11)
    _line(file.add_paragraph(), document.basis, size=10)
    _line(file.add_paragraph(), f"SHA-256: {sha256}", size=9)
    if document.kind in ONE_PAGE:
        _tighten(file)
    out = io.BytesIO()
    file.save(out)
    return _stamped(out.getvalue(), at)


def _set_up(file: File, document: Document, author: str, at: datetime) -> None:
    section = file.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(20), Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    style = file.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(13)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    style.paragraph_format.space_after = Pt(4)
    properties = file.core_properties
    properties.title, properties.author, properties.last_modified_by = document.title, author, author
    properties.created = properties.modified = at
    properties.comments, properties.revision = "", 1


def _tighten(file: File) -> None:
    """Set everything smaller and closer, so that it stays on one A4."""
    section = file.sections[0]
    section.top_margin, section.bottom_margin = Mm(10), Mm(10)
    section.left_margin, section.right_margin = Mm(20), Mm(12)
    style = file.styles["Normal"]
    style.font.size, style.paragraph_format.space_after = Pt(8), Pt(0)
    cells = (cell for table in file.tables for row in table.rows for cell in row.cells)
    for paragraph in (*file.paragraphs, *(one for cell in cells for one in cell.paragraphs)):
        for run in paragraph.runs:
            run.font.size = Pt(round((run.font.size or Pt(13)).pt * _TIGHT, 1))


def _head(file: File, document: Document) -> None:
    left, right = file.add_table(rows=1, cols=2).rows[0].cells
    _line(left.paragraphs[0], document.over, size=12, align=_CENTRE)
    _line(left.add_paragraph(), document.office, size=12, bold=True, align=_CENTRE)
    _line(left.add_paragraph(), f"Số: ......../{document.symbol}", size=12, align=_CENTRE)
    _line(right.paragraphs[0], "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, bold=True, align=_CENTRE)
    _line(right.add_paragraph(), "Độc lập - Tự do - Hạnh phúc", bold=True, align=_CENTRE)
    day = f"ngày {document.made_day:02} tháng {document.made_month:02} năm {document.made_year}"
    _line(right.add_paragraph(), f"{document.place}, {day}", italic=True, align=_CENTRE)


def _block(file: File, block: Text | Facts | Table) -> None:
    if isinstance(block, Text):
        _line(file.add_paragraph(), block.text, bold=block.is_heading)
        return
    if isinstance(block, Facts):
        table = file.add_table(rows=0, cols=2, style="Table Grid")
        for label, value in block.rows:
            cells = table.add_row().cells
            _line(cells[0].paragraphs[0], label, size=11)
            _line(cells[1].paragraphs[0], shown(value), size=11)
        file.add_paragraph()
        return
    _line(file.add_paragraph(), block.name, bold=True)
    table = file.add_table(rows=1, cols=len(block.headings), style="Table Grid")
    for cell, text in zip(table.rows[0].cells, block.headings, strict=True):
        _line(cell.paragraphs[0], text, size=11, bold=True)
    red = frozenset(block.red)
    for number, row in enumerate(block.rows):
        cells = table.add_row().cells
        for cell, value in zip(cells, row, strict=True):
            _fill(cell, shown(value), is_number=not isinstance(value, str | None), is_red=number in red)
    file.add_paragraph()


def _fill(cell: _Cell, text: str, *, is_number: bool, is_red: bool) -> None:
    _line(cell.paragraphs[0], text, size=11, bold=is_red, align=_RIGHT if is_number else None)
    if is_red:
        for run in cell.paragraphs[0].runs:
            run.font.color.rgb = _RED


def _signatures(file: File, document: Document) -> None:
    if not document.signatures:
        return
    cells = file.add_table(rows=1, cols=len(document.signatures)).rows[0].cells
    for cell, one in zip(cells, document.signatures, strict=True):
        _line(cell.paragraphs[0], one.role, bold=True, align=_CENTRE)
        _line(cell.add_paragraph(), one.how, italic=True, align=_CENTRE)
        for _ in range(4):
            cell.add_paragraph()


def _line(
    paragraph: Paragraph,
    text: str,
    *,
    size: int = 13,
    bold: bool = False,
    italic: bool = False,
    align: WD_ALIGN_PARAGRAPH | None = None,
) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.bold, run.italic = Pt(size), bold, italic
    if align is not None:
        paragraph.alignment = align


def _stamped(content: bytes, at: datetime) -> bytes:
    """Return the file with every part of the archive stamped alike."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as made, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in made.namelist():
            entry = zipfile.ZipInfo(name, (at.year, at.month, at.day, at.hour, at.minute, at.second))
            entry.compress_type = zipfile.ZIP_DEFLATED
            kept.writestr(entry, made.read(name))
    return out.getvalue()
