"""Read a CSV file as people's programs write it: any of four separators, UTF-8 or UTF-16, a guard before formulas."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from machxa_collector.registry.sheets import BadFile, Row
from machxa_collector.sheets.fonts import font_of
from machxa_collector.sheets.guard import unguard

_SEPARATORS = ";,\t|"
_SNIFFED_CHARACTERS = 64 * 1024
_SNIFFED_ROWS = 30


def read_csv(content: bytes | Path) -> Iterator[Row]:
    """Give the rows of a CSV file as texts; raises BadFile, also midway, for what is no such file.

    Only Unicode is read: what Excel saves as plain "CSV" has lost most Vietnamese letters already. A file of a path is
    read row by row, one of bytes is held already.
    """
    start = _start(content)
    encoding = _encoding(start)
    try:
        with _opened(content, encoding) as first:
            separator = _separator(first.read(_SNIFFED_CHARACTERS))
        with _opened(content, encoding) as text:
            told = csv.reader(text, delimiter=separator)
            for number, cells in enumerate(told, 1):
                if number == 1 and len(cells) <= 2 and cells and cells[0].lower().startswith("sep="):  # noqa: PLR2004 - "sep=;"
                    continue
                yield Row(number, [unguard(cell) for cell in cells])
    except UnicodeDecodeError as exc:
        raise _not_unicode(start) from exc
    except csv.Error as exc:
        raise BadFile(
            "tệp CSV có ô quá dài hoặc dấu nháy không khép",
            "the CSV file has a cell that is too long, or a quote that is not closed",
        ) from exc


def _binary(content: bytes | Path) -> BinaryIO:
    return io.BytesIO(content) if isinstance(content, bytes) else content.open("rb")


def _start(content: bytes | Path) -> bytes:
    with _binary(content) as file:
        return file.read(_SNIFFED_CHARACTERS)


def _opened(content: bytes | Path, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(_binary(content), encoding, errors="strict", newline="")


def _encoding(start: bytes) -> str:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\x00" in start[:4096]:
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


def _not_unicode(start: bytes) -> BadFile:
    """Return the refusal, with the old font's name where the bytes look like one's."""
    font = font_of(re.split(r"[,;\t|\r\n]", start.decode("cp1252", "replace")))
    vi = f"chữ gõ bằng phông {font.value}" if font else "có thể là ANSI, TCVN3 hoặc VNI"
    en = f"typed for a {font.value} font" if font else "perhaps ANSI, TCVN3 or VNI"
    return BadFile(
        f"tệp CSV không phải UTF-8 ({vi}): trong Excel chọn Lưu thành, loại CSV UTF-8 "
        "hoặc Excel Workbook (.xlsx); chữ TCVN3 hay VNI cần chuyển mã bằng UniKey trước",
        f"the CSV file is not UTF-8 ({en}): save it from Excel as CSV UTF-8 or as .xlsx, texts in TCVN3 or VNI "
        "converted first, with UniKey for example",
    )
