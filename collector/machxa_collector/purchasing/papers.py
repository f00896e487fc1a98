"""Read what planning rests on from the files that people write: rules, prices, staff, scenarios. Pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Annotated, TypeVar

import msgspec

from machxa_collector.planning.bundles import Lock
from machxa_collector.planning.ceilings import MOST_FURTHER, Ceilings, Source
from machxa_collector.planning.needs import COSTING
from machxa_collector.planning.overrides import Override
from machxa_collector.planning.prices import Price, PriceTable
from machxa_collector.planning.rules import BadRules, Rules, read_rules
from machxa_collector.planning.words import Action, Item, Title
from machxa_collector.registry.learnt import learnt
from machxa_collector.registry.sheets import BadFile
from machxa_collector.registry.units.fold import fold
from machxa_collector.sheets.delimited import read_csv

MOST_BYTES = 4 * 1024 * 1024
_MOST_VND = 10**15
_MARKS = re.compile("[. \u00a0]")
_GROUPED = re.compile(f"[0-9]{{1,3}}({_MARKS.pattern}[0-9]{{3}})+")
_AnyWord = TypeVar("_AnyWord", bound=Enum)


class PaperKind(Enum):
    """Name what planning rests on."""

    RULES = "rules"
    PRICES = "prices"
    UNITS = "units"
    SCENARIO = "scenario"
    PREVIOUS = "previous"


class BadPaper(ValueError):
    """Say what of a paper cannot be used; whoever wrote it can mend it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitSaid:
    """Hold what was entered of a unit: its staff by title, counters of its centre, whether it handles land."""

    staff: Mapping[Title, int] = field(default_factory=dict)
    counters: int | None = None
    handles_land: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Hold ceilings, locks and overrides under a name."""

    name: str
    ceilings: Ceilings
    locks: Mapping[str, Lock]
    overrides: tuple[Override, ...] = ()


class _Lock(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    line: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    way: str
    reason: Annotated[str, msgspec.Meta(max_length=500)]
    actor: Annotated[str, msgspec.Meta(max_length=200)] = ""


class _Override(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    line: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    reason: Annotated[str, msgspec.Meta(max_length=500)]
    quantity: int | None = None
    action: Action | None = None
    exceptions: list[str] = []
    actor: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    on: date | None = None


_Vnd = Annotated[int, msgspec.Meta(ge=0, le=_MOST_VND)]
_Word = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]


class _Source(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    name: _Word
    vnd: _Vnd
    items: Annotated[list[Item], msgspec.Meta(min_length=1)] | None = None
    actions: Annotated[list[Action], msgspec.Meta(min_length=1)] | None = None
    units: Annotated[list[str], msgspec.Meta(min_length=1, max_length=10_000)] | None = None


@learnt
class _Scenario(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    shared_vnd: _Vnd
    shared_source: _Word = "Ngân sách tỉnh"
    own_source: _Word = "Ngân sách xã"
    own_vnd: dict[str, _Vnd] = {}
    own_items: list[Item] | None = None
    minimum_per_1000: _Vnd | None = None
    source: Annotated[list[_Source], msgspec.Meta(max_length=MOST_FURTHER)] = []
    lock: Annotated[list[_Lock], msgspec.Meta(max_length=10_000)] = []
    override: Annotated[list[_Override], msgspec.Meta(max_length=10_000)] = []


def read_scenario(name: str, text: str, kept_by: str = "", kept_on: date = date.min) -> Scenario:
    """Return a scenario written as TOML: shared_vnd, own_vnd by unit, own_items, minimum_per_1000, and tables.

    The tables are [[source]], [[lock]] and [[override]].

    An override that does not say whose it is, or of when, is of whoever kept the paper, and of then. Raises BadPaper.
    """
    try:
        told = msgspec.convert(tomllib.loads(text), _Scenario)
        locks = {one.line: Lock(line=one.line, way=one.way, reason=one.reason, actor=one.actor) for one in told.lock}
        overrides = tuple(_override(one, kept_by, kept_on) for one in told.override)
        further = _told_apart([_source(one) for one in told.source], (told.shared_source, told.own_source))
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, ValueError) as refused:
        raise BadPaper(f"the scenario is not as expected: {refused}") from refused
    ceilings = Ceilings(
        shared_vnd=told.shared_vnd,
        own_vnd=told.own_vnd,
        own_items=None if told.own_items is None else frozenset(told.own_items),
        shared_source=told.shared_source,
        own_source=told.own_source,
        further=further,
        minimum_per_1000=told.minimum_per_1000,
    )
    return Scenario(name=name, ceilings=ceilings, locks=locks, overrides=overrides)


def _told_apart(further: Sequence[Source], others: Sequence[str]) -> tuple[Source, ...]:
    """Return further sources that a reader can tell from each other and from the others; raises ValueError."""
    taken = {fold(name) for name in others}
    for one in further:
        if fold(one.name) in taken:
            raise ValueError(f"two sources are called {one.name!r}")
        taken.add(fold(one.name))
    return tuple(further)


def _source(told: _Source) -> Source:
    actions = None if told.actions is None else frozenset(told.actions)
    if actions is not None and not actions <= set(COSTING):
        raise ValueError(f"a source pays for {', '.join(one.value for one in COSTING)}")
    return Source(
        name=told.name,
        vnd=told.vnd,
        items=None if told.items is None else frozenset(told.items),
        actions=actions,
        units=None if told.units is None else frozenset(told.units),
    )


def _override(told: _Override, kept_by: str, kept_on: date) -> Override:
    return Override(
        line=told.line,
        reason=told.reason,
        actor=kept_by if told.actor is None else told.actor,
        on=kept_on if told.on is None else told.on,
        quantity=told.quantity,
        action=told.action,
        exceptions=frozenset(told.exceptions),
    )


def read_prices(content: bytes, version: str = "") -> PriceTable:
    """Return the price table of a CSV file: item, vnd, source; action, approved_on, quotations; raises BadPaper."""
    rows = []
    for number, row in _table(content, _PRICES, ("item", "vnd", "source")):
        rows.append(
            Price(
                item=_word(Item, row["item"], number),
                vnd=_count(row["vnd"], number, least=1, most=10**11),
                source=row["source"],
                action=_word(Action, row.get("action") or "buy", number),
                approved_on=_day(row["approved_on"], number) if row.get("approved_on") else None,
                quotations=tuple(one.strip() for one in row.get("quotations", "").split("|") if one.strip()),
            )
        )
    return PriceTable(tuple(rows), version)


def read_units(content: bytes) -> dict[str, UnitSaid]:
    """Return staff and counters by unit code from a CSV file; an empty cell is not known; raises BadPaper."""
    found: dict[str, UnitSaid] = {}
    for number, row in _table(content, _UNITS, ("unit",)):
        if row["unit"] in found:
            raise BadPaper(f"row {number}: the unit {row['unit']!r} is there twice")
        titles = {title: row.get(title.value, "") for title in Title}
        land = row.get("handles_land", "")
        found[row["unit"]] = UnitSaid(
            staff={title: _count(cell, number, most=10_000) for title, cell in titles.items() if cell},
            counters=_count(row["counters"], number, most=1000) if row.get("counters") else None,
            handles_land=_yes(land, number) if land else None,
        )
    return found


def read_previous(content: bytes) -> frozenset[str]:
    """Return the ids of the lines that last year's plan paid, from that plan's own CSV file; raises BadPaper.

    Rows without a source of money were left out then.
    """
    return frozenset(
        row["line"] for _, row in _table(content, _PREVIOUS, ("line",)) if "source" not in row or row["source"]
    )


def checked(kind: PaperKind, name: str, content: bytes) -> str:
    """Return a paper's text once it was read without a fault; raises BadPaper."""
    if len(content) > MOST_BYTES:
        raise BadPaper(f"the paper has {len(content)} bytes, expected at most {MOST_BYTES}")
    if kind is PaperKind.PRICES:
        read_prices(content)
    elif kind is PaperKind.UNITS:
        read_units(content)
    elif kind is PaperKind.PREVIOUS:
        read_previous(content)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as refused:
        raise BadPaper("the paper is not UTF-8") from refused
    if kind is PaperKind.RULES:
        rules_of(text)
    elif kind is PaperKind.SCENARIO:
        read_scenario(name, text)
    return text


def rules_of(text: str) -> Rules:
    """Return the shipped rules with a province's own; raises BadPaper."""
    try:
        return read_rules(text)
    except BadRules as refused:
        raise BadPaper(str(refused)) from refused


def _table(content: bytes, headings: Mapping[str, str], needed: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield rows by the names of their columns, which stand in the first row in English or Vietnamese."""
    columns: dict[int, str] | None = None
    try:
        for row in read_csv(content):
            cells = ["" if cell is None else str(cell).strip() for cell in row.cells]
            if columns is None:
                named = {at: headings.get(fold(cell)) for at, cell in enumerate(cells)}
                columns = {at: name for at, name in named.items() if name}
                lacking = set(needed) - set(columns.values())
                if lacking:
                    raise BadPaper(f"the columns {sorted(lacking)} are missing; the first row names the columns")
            elif any(cells):
                told = {name: cells[at] for at, name in columns.items() if at < len(cells)}
                empty = [name for name in needed if not told.get(name)]
                if empty:
                    raise BadPaper(f"row {row.number}: {empty[0]} is empty")
                yield row.number, told
    except BadFile as refused:
        raise BadPaper(refused.told.en) from refused


def _count(cell: str, row: int, *, least: int = 0, most: int = 10**12) -> int:
    digits = _MARKS.sub("", cell) if _GROUPED.fullmatch(cell) else cell  # 1.5 is no 15, nor is 12500000.0 ten times it
    if not digits.isdecimal() or len(digits) > 15 or not least <= int(digits) <= most:  # noqa: PLR2004 - digits of a sum
        raise BadPaper(f"row {row}: {cell!r}, expected a whole number from {least} to {most}")
    return int(digits)


def _day(cell: str, row: int) -> date:
    try:
        day, month, year = cell.split("/") if "/" in cell else cell.split("-")[::-1]
        return date(int(year), int(month), int(day))
    except ValueError as refused:
        raise BadPaper(f"row {row}: {cell!r}, expected a day like 31/05/2026") from refused


def _yes(cell: str, row: int) -> bool:
    known = {"1": True, "co": True, "yes": True, "x": True, "0": False, "khong": False, "no": False}
    if fold(cell) not in known:
        raise BadPaper(f"row {row}: {cell!r}, expected có or không")
    return known[fold(cell)]


def _word(words: type[_AnyWord], cell: str, row: int) -> _AnyWord:
    try:
        return words(cell.lower())
    except ValueError as refused:
        known = ", ".join(one.value for one in words)
        raise BadPaper(f"row {row}: {cell!r}, expected one of {known}") from refused


_PREVIOUS = {"ma dong": "line", "line": "line", "line id": "line", "nguon kinh phi": "source", "source": "source"}
_PRICES = {"item": "item", "loai": "item", "vnd": "vnd", "don gia": "vnd", "source": "source", "can cu": "source"}
_PRICES |= {"action": "action", "phuong an": "action", "approved_on": "approved_on", "ngay duyet": "approved_on"}
_PRICES |= dict.fromkeys(("quotations", "bao gia"), "quotations")
_UNITS = {"unit": "unit", "ma don vi": "unit", "vi": "vi", "nhom vi": "vi", "vii": "vii", "nhom vii": "vii"}
_UNITS |= {"viii": "viii", "nhom viii": "viii", "counters": "counters", "so quay": "counters"}
_UNITS |= dict.fromkeys(("handles_land", "co dat dai"), "handles_land")
