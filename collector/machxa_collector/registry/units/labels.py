"""Take apart the names that units have and had, so that search can compare words with words."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

from machxa_collector.registry.units.collation import sort_key
from machxa_collector.registry.units.fold import spelled, words
from machxa_collector.registry.units.lookup import Units
from machxa_collector.registry.units.values import Kind, Unit

# What people write for a type, folded. Those of districts and towns stand before old names only.
TYPE_WORDS = {
    "tỉnh": (("tinh",),),
    "thành phố": (("thanh", "pho"), ("tp",)),
    "xã": (("xa",), ("x",)),
    "phường": (("phuong",), ("p",)),
    "đặc khu": (("dac", "khu"), ("dk",)),
    "thị trấn": (("thi", "tran"), ("tt",)),
    "thị xã": (("thi", "xa"), ("tx",)),
    "quận": (("quan",), ("q",)),
    "huyện": (("huyen",), ("h",)),
}
_WORDS_OF_TYPE = {kind: frozenset(chain.from_iterable(phrases)) for kind, phrases in TYPE_WORDS.items()}
_WORDS_OF_TYPE[""] = frozenset(("ttpvhcc", "tthcc", "hcc"))  # a centre's name has no type in front
_KIND_ORDER = {Kind.PROVINCE: 0, Kind.COMMUNE: 1, Kind.CENTRE: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """Hold one name of one unit as search compares it; all words folded but those of `spelling`."""

    code: str
    text: str
    rows: tuple[Unit, ...]  # when the unit had this name; empty for a name from before our data
    name: tuple[str, ...]  # without the type
    spelling: tuple[str, ...]
    type_words: frozenset[str]
    short: tuple[str, ...]  # the code, and a province's initials ("hcm"): as good as its whole name


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """Hold all labels of a table of units and which of them have a word. Built once, changed never.

    Labels are numbered by kind, then as a dictionary orders the names that units have now: the order of equals.
    """

    units: Units
    labels: tuple[Label, ...]
    having: Mapping[str, array[int]]
    leading: Mapping[str, array[int]]  # the labels whose name begins with the word
    named: Mapping[tuple[str, ...], array[int]]  # the labels whose whole name these words are
    alphabet: tuple[str, ...]  # every word, sorted


def build_index(units: Units) -> Index:
    """Return the index of every name that a unit of the table has or had."""
    newest = (units.history(code)[-1] for code in units.codes)
    ordered = sorted(newest, key=lambda unit: (_KIND_ORDER[unit.kind], sort_key(unit.name), unit.code))
    labels: list[Label] = []
    having: dict[str, array[int]] = {}
    leading: dict[str, array[int]] = {}
    named: dict[tuple[str, ...], array[int]] = {}
    for unit in ordered:
        history = units.history(unit.code)
        places = _places(unit, units.history(unit.parent) if unit.parent else ())
        for text in dict.fromkeys((*(row.full_name for row in history), *unit.old_names)):
            label = _label(unit, text, tuple(row for row in history if row.full_name == text))
            for word in places.union(label.name, label.type_words, label.short):
                having.setdefault(word, array("L")).append(len(labels))
            for word in label.name[:1]:
                leading.setdefault(word, array("L")).append(len(labels))
            named.setdefault(label.name, array("L")).append(len(labels))
            labels.append(label)
    return Index(
        units=units,
        labels=tuple(labels),
        having=having,
        leading=leading,
        named=named,
        alphabet=tuple(sorted(having)),
    )


def _label(unit: Unit, text: str, rows: tuple[Unit, ...]) -> Label:
    kind = next((kind for kind in TYPE_WORDS if text.lower().startswith(f"{kind} ")), "")
    name = words(text[len(kind) :])
    initials = ("".join(word[0] for word in name),) if unit.kind is Kind.PROVINCE else ()
    return Label(
        code=unit.code,
        text=text,
        rows=rows,
        name=name,
        spelling=spelled(text),
        type_words=_WORDS_OF_TYPE[kind],
        short=(unit.code.lower(), *initials),
    )


def _places(unit: Unit, province: tuple[Unit, ...]) -> frozenset[str]:
    names = (*unit.old_places, *(row.full_name for row in province))
    return frozenset(word for name in names for word in words(name))
