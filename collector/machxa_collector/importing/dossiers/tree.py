"""Read a list of objects in JSON, as dossier systems answer, as a table: names are headings, objects are rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from machxa_collector.registry.records import Cell
from machxa_collector.registry.sheets import BadFile, Row
from machxa_collector.registry.sheets.rows import MOST_COLUMNS, too_many_columns

MOST_BYTES = 20 * 1024 * 1024  # parsed at once
_LISTS = ("data", "items", "rows", "results", "content")  # where an object holds the list
_FIRST_ROWS = 30
_MOST_NUMBER = 10**30


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeTable:
    """Hold such a table as a spreadsheet's: row 1 are the names."""

    first: tuple[Row, ...]
    rows: Iterator[Row]
    sheet: None = None
    sheets: tuple[str, ...] = ()


def is_tree(content: bytes | Path) -> bool:
    """Return whether a file begins as JSON does."""
    if isinstance(content, Path):
        with content.open("rb") as file:
            start = file.read(64)
    else:
        start = content[:64]
    return start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{")


@contextmanager
def open_tree(content: bytes | Path) -> Iterator[TreeTable]:
    """Open JSON as a table; raises BadFile for what is no list of objects."""
    if isinstance(content, Path):
        if content.stat().st_size > MOST_BYTES:
            raise _too_large()
        content = content.read_bytes()
    if len(content) > MOST_BYTES:
        raise _too_large()
    try:
        said: object = msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, RecursionError) as exc:
        raise BadFile(f"tệp JSON hỏng: {exc}", f"the JSON file is damaged: {exc}") from exc
    if isinstance(said, dict):
        said = next((said[name] for name in _LISTS if isinstance(said.get(name), list)), None)
    if not isinstance(said, list) or not all(isinstance(one, dict) for one in said):
        raise BadFile(
            "tệp JSON cần là danh sách các đối tượng, mỗi đối tượng một hồ sơ",
            "the JSON file is to be a list of objects, one for each dossier",
        )
    names = list(dict.fromkeys(name for one in said for name in one))
    if len(names) > MOST_COLUMNS:
        raise too_many_columns(len(names))
    rows = _rows(names, said)
    yield TreeTable(first=tuple(_rows(names, said[:_FIRST_ROWS])), rows=rows)


def _rows(names: Sequence[str], said: Sequence[dict[str, object]]) -> Iterator[Row]:
    yield Row(1, [name[:100] for name in names])
    for number, one in enumerate(said, 2):
        yield Row(number, [_cell(one.get(name)) for name in names])


def _cell(told: object) -> Cell:
    """Return a value as a cell; what is nested is no cell of ours, and its text is seen by what looks for persons."""
    if isinstance(told, int) and not -_MOST_NUMBER < told < _MOST_NUMBER:  # its text may be too long to write
        raise BadFile("tệp JSON có số quá lớn", "the JSON file has a number that is too large")
    if told is None or isinstance(told, (str, int, float, bool)):
        return told
    return msgspec.json.encode(told).decode()[:500]


def _too_large() -> BadFile:
    most = MOST_BYTES // (1024 * 1024)
    return BadFile(f"tệp JSON lớn hơn {most} MB: dùng CSV", f"the JSON file is over {most} MB: use CSV")
