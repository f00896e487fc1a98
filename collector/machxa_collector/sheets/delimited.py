"""Read a CSV file as people's programs write it: any of four separators, UTF-8 or UTF-16, a guard before formulas."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from machxa_collector.registry.sheets import BadFile, Row
from machxa_collector.sheets.guard import unguard

_SEPARATORS = ";,\t|"
_SNIFFED_CHARACTERS = 64 * 1024
_SNIFFED_ROWS = 30


def read_csv(content: bytes) -> Iterator[Row]:
    """Give the rows of a CSV file as texts; raises BadFile, also midway, for what is no such file.

    Only Unicode is read: what Excel saves as plain "CSV" has lost most Vietnamese letters already.
    """
    encoding = _encoding(content)
    try:
        separator = _separator(_opened(content, encoding).read(_SNIFFED_CHARACTERS))
        told = csv.reader(_opened(content, encoding), delimiter=separator)
        for number, cells in enumerate(told, 1):
            if number == 1 and len(cells) <= 2 and cells and cells[0].lower().startswith("sep="):  # noqa: PLR2004 - "sep=;"
                continue
            yield Row(number, [unguard(cell) for cell in cells])
    except UnicodeDecodeError as exc:
        raise _not_unicode() from exc
    except csv.Error as exc:
        raise BadFile(
            "tệp CSV có ô quá dài hoặc dấu nháy không khép",
            "the CSV file has a cell that is too long, or a quote that is not closed",
        ) from exc


def _opened(content: bytes, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(content), encoding, errors="strict", newline="")


def _encoding(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\x00" in content[:4096]:
        raise BadFile("tệp không phải bảng tính mà chúng tôi đọc được", "the file is no spreadsheet that we can read")
    return "utf-8-sig"


def _separator(start: str) -> str:
    """Return the sign that cuts the most rows into the same number of cells."""
    if start[:4].lower() == "sep=" and start[4:5] in _SEPARATORS:
        return start[4:5]
    return max(_SEPARATORS, key=lambda sign: _evenness(start, sign))  # the first of equals


def _evenness(start: str, separator: str) -> tuple[int, int]:
    try:
        rows = list(islice(csv.reader(io.StringIO(start, newline=""), delimiter=separator), _SNIFFED_ROWS))
    except csv.Error:
        return (0, 0)
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return (0, 0)
    width, count = max(widths.items(), key=lambda pair: (pair[1], pair[0]))
    return (count, width)


def _not_unicode() -> BadFile:
    return BadFile(
        "tệp CSV không phải UTF-8 (có thể là ANSI, TCVN3 hoặc VNI): trong Excel chọn Lưu thành, loại CSV UTF-8 "
        "hoặc Excel Workbook (.xlsx)",
        "the CSV file is not UTF-8 (perhaps ANSI, TCVN3 or VNI): save it from Excel as CSV UTF-8 or as .xlsx",
    )
