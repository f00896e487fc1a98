"""Find the heading row of a file and which field each column fills."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from machxa_collector.registry.records import Cell, Form, RecordKind, Told
from machxa_collector.registry.sheets.rows import ID, Row, is_blank
from machxa_collector.registry.units.fold import words

ROWS_SEARCHED = 20  # accounting software prints its title, unit and date above the heading
_LONGEST_HEADING = 100
_LEAST_NUMBERED = 3  # columns: fewer may be a record
_LEAST_BEGINNING = 2  # words: "tên tài sản, thiết bị" begins with "tên tài sản"
_MEASURES = frozenset(
    {Form.DATE, Form.MOMENT, Form.MONEY, Form.DECIMAL, Form.COUNT}
)  # what is left of a cost is no cost
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_ID_NAMES = ("id", "mã bản ghi", "record id")
QUANTITY = "quantity"  # the column that says how many things a row stands for, of kinds that have such rows
_QUANTITY_NAMES = ("quantity", "số lượng", "sl", "số lượng chiếc", "số lượng cái", "số lượng bộ")

ID_TOLD = Told(vi="Mã bản ghi", en="Record id")

_Words = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Hold one column: its place in a row, its heading (unique in the file), its field, None when it is left out."""

    place: int
    heading: str
    field: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Say which columns a file has, and the number of the row behind which its records begin."""

    columns: tuple[Column, ...]
    heading_row: int

    @property
    def fields(self) -> frozenset[str]:
        """Return the fields that a column fills."""
        return frozenset(column.field for column in self.columns if column.field is not None)


def find_layout(kind: RecordKind, first: Sequence[Row], saved: Mapping[str, str | None] | None = None) -> Layout:
    """Return the layout of a file from its first rows (at least ROWS_SEARCHED, or all).

    The heading row is the one with the most headings that are fields of this kind; two rows are taken together where
    merged cells need it. saved says for headings what a person chose before, None to leave a column out.
    """
    best: tuple[int, int, tuple[str, ...]] = (-1, 0, ())
    for index, row in enumerate(first[:ROWS_SEARCHED]):
        for headings, last in _candidates(first, index, row):
            score = sum(sure for _, sure in _chosen(kind, headings).values())
            if score > best[0]:
                best = (score, last, headings)
    _, last, headings = best
    if not headings:
        return Layout(columns=(), heading_row=0)
    begins = first[last + 1 :]
    while begins and _only_numbers_columns(begins[0]):
        last, begins = last + 1, begins[1:]
    width = max(len(row.cells) for row in first[last:])
    said = _unique(headings, width, begins)
    fields = _chosen(kind, headings)
    layout = Layout(
        columns=tuple(
            Column(place=place, heading=heading, field=fields[place][0] if place in fields else None)
            for place, heading in sorted(said.items())
        ),
        heading_row=first[last].number,
    )
    return layout if saved is None else with_columns(kind, layout, saved)


def with_columns(kind: RecordKind, layout: Layout, saved: Mapping[str, str | None]) -> Layout:
    """Return a layout in which columns fill what a person says; headings it does not name stay as they are.

    A field that is no field of the kind is left out; of two columns for one field the first fills it.
    """
    known = {ID, *(field.name for field in kind.fields), *([QUANTITY] if kind.has_lots else [])}
    said = {words(heading): field for heading, field in saved.items()}
    exact = {_clean(heading): field for heading, field in saved.items()}
    taken: set[str] = set()
    columns: dict[int, str | None] = {}
    for is_said in (True, False):
        for column in layout.columns:
            key = words(column.heading)
            if (key in said or column.heading in exact) is not is_said:
                continue
            field = exact.get(column.heading, said.get(key)) if is_said else column.field
            columns[column.place] = field if field in known and field not in taken else None
            taken.update({field} if field is not None else ())
    return replace(layout, columns=tuple(replace(one, field=columns[one.place]) for one in layout.columns))


def _names(kind: RecordKind) -> tuple[Mapping[_Words, str], ...]:
    """Return what stands for the fields, surest first: name and label, label without brackets, alias."""
    exact: dict[_Words, str] = {words(one): ID for one in _ID_NAMES}
    if kind.has_lots:
        exact |= {words(one): QUANTITY for one in _QUANTITY_NAMES}
    bare: dict[_Words, str] = {}
    aliases: dict[_Words, str] = {}
    for field in kind.fields:
        for text in (field.name.replace("_", " "), field.told.vi, field.told.en):
            exact.setdefault(words(text), field.name)
            bare.setdefault(words(_IN_BRACKETS.sub(" ", text)), field.name)
        for text in field.aliases:
            aliases.setdefault(words(text), field.name)
    return exact, bare, aliases


def _chosen(kind: RecordKind, headings: Sequence[str]) -> dict[int, tuple[str, int]]:
    """Return the field of each column and how sure it is, the surest first; a field is filled by one column only."""
    names = _names(kind)
    found: dict[int, tuple[str, int]] = {}
    taken: set[str] = set()
    measures = {one.name for one in kind.fields if one.form in _MEASURES}
    split = [(words(heading), words(_IN_BRACKETS.sub(" ", heading))) for heading in headings]
    for rank, known in enumerate(names):
        for place, (whole, bare) in enumerate(split):
            field = known.get(whole) or known.get(bare)
            if place not in found and field is not None and field not in taken:
                found[place] = field, len(names) + 1 - rank
                taken.add(field)
    for place, (whole, _) in enumerate(split):
        field = None if place in found else _beginning(names, whole)
        if field is not None and field not in taken and field not in measures:
            found[place] = field, 1
            taken.add(field)
    return found


def _beginning(names: Iterable[Mapping[_Words, str]], heading: _Words) -> str | None:
    """Return the field whose name a heading begins with, by the longest name."""
    for length in range(len(heading) - 1, _LEAST_BEGINNING - 1, -1):
        for known in names:
            if heading[:length] in known:
                return known[heading[:length]]
    return None


def _candidates(first: Sequence[Row], index: int, row: Row) -> Iterable[tuple[tuple[str, ...], int]]:
    """Return a row as headings, alone and together with the next, whose cells count where both say something."""
    alone = tuple(_clean(cell) for cell in row.cells)
    yield alone, index
    if index + 1 < len(first):
        below = tuple(_clean(cell) for cell in first[index + 1].cells)
        width = max(len(alone), len(below))
        above = (*alone, *[""] * (width - len(alone)))
        yield tuple(low or high for high, low in zip(above, (*below, *[""] * width), strict=False)), index + 1


def _unique(headings: Sequence[str], width: int, rows: Sequence[Row]) -> dict[int, str]:
    """Return a heading of its own for each column that has one, or has something below."""
    said: dict[int, str] = {}
    for place in range(width):
        heading = headings[place] if place < len(headings) else ""
        if not heading and all(place >= len(row.cells) or is_blank(row.cells[place]) for row in rows):
            continue
        base = heading or f"Cột {letters(place)}"
        number, name = 1, base
        while name in said.values():
            number += 1
            name = f"{base} ({number})"
        said[place] = name
    return said


def letters(place: int) -> str:
    """Return a column's name as a spreadsheet shows it: A, B, ..., Z, AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name


def _only_numbers_columns(row: Row) -> bool:
    """Return whether a row numbers the columns, as forms of the Ministry of Finance do: A, B, 1, 2, 3=1-2."""
    said = [_clean(cell).strip("()") for cell in row.cells if not is_blank(cell)]
    signs = [letters(place) for place in range(len(said))]
    count = sum(1 for one in said if one.isalpha())
    numbers = [one.partition("=")[0] for one in said[count:]]
    return (
        len(said) >= _LEAST_NUMBERED
        and said[:count] == signs[:count]
        and numbers == [str(number) for number in range(1, len(numbers) + 1)]
    )


def _clean(cell: Cell) -> str:
    if cell is None or isinstance(cell, bool):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = "".join(sign if sign.isprintable() else " " for sign in str(cell)[: 4 * _LONGEST_HEADING])
    return " ".join(text.split())[:_LONGEST_HEADING]


def sample_text(cell: Cell) -> str:
    """Return a cell as a person sees it, cut to a line."""
    if isinstance(cell, date):
        return f"{cell:%d/%m/}{cell.year:04}"
    return _clean(cell)
