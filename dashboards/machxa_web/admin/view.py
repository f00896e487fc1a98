"""Arrange what the registry's pages show. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from machxa_web.admin.shapes import Change, Difference, FieldShape, KindShape, Preview, RecordRow, Remark
from machxa_web.languages import Language

MOST_COLUMNS = 6  # of a list on a desk's screen; the rest stands on the record's own page
_LONG = 300
_BETWEEN = "; "  # the parts of a list


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """Hold one field of a form; control is "select", "area" or "line"."""

    field: FieldShape
    label: str
    value: str
    control: str
    hint: str
    options: tuple[tuple[str, str], ...]
    faults: tuple[str, ...]
    assumed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Hold one difference in words."""

    label: str
    before: str
    after: str


def label(language: Language, one: FieldShape | KindShape) -> str:
    """Return the name of a field or kind in a language."""
    return one.vi if language.code == "vi" else one.en


def said(language: Language, remark: Remark) -> str:
    """Return a remark in a language."""
    return remark.vi if language.code == "vi" else remark.en


def left_to_do(kinds: tuple[KindShape, ...], hours: tuple[RecordRow, ...]) -> tuple[KindShape, ...]:
    """Return the kinds to fill next by who may; of calendars until the hours of the province are confirmed."""
    if not any(one.name == "units" and one.count for one in kinds):
        return ()
    return tuple(
        one
        for one in kinds
        if (one.name == "calendars" and not any(map(_is_confirmed, hours)) and "change" in one.allowed)
        or (one.name != "calendars" and not one.count and "import" in one.allowed)
    )


def _is_confirmed(hours: RecordRow) -> bool:
    return (hours.values.get("rule"), hours.values.get("confidence")) == ("week", "confirmed")


def columns(kind: KindShape) -> tuple[FieldShape, ...]:
    """Return the fields a list shows: the first ones, without long texts and lists of ids."""
    return tuple(one for one in kind.fields if one.longest <= _LONG and one.form != "assets")[:MOST_COLUMNS]


def shown(language: Language, one: FieldShape, value: str) -> str:
    """Return a value as people read it: words of closed sets, money with its thousands apart, else itself."""
    if one.form == "money" and value.isascii() and value.isdigit():
        return language.number(int(value), 0)
    if one.form == "list" and one.choices:
        return _BETWEEN.join(_word(language, one, part) for part in value.split(_BETWEEN))
    return _word(language, one, value)


def _word(language: Language, one: FieldShape, value: str) -> str:
    for choice in one.choices:
        if choice.value == value:
            return choice.vi if language.code == "vi" else choice.en
    return value


def inputs(language: Language, kind: KindShape, values: Mapping[str, str], preview: Preview) -> tuple[Input, ...]:
    """Return the fields of a form with what is wrong and what is assumed of each."""
    return tuple(
        Input(
            field=one,
            label=label(language, one),
            value=shown(language, one, text) if one.form == "list" else text,
            control="select" if one.form == "choice" else "area" if one.longest > _LONG else "line",
            hint=_HINTS.get(one.form, ""),
            options=tuple((choice.value, shown(language, one, choice.value)) for choice in one.choices),
            faults=_of(language, preview.faults, one.name),
            assumed=_of(language, preview.assumed, one.name),
        )
        for one in kind.fields
        for text in (values.get(one.name, ""),)
    )


def whole_faults(language: Language, kind: KindShape, preview: Preview) -> tuple[str, ...]:
    """Return the faults that belong to no field of the form."""
    names = {one.name for one in kind.fields}
    return tuple(said(language, one) for one in preview.faults if one.field not in names)


def lines(language: Language, kind: KindShape, differences: tuple[Difference, ...]) -> tuple[Line, ...]:
    """Return differences with the fields' names and the words of closed sets."""
    fields = {one.name: one for one in kind.fields}
    return tuple(
        Line(
            label=label(language, fields[one.field]) if one.field in fields else one.field,
            before=shown(language, fields[one.field], one.before) if one.field in fields else one.before,
            after=shown(language, fields[one.field], one.after) if one.field in fields else one.after,
        )
        for one in differences
    )


def altered(language: Language, kind: KindShape, change: Change) -> tuple[Line, ...]:
    """Return the fields that a change altered, in the order of the kind's fields."""
    before, after = change.before or {}, change.after or {}
    order = {one.name: number for number, one in enumerate(kind.fields)}
    names = sorted({*before, *after}, key=lambda name: (order.get(name, len(order)), name))
    found = (Difference(field=name, before=before.get(name, ""), after=after.get(name, "")) for name in names)
    return lines(language, kind, tuple(one for one in found if one.before != one.after))


def _of(language: Language, remarks: tuple[Remark, ...], name: str) -> tuple[str, ...]:
    return tuple(said(language, one) for one in remarks if one.field == name)


_HINTS = {  # form -> what an entry looks like; the same in both languages
    "date": "25/11/2026",
    "moment": "25/11/2026 07:30",
    "money": "12.500.000",
    "decimal": "99,5",
    "count": "2019",
    "unit": "29410",
    "list": "…; …",
    "assets": "TS-001; TS-002",
}
