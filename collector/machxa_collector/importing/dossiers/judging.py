"""Turn a row of a file into what is stored, or into what is wrong with it: a million times, so little is done twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial

from machxa_collector.impact.words import Group
from machxa_collector.importing.dossiers import cells
from machxa_collector.importing.dossiers.fields import KINDS
from machxa_collector.importing.dossiers.mapping import DossierMapping
from machxa_collector.importing.dossiers.private import is_personal_number
from machxa_collector.registry.records import BadCell, Cell, Told
from machxa_collector.registry.sheets import Layout, Problem, Row
from machxa_collector.registry.sheets.rows import is_blank
from machxa_collector.registry.units.fold import words
from machxa_collector.store.dossiers.merging import Values
from machxa_collector.store.dossiers.sources import number_hash
from machxa_collector.store.dossiers.words import DAY_MS, Kind

_LONGEST_NUMBER, _LONGEST_FIELD = 64, 60
_SUMS = frozenset({"tong cong", "tong so", "cong", "tong", "total"})
_MOST_TEXTS = 100_000
_MOST_COUNTED = 1_000
_NOTHING = Told(
    vi="chưa có giá trị (nếu là ô gộp, hãy bỏ gộp và điền từng dòng)",
    en="is empty (if cells are merged here, take them apart and fill each row)",
)

Reader = Callable[[Sequence[Cell]], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Say for whom files are read: which unit a text names, whether one lies in their territory, now (ms).

    salt: dossier numbers are kept as hashes under it, None: as they are.
    """

    units: Callable[[str], tuple[str, ...]]
    covers: Callable[[str], bool]
    now_ms: int
    salt: bytes | None = None


@dataclass(slots=True, kw_only=True)
class Noticed:
    """Count what a person should see before anything is stored; texts of files, cut."""

    unknown_units: Counter[str] = field(default_factory=Counter)
    groups: dict[str, Group] = field(default_factory=dict)
    guessed: set[str] = field(default_factory=set)  # fields of no word that we know: taken as "other"
    unknown_statuses: Counter[str] = field(default_factory=Counter)
    personal_numbers: int = 0


class LeftOut(Exception):
    """Say that a row is no record: a sum, or the heading again."""


class BadRow(Exception):
    """Hold what is wrong with a row."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Take the problems, at least one."""
        super().__init__(problems[0].told.en)
        self.problems = problems


class RowJudge:
    """Judge rows of one file; values come in the order of the store's columns."""

    def __init__(self, mapping: DossierMapping, layout: Layout, place: Place) -> None:
        """Take how the file is read; Noticed fills as rows pass."""
        self.noticed = Noticed()
        self._mapping, self._place = mapping, place
        self._columns = {one.field: one for one in layout.columns if one.field is not None}
        self._heading = {column.place: words(column.heading) for column in layout.columns}
        self._moments = cells.Moments()
        self._latest = place.now_ms + DAY_MS
        self._is_second = False  # while a row that cannot be used is read again: each is counted once
        self._unit_of = lru_cache(maxsize=_MOST_TEXTS)(self._unit)
        self._group_of = lru_cache(maxsize=_MOST_TEXTS)(self._group)
        self._status_of = lru_cache(maxsize=_MOST_TEXTS)(self._status)
        self._online_of = lru_cache(maxsize=_MOST_TEXTS)(self._online)
        known = {one.name for one in KINDS[mapping.kind].fields}
        self._readers = self._rows() if mapping.kind is Kind.ROWS else self._counts()
        self.fields: Collection[str] = [name for name in self._columns if name in known]

    def judge(self, row: Row) -> Values:
        """Return a row's values; raises BadRow, and LeftOut for what is no record."""
        told = row.cells
        try:
            return tuple([read(told) for _, read in self._readers])
        except (BadCell, IndexError):
            self._look(row)
            self._is_second = True
            problems = self._problems(row)
            self._is_second = False
            raise BadRow(problems) from None

    def _problems(self, row: Row) -> tuple[Problem, ...]:
        """Read a row again that cannot be used, and collect all that is wrong with it."""
        found = []
        width = 1 + max((column.place for column in self._columns.values()), default=0)
        padded = [*row.cells, *[None] * (width - len(row.cells))]
        for name, read in self._readers:
            try:
                read(padded)
            except BadCell as exc:
                column = self._columns.get(name)
                heading = column.heading if column else ""
                found.append(Problem(row=row.number, column=heading, field=name, told=exc.told))
        return tuple(found)

    def _look(self, row: Row) -> None:
        """Raise LeftOut for a row of sums and for the heading again, as printed tables have them."""
        filled = [cell for cell in row.cells if not is_blank(cell)]
        if filled and isinstance(filled[0], str) and " ".join(words(filled[0])) in _SUMS:
            raise LeftOut
        same = sum(
            1
            for place, heading in self._heading.items()
            if place < len(row.cells) and heading and words(str(row.cells[place] or "")) == heading
        )
        if same >= min(2, len(self._heading)):
            raise LeftOut

    def _rows(self) -> Sequence[tuple[str, Reader]]:
        start, end = partial(self._moments.read, at_day_end=False), partial(self._moments.read, at_day_end=True)
        return (
            ("number", self._needed("number", self._number)),
            ("unit", self._unit_reader()),
            ("field", self._group_reader()),
            ("received", self._needed("received", lambda cell: self._past(start(cell)))),
            ("due", self._optional("due", end)),
            ("extended", self._optional("extended", end)),
            ("released", self._optional("released", lambda cell: self._past(end(cell)))),
            ("finished", self._optional("finished", lambda cell: self._past(end(cell)))),
            ("done", self._optional("done", lambda cell: self._past(end(cell)))),
            ("online", self._optional("online", lambda cell: self._online_of(str(cell)))),
            ("status", self._optional("status", lambda cell: self._status_of(str(cell)))),
        )

    def _counts(self) -> Sequence[tuple[str, Reader]]:
        count = lru_cache(maxsize=_MOST_TEXTS)(cells.read_count)
        day = lru_cache(maxsize=_MOST_TEXTS)(cells.read_day)
        latest = self._latest // DAY_MS + 1

        def past(cell: Cell) -> int:
            if (told := day(cell)) > latest:
                raise BadCell("ngày ở tương lai", "the day lies in the future")
            return told

        names = [one.name for one in KINDS[Kind.COUNTS].fields][4:]
        return (
            ("unit", self._unit_reader()),
            ("field", self._optional("field", _field_name, "")),
            ("day", self._needed("day", past)),
            ("field", self._group_reader()),
            ("received", self._needed("received", count)),
            *((name, self._optional(name, count)) for name in names),
        )

    def _needed(self, name: str, read: Callable[[Cell], object]) -> Reader:
        column = self._columns.get(name)
        if column is None:
            return _missing
        place = column.place

        def needed(row: Sequence[Cell]) -> object:
            cell = row[place]
            try:
                if cell is not None and cell != "":
                    return read(cell)
            except BadCell:
                if not cells.is_empty(cell):
                    raise
            raise BadCell(_NOTHING.vi, _NOTHING.en)

        return needed

    def _optional(self, name: str, read: Callable[[Cell], object], otherwise: object = None) -> Reader:
        column = self._columns.get(name)
        if column is None:
            return lambda _row: otherwise
        place = column.place

        def optional(row: Sequence[Cell]) -> object:
            cell = row[place] if place < len(row) else None
            if cell is None or cell == "":
                return otherwise
            try:
                return read(cell)
            except BadCell:  # such as "null"; seen last, since hardly a cell says so
                if not cells.is_empty(cell):
                    raise
                return otherwise

        return optional

    def _unit_reader(self) -> Reader:
        whole = self._mapping.unit
        if "unit" not in self._columns and whole is not None:
            return lambda _row: self._unit_of(whole)
        return self._needed("unit", lambda cell: self._unit_of(_plain(cell)))

    def _group_reader(self) -> Reader:
        by_field = self._optional("field", lambda cell: self._group_of(_plain(cell)))
        by_service = self._optional("service", lambda cell: self._group_of(_plain(cell)))

        def group(row: Sequence[Cell]) -> str:
            return str(by_field(row) or by_service(row) or Group.OTHER.value)

        return group

    def _number(self, cell: Cell) -> str:
        text = " ".join(_plain(cell).split())
        if cells.is_empty(text):
            raise BadCell(_NOTHING.vi, _NOTHING.en)
        if len(text) > _LONGEST_NUMBER or not text.isprintable():
            raise BadCell("số hồ sơ dài quá 64 ký tự", "the dossier number has more than 64 characters")
        if text[:1] in "0+8(" and not self._is_second and is_personal_number(text):
            self.noticed.personal_numbers += 1
        return text if self._place.salt is None else number_hash(self._place.salt, text)

    def _past(self, ms: int) -> int:
        if ms > self._latest:
            raise BadCell("thời điểm ở tương lai", "the time lies in the future")
        return ms

    def _unit(self, text: str) -> str:
        code = self._mapping.units.get(text)
        found = (code,) if code is not None else self._place.units(text)
        if len(found) > 1:
            raise BadCell(
                f"{text[:60]!r} có thể là {', '.join(found[:3])}: ghép trong bảng ghép",
                f"{text[:60]!r} may be {', '.join(found[:3])}: say which in the mapping",
            )
        if not found:
            if self._is_second and len(self.noticed.unknown_units) < _MOST_COUNTED:
                self.noticed.unknown_units[text[:100]] += 1
            raise BadCell(
                f"không có đơn vị {text[:60]!r}: ghép với mã xã trong bảng ghép",
                f"there is no unit {text[:60]!r}: name its code in the mapping",
            )
        if not self._place.covers(found[0]):
            raise BadCell(f"{found[0]} ngoài địa bàn của bạn", f"{found[0]} is outside your territory")
        return found[0]

    def _group(self, text: str) -> str | None:
        if cells.is_empty(text):
            return None
        group = self._mapping.groups.get(text) or cells.group_of(text)
        if len(self.noticed.groups) < _MOST_COUNTED:
            self.noticed.groups[text[:100]] = group or Group.OTHER
            if group is None:
                self.noticed.guessed.add(text[:100])
        return (group or Group.OTHER).value

    def _status(self, text: str) -> str | None:
        if cells.is_empty(text):
            return None
        status = self._mapping.statuses.get(text.strip()) or cells.status_of(text)
        if status is None and len(self.noticed.unknown_statuses) < _MOST_COUNTED:
            self.noticed.unknown_statuses[text[:100]] += 1
        return None if status is None else status.value

    def _online(self, text: str) -> bool | None:
        heading = self._columns["online"].heading
        return (
            cells.read_channel(text)
            if "kenh" in words(heading) or "kenhthuchien" in words(heading)
            else cells.read_online(text)
        )


def _missing(_row: Sequence[Cell]) -> object:
    raise BadCell("không cột nào ghép với trường này", "no column fills this field")


def _plain(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip()


def _field_name(cell: Cell) -> str:
    return " ".join(_plain(cell).split())[:_LONGEST_FIELD]


def needs(mapping: DossierMapping, layout: Layout) -> tuple[str, ...]:
    """Return the fields that a file of this kind needs and that no column fills."""
    filled: Mapping[str, bool] = dict.fromkeys((one.field for one in layout.columns if one.field), True)
    asked = [one.name for one in KINDS[mapping.kind].fields if one.required]
    return tuple(name for name in asked if name not in filled and not (name == "unit" and mapping.unit))
