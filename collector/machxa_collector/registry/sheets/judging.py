"""Judge one row of a file: the record it makes or changes, or why it cannot be used."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from machxa_collector.registry.records import (
    BadCell,
    Cell,
    Field,
    Form,
    Got,
    Known,
    Record,
    RecordKind,
    Told,
    Value,
    faults,
    read,
)
from machxa_collector.registry.sheets.layout import ID_TOLD, QUANTITY, Layout
from machxa_collector.registry.sheets.rows import ID, Row, is_blank
from machxa_collector.registry.sheets.splitting import MOST_PIECES, quantity_of
from machxa_collector.registry.sheets.standing import Ambiguous, Kept, Key, Standing, keys_of, tells_apart
from machxa_collector.registry.units.fold import words

_MOST_REMEMBERED = 5_000  # cells of one column: kinds, units and vendors repeat, codes do not
_LONGEST_TOLD = 300
_LONGEST_ID = 36
_LONGEST_TOTAL = 20
_LEFT_AS_IS = frozenset({"status"})  # an empty cell says nothing: an asset always has a status
_TOTALS = frozenset({("tong",), ("cong",), ("tong", "cong"), ("tong", "so"), ("total",)})


class Outcome(Enum):
    """Say what becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    BAD = "bad"
    LEFT_OUT = "left out"  # a row of sums below the table


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Say why a row cannot be used, or what was assumed in reading it; field None: the row as a whole."""

    row: int
    column: str
    field: str | None
    told: Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Hold what becomes of a row.

    NEW: values are the whole record. CHANGED: id names the record, values are the fields that differ, before what
    they are now. BAD: problems say why.
    """

    outcome: Outcome
    id: str | None = None
    values: Mapping[str, Value] = field(default_factory=dict)
    before: Mapping[str, Value] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    assumed: tuple[Problem, ...] = ()


class Judge:
    """Judge the rows of one file in their order."""

    def __init__(
        self,
        kind: RecordKind,
        layout: Layout,
        known: Known,
        standing: Standing,
        *,
        covers: Callable[[Value], bool] = lambda _place: True,
        again: bool = False,
    ) -> None:
        """Take what is known and kept.

        covers tells whether a place lies where the person may change something. again: this very file was taken in
        before, so a row without a key is no new record.
        """
        self._kind, self._layout, self._standing, self._covers, self._again = kind, layout, standing, covers, again
        fields = {one.name: one for one in kind.fields}
        self._columns = [
            (column.place, column.heading, _Reader(fields[column.field], known))
            for column in layout.columns
            if column.field in fields
        ]
        self._headings = {column.field: column.heading for column in layout.columns if column.field is not None}
        self._id_place = next((column.place for column in layout.columns if column.field == ID), None)
        self._count_place = next((column.place for column in layout.columns if column.field == QUANTITY), None)
        self._missing = tuple(one for one in kind.fields if one.required and one.name not in layout.fields)
        self._empty = {one.name: one.empty for one in kind.fields}
        self._of_id: dict[str, int] = {}
        self._of_key: dict[Key, tuple[tuple[int, tuple[Key, ...]], ...]] = {}
        self.lacks: set[str] = set()

    def judge(self, row: Row) -> Verdict:
        """Return what becomes of the next row."""
        if self._is_total(row):
            told = Told(vi="dòng tổng cộng, bỏ qua", en="a row of sums, left out")
            return Verdict(outcome=Outcome.LEFT_OUT, assumed=(self._remark(row, None, told),))
        said, problems, assumed = self._read(row)
        if not self._is_one(row):
            told = Told(
                vi=f"cần số nguyên từ 1 đến {MOST_PIECES}", en=f"expected a whole number from 1 to {MOST_PIECES}"
            )
            problems.append(self._remark(row, QUANTITY, told))
        if row.remark is not None:
            assumed.append(self._remark(row, None, row.remark))
        if problems:
            return Verdict(outcome=Outcome.BAD, problems=tuple(problems), assumed=tuple(assumed))
        try:
            kept = self._kept(row, said, assumed)
        except BadCell as exc:
            return self._bad(row, None, exc.told, assumed)
        except Ambiguous as exc:
            names = ", ".join(self._kind.field(name).told.vi for name in exc.fields)
            told = Told(
                vi=f"có nhiều bản ghi trùng {names}: hãy ghi {ID_TOLD.vi}",
                en=f"several records have this {', '.join(exc.fields)}: give the record id",
            )
            return self._bad(row, exc.fields[0], told, assumed)
        if row.is_finding and kept is not None:
            told = Told(vi="đã có trong sổ: giữ nguyên", en="is in the register: left as it is")
            assumed.append(self._remark(row, None, told))
            said = {}
        return self._decided(row, said, kept, assumed)

    def _read(self, row: Row) -> tuple[dict[str, Value], list[Problem], list[Problem]]:
        said: dict[str, Value] = {}
        problems: list[Problem] = []
        assumed: list[Problem] = []
        for place, heading, reader in self._columns:
            cell = row.cells[place] if place < len(row.cells) else None
            name = reader.field.name
            got = reader.read(cell)
            if isinstance(got, BadCell):
                problems.append(Problem(row=row.number, column=heading, field=name, told=_short(got.told)))
            elif name not in _LEFT_AS_IS or not is_blank(cell):
                said[name] = got.value
                if got.assumed is not None:
                    assumed.append(Problem(row=row.number, column=heading, field=name, told=_short(got.assumed)))
        return said, problems, assumed

    def _kept(self, row: Row, said: Mapping[str, Value], assumed: list[Problem]) -> Kept | None:
        """Return the record that a row is about, None when it is new; raises BadCell for an id that can be none."""
        wanted = None if self._id_place is None or self._id_place >= len(row.cells) else row.cells[self._id_place]
        if is_blank(wanted):
            return self._standing.find(said, said.keys())
        text = str(wanted).strip()
        if len(text) > _LONGEST_ID:
            raise BadCell("mã bản ghi dài quá 36 ký tự", "the record id has more than 36 characters")
        kept = self._standing.by_id(text)
        if kept is not None:
            other = self._other_of_key(said, kept)
            if other is not None:
                raise BadCell("trùng khóa với một bản ghi khác", "has the key of another record")
            return kept
        found = self._standing.find(said, said.keys())
        if found is None:
            told = Told(vi="không có bản ghi của mã này: ghi thành mới", en="no record of this id: taken as new")
            assumed.append(self._remark(row, ID, told))
        return found

    def _other_of_key(self, said: Mapping[str, Value], kept: Kept) -> Kept | None:
        before = self._standing.record(kept)
        if keys_of(self._kind, said, said.keys())[:1] == keys_of(self._kind, before, said.keys())[:1]:
            return None
        try:
            other = self._standing.find(said, said.keys())
        except Ambiguous:
            return None  # these were alike before this file
        return None if other is None or other.id == kept.id else other

    def _decided(self, row: Row, said: Mapping[str, Value], kept: Kept | None, assumed: list[Problem]) -> Verdict:
        before: Record | None = None if kept is None else self._standing.record(kept)
        record = {**(before or self._empty), **said}
        if kept is None and self._missing:
            self.lacks.update(one.name for one in self._missing)
            names = ", ".join(one.told.vi for one in self._missing)
            english = ", ".join(one.name for one in self._missing)
            told = Told(vi=f"bản ghi mới cần cột: {names}", en=f"a new record needs the columns: {english}")
            return self._bad(row, self._missing[0].name, told, assumed)
        earlier = self._earlier(row.number, kept, record, said)
        if earlier is not None:
            told = Told(vi=f"trùng với dòng {earlier}", en=f"is the same record as row {earlier}")
            return self._bad(row, None, told, assumed)
        places = {record[self._kind.place], *(() if before is None else (before[self._kind.place],))}
        if not all(map(self._covers, places)):
            told = Told(vi="ngoài địa bàn mà bạn được sửa", en="outside the territory that you may change")
            return self._bad(row, self._kind.place, told, assumed)
        differing = {name: value for name, value in said.items() if before is None or before[name] != value}
        wrong = faults(self._kind.name, record) if differing else ()
        if wrong:
            problems = tuple(self._remark(row, None, told) for told in wrong)
            return Verdict(outcome=Outcome.BAD, problems=problems, assumed=tuple(assumed))
        if kept is None or before is None:
            is_same = self._again and not keys_of(self._kind, record, said.keys())
            if not is_same:
                assumed.extend(self._like(row, record))
            return Verdict(outcome=Outcome.SAME if is_same else Outcome.NEW, values=record, assumed=tuple(assumed))
        return Verdict(
            outcome=Outcome.CHANGED if differing else Outcome.SAME,
            id=kept.id,
            values=differing,
            before={name: before[name] for name in differing},
            assumed=tuple(assumed) if differing else (),
        )

    def _like(self, row: Row, record: Mapping[str, Value]) -> Iterator[Problem]:
        """Give the remark that a new row is like a record that is there."""
        kept = self._standing.resembling(record)
        if kept is not None:
            title = " ".join(str(self._standing.record(kept)[name] or "") for name in self._kind.title).strip()
            code = f" ({self._standing.record(kept)['code']})" if self._standing.record(kept).get("code") else ""
            told = Told(
                vi=f"giống tài sản đã có: {title}{code}; vẫn ghi thành mới",
                en=f"is like one that is there: {title}{code}; taken as new all the same",
            )
            yield self._remark(row, None, told)

    def _earlier(
        self, number: int, kept: Kept | None, record: Mapping[str, Value], said: Mapping[str, Value]
    ) -> int | None:
        """Return the number of an earlier row about the same record, None when there is none, and remember this one."""
        keys = keys_of(self._kind, record, record.keys() if kept is not None else said.keys())
        if kept is not None and kept.id in self._of_id:
            return self._of_id[kept.id]
        for key in keys:
            for earlier, its in self._of_key.get(key, ()):
                if not tells_apart(keys, its, key[0]):
                    return earlier
        for key in keys:
            self._of_key[key] = (*self._of_key.get(key, ()), (number, keys))
        if kept is not None:
            self._of_id[kept.id] = number
        return None

    def _is_one(self, row: Row) -> bool:
        """Return whether a row stands for one thing: what stood for several was split before."""
        cell = (
            None if self._count_place is None or self._count_place >= len(row.cells) else row.cells[self._count_place]
        )
        return quantity_of(cell) == 1

    def _is_total(self, row: Row) -> bool:
        first = next((cell for cell in row.cells if not is_blank(cell)), None)
        return isinstance(first, str) and len(first) <= _LONGEST_TOTAL and words(first) in _TOTALS

    def _bad(self, row: Row, name: str | None, told: Told, assumed: list[Problem]) -> Verdict:
        return Verdict(outcome=Outcome.BAD, problems=(self._remark(row, name, told),), assumed=tuple(assumed))

    def _remark(self, row: Row, name: str | None, told: Told) -> Problem:
        return Problem(
            row=row.number, column="" if name is None else self._headings.get(name, ""), field=name, told=_short(told)
        )


class _Reader:
    """Read the cells of one column; what was read once is remembered, up to a bound."""

    def __init__(self, of: Field, known: Known) -> None:
        self.field, self._known = of, known
        self._read: dict[tuple[type, Cell], Got | BadCell] = {}
        # texts and codes are read as fast as they are looked up
        self._remembers = of.form not in (Form.CODE, Form.DECIMAL)

    def read(self, cell: Cell) -> Got | BadCell:
        """Return what a cell says, or why it cannot be used."""
        key = (type(cell), cell)
        got = self._read.get(key)
        if got is None:
            try:
                got = read(self.field, cell, self._known)
            except BadCell as exc:
                got = exc
            if self._remembers and len(self._read) < _MOST_REMEMBERED:
                self._read[key] = got
        return got


def _short(told: Told) -> Told:
    if len(told.vi) <= _LONGEST_TOLD and len(told.en) <= _LONGEST_TOLD:
        return told
    return Told(vi=told.vi[:_LONGEST_TOLD], en=told.en[:_LONGEST_TOLD])
