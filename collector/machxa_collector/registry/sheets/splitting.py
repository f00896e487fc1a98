"""Split a row that stands for several things ("Số lượng: 3") into one row for each, its sums divided to the đồng."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from machxa_collector.registry.records import BadCell, Cell, Field, Form, RecordKind, Told, Value, read
from machxa_collector.registry.sheets.layout import QUANTITY, Column, Layout
from machxa_collector.registry.sheets.rows import MOST_ROWS, Row, Rows, is_blank, too_many_rows
from machxa_collector.registry.units.fold import words

MOST_PIECES = 200
_COUNT = Field(
    name=QUANTITY, told=Told(vi="Số lượng", en="Quantity"), form=Form.COUNT, least=1, most=MOST_PIECES, required=False
)
_EACH = (("don", "gia"), ("gia", "mua"))  # headings of a price for one piece; other costs are of the whole row


def split(kind: RecordKind, layout: Layout, rows: Rows) -> Rows:
    """Give rows on, each that stands for several as so many; quantities that are none are left to who judges the row.

    Costs are divided so that their sum stays, but where the heading says they are of one piece. A code is given a
    number behind it, or the cell's own list is dealt out; a serial number alone stays with the first piece.
    """
    place = next((one.place for one in layout.columns if one.field == QUANTITY), None)
    return rows if place is None else _split(kind, layout, rows, place)


def quantity_of(cell: Cell) -> int | None:
    """Return how many a row stands for, None for a cell that says no whole number from 1 to MOST_PIECES."""
    if is_blank(cell):
        return 1
    try:
        value = read(_COUNT, cell, _Nobody()).value
    except BadCell:
        return None
    return value if isinstance(value, int) else None


def _split(kind: RecordKind, layout: Layout, rows: Rows, place: int) -> Iterator[Row]:
    given = 0
    for row in rows:
        pieces = (row,) if row.number <= layout.heading_row else _pieces(kind, layout.columns, row, place)
        given += len(pieces)
        if given > MOST_ROWS:
            raise too_many_rows()
        yield from pieces


def _pieces(kind: RecordKind, columns: Sequence[Column], row: Row, place: int) -> Sequence[Row]:
    count = quantity_of(row.cells[place]) if place < len(row.cells) else 1
    if count is None or count == 1:
        return (row,)
    dealt: dict[int, Sequence[Cell]] = {place: [1] * count}
    for column in columns:
        cell = row.cells[column.place] if column.place < len(row.cells) else None
        if column.field is not None and not is_blank(cell) and column.place not in dealt:
            told = _dealt(kind, column, cell, count)
            if told is not None:
                dealt[column.place] = told
    remark = Told(
        vi=f"số lượng {count}: tách thành {count} tài sản, các khoản tiền của dòng chia đều",
        en=f"quantity {count}: split into {count} assets, the row's sums divided evenly",
    )
    return [
        replace(
            row, cells=[dealt[at][piece] if at in dealt else cell for at, cell in enumerate(row.cells)], remark=remark
        )
        for piece in range(count)
    ]


def _dealt(kind: RecordKind, column: Column, cell: Cell, count: int) -> Sequence[Cell] | None:
    """Return what each piece has of a cell, None where all have the same."""
    if column.field is None or column.field not in {one.name for one in kind.fields}:
        return None
    field = kind.field(column.field)
    if field.form is Form.MONEY:
        return None if words(column.heading)[:2] in _EACH else _shares(field, cell, count)
    if field.name in ("code", "serial"):
        listed = [one.strip() for one in re.split(r"[;,\n]", str(cell)) if one.strip()]
        if len(listed) == count:
            return listed
        if field.name == "code":
            return [f"{_plain(cell)}-{number:0{len(str(count))}}" for number in range(1, count + 1)]
        return [cell, *[None] * (count - 1)]
    return None


def _shares(field: Field, cell: Cell, count: int) -> Sequence[Cell] | None:
    try:
        value: Value = read(field, cell, _Nobody()).value
    except BadCell:
        return None  # every piece is refused with the reason
    if not isinstance(value, int):
        return None
    each, rest = divmod(value, count)
    return [each + (number < rest) for number in range(count)]


def _plain(cell: Cell) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()


class _Nobody:
    """Answer for fields that name nothing."""

    def units(self, text: str) -> tuple[str, ...]:  # noqa: ARG002 - as the protocol has it
        """Return none."""
        return ()

    def assets(self, text: str) -> tuple[str, ...]:  # noqa: ARG002 - likewise
        """Return none."""
        return ()
