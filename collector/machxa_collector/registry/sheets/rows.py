"""Say what a file's rows are, how many there may be, and how a file is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from machxa_collector.registry.records import Cell, Told

MOST_ROWS = 100_000
MOST_COLUMNS = 200
ID = "id"  # the column of a record's id, beside the fields of its kind


class BadFile(Exception):
    """Say in both languages why a file cannot be read, and what to do about it."""

    def __init__(self, vi: str, en: str) -> None:
        """Take the sentence in both languages."""
        super().__init__(en)
        self.told = Told(vi=vi, en=en)


@dataclass(frozen=True, slots=True)
class Row:
    """Hold one row that is not empty; number is the one a spreadsheet shows beside it, from 1.

    remark is what was assumed of the row as a whole before anybody read it. is_finding: a program found it, so it makes
    a record where there is none, and changes nothing of one that is there.
    """

    number: int
    cells: Sequence[Cell]
    remark: Told | None = None
    is_finding: bool = False


Rows = Iterable[Row]


def is_blank(cell: Cell) -> bool:
    """Return whether nobody wrote anything into a cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def bounded(rows: Rows, most: int = MOST_ROWS) -> Iterator[Row]:
    """Give the rows on that say something; raises BadFile when they are more than most, or wider than we take."""
    count = 0
    for row in rows:
        width = len(row.cells)
        while width and is_blank(row.cells[width - 1]):
            width -= 1
        if not width:
            continue
        count += 1
        if count > most:
            raise too_many_rows(most)
        if width > MOST_COLUMNS:
            raise too_many_columns(width)
        yield row if width == len(row.cells) else replace(row, cells=row.cells[:width])


def too_many_rows(most: int = MOST_ROWS) -> BadFile:
    """Return the refusal of a file that is too long."""
    return BadFile(
        f"tệp có hơn {most} dòng có chữ: hãy chia thành nhiều tệp",
        f"the file has more than {most} filled rows: split it",
    )


def too_many_columns(width: int) -> BadFile:
    """Return the refusal of a file that is too wide."""
    return BadFile(
        f"tệp có {width} cột, nhiều nhất {MOST_COLUMNS}: hãy xóa cột thừa",
        f"the file has {width} columns, at most {MOST_COLUMNS}: delete those that are not needed",
    )
