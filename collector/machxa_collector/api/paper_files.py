"""Read a paper ledger from CSV or XLSX in the columns of the book of dossiers (Mẫu 07) as we print it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import chain, islice

from machxa_collector.api.paper_shapes import MOST_LINES, LineRequest
from machxa_collector.effects.words import GROUPS, STAGES
from machxa_collector.registry.calendar import LOCAL
from machxa_collector.registry.sheets import BadFile, Row
from machxa_collector.registry.sheets.rows import bounded
from machxa_collector.registry.units.fold import fold
from machxa_collector.sheets import workbook
from machxa_collector.sheets.delimited import read_csv
from machxa_collector.sheets.forms import FileForm, form_of

COLUMNS = (  # what a column holds, and its heading
    ("number", "Số trên giấy"),
    ("group", "Nhóm thủ tục"),
    ("received_at", "Thời điểm tiếp nhận"),
    ("stages", "Khâu đã làm trên giấy"),
    ("entered_at", "Thời điểm nhập phần mềm"),
    ("dossier", "Mã hồ sơ trên phần mềm"),
)
_NAMES = {fold(heading): name for name, heading in COLUMNS}
_GROUP = {fold(word): code for code, words in GROUPS.items() for word in (code, words)}
_STAGE = {fold(word): code for code, words in STAGES.items() for word in (code, words)}
_MOMENT = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})[ ,]+(\d{1,2})[:h](\d{2})")
_TURNED = re.compile(r"(\d{1,2})[:h](\d{2})[ ,]+(\d{1,2})/(\d{1,2})/(\d{4})")


def read_ledger(content: bytes) -> list[LineRequest]:
    """Return the lines of a file; raises BadFile with the row that cannot be used."""
    if form_of(content) is FileForm.CSV:
        return _lines(bounded(read_csv(content)))
    with workbook.opened(content, lambda _sheets: 0) as (_, _, rows):
        return _lines(bounded(rows))


def read_pasted(content: bytes) -> list[LineRequest]:
    """Return the lines of pasted rows, in the order of COLUMNS where they have no headings; raises as read_ledger."""
    first = content.split(b"\n", 1)[0].decode("utf-8", "replace")
    if fold(COLUMNS[0][1]) in fold(first):
        return read_ledger(content)
    heading = Row(0, [title for _, title in COLUMNS])
    return _lines(bounded(chain([heading], read_csv(content))))


def _lines(rows: Iterator[Row]) -> list[LineRequest]:
    columns: dict[int, str] = {}
    for row in islice(rows, 30):
        columns = {place: name for place, cell in enumerate(row.cells) if (name := _NAMES.get(fold(_text(cell))))}
        if {"number", "group", "received_at"} <= set(columns.values()):
            break
    else:
        raise BadFile(
            "không thấy dòng tiêu đề có Số trên giấy, Nhóm thủ tục, Thời điểm tiếp nhận",
            "no heading row names Số trên giấy, Nhóm thủ tục, Thời điểm tiếp nhận",
        )
    found: list[LineRequest] = []
    for row in rows:
        cells = {name: row.cells[place] for place, name in columns.items() if place < len(row.cells)}
        if not _text(cells.get("number")):
            break  # below the table stand signatures
        if len(found) >= MOST_LINES:
            raise BadFile(
                f"tệp có hơn {MOST_LINES} dòng: hãy chia nhỏ", f"the file has over {MOST_LINES} rows: split it"
            )
        found.append(_line(row.number, cells))
    return found


def _line(number: int, cells: Mapping[str, object]) -> LineRequest:
    pieces = [piece for piece in _text(cells.get("stages")).split(";") if piece.strip()]
    stages = [part for piece in pieces for part in ([piece] if fold(piece.strip()) in _STAGE else piece.split(","))]
    told = {
        "number": _text(cells.get("number")),
        "group": _word(number, _GROUP, _text(cells.get("group")), "Nhóm thủ tục"),
        "received_at": _moment(number, cells.get("received_at")),
        "stages": [_word(number, _STAGE, part, "Khâu đã làm trên giấy") for part in stages],
        "entered_at": _moment(number, cells["entered_at"]) if _text(cells.get("entered_at")) else None,
        "dossier": _text(cells.get("dossier")) or None,
    }
    try:
        return LineRequest.model_validate(told)
    except ValueError as exc:
        raise BadFile(f"dòng {number}: có ô không dùng được", f"row {number}: a cell cannot be used") from exc


def _word(row: int, words: Mapping[str, str], text: str, column: str) -> str:
    found = words.get(fold(text.strip()))
    if found is None:
        raise BadFile(
            f"dòng {row}: không hiểu {column} {text[:40]!r}", f"row {row}: {column} is {text[:40]!r}, unknown"
        )
    return found


def _moment(row: int, cell: object) -> int:
    try:
        when = cell if isinstance(cell, datetime) else _read_moment(_text(cell))
        return round(when.replace(tzinfo=LOCAL).timestamp() * 1000)
    except ValueError:
        said = _text(cell)[:40]
        raise BadFile(
            f"dòng {row}: thời điểm {said!r} không đọc được; cần như 26/11/2026 08:15",
            f"row {row}: time is {said!r}, expected such as 26/11/2026 08:15",
        ) from None


def _read_moment(text: str) -> datetime:
    if found := _MOMENT.fullmatch(text):
        day, month, year, hour, minute = map(int, found.groups())
    elif found := _TURNED.fullmatch(text):
        hour, minute, day, month, year = map(int, found.groups())
    else:
        raise ValueError(text)
    return datetime(year, month, day, hour, minute)  # noqa: DTZ001 - Việt Nam's time, made aware by the caller


def _text(cell: object) -> str:
    return "" if cell is None else str(cell).strip()
