"""Write records as the rows of a file that reads back the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from enum import Enum

from machxa_collector.registry.records import SEPARATOR, Cell, Field, Form, Record, RecordKind, Value, show
from machxa_collector.registry.sheets.layout import ID_TOLD
from machxa_collector.registry.speech import Language

_VIET_NAM = timezone(timedelta(hours=7))
_FIRST_DAY = date(1900, 3, 1)  # before it spreadsheets disagree: 29/02/1900 was none
_WIDTHS: Mapping[Form, int] = {Form.DATE: 12, Form.MOMENT: 18, Form.MONEY: 16, Form.DECIMAL: 12, Form.UNIT: 12}
_WIDTH, _NARROW = 24, 16


class Look(Enum):
    """Say how a spreadsheet shows a column's numbers and days."""

    TEXT = "text"
    DATE = "date"
    MOMENT = "moment"
    MONEY = "money"
    NUMBER = "number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """Hold one column of a file that we write; width in characters."""

    text: str
    look: Look
    width: int


_LOOKS = {
    Form.DATE: Look.DATE,
    Form.MOMENT: Look.MOMENT,
    Form.MONEY: Look.MONEY,
    Form.DECIMAL: Look.NUMBER,
    Form.COUNT: Look.NUMBER,
}


def said_in(columns: Sequence[Heading], language: Language) -> tuple[Heading, ...]:
    """Return headings in a language; columns, their order and looks stay."""
    return tuple(
        replace(one, text=(text := language.say(one.text)), width=max(one.width, min(len(text) + 2, _NARROW)))
        for one in columns
    )


def headings(
    fields: Sequence[Field], *, with_id: bool, language: Language = Language.VIETNAMESE
) -> tuple[Heading, ...]:
    """Return the headings of fields, the record's id last: a file with it changes records instead of adding them."""
    told = tuple(
        Heading(
            text=(text := field.told.said(language)),
            look=_LOOKS.get(field.form, Look.TEXT),
            width=max(_WIDTHS.get(field.form, _WIDTH), len(text) + 2),
        )
        for field in fields
    )
    return (*told, Heading(text=ID_TOLD.said(language), look=Look.TEXT, width=38)) if with_id else told


def texts_of(
    fields: Sequence[Field], record: Record, record_id: str, language: Language = Language.VIETNAMESE
) -> tuple[str, ...]:
    """Return a record as texts."""
    return (*(_said(field, record[field.name], language) for field in fields), record_id)


def cells_of(
    fields: Sequence[Field], record: Record, record_id: str, language: Language = Language.VIETNAMESE
) -> tuple[Cell, ...]:
    """Return a record as cells: days as days, numbers as numbers, and codes as text, so that their zeros stay."""
    return (*(_cell(field, record[field.name], language) for field in fields), record_id)


def guide(kind: RecordKind, language: Language) -> Iterable[tuple[str, str, str, str]]:
    """Return what a person should know to fill a blank file: column, whether it must be filled, form, choices."""
    for field in kind.fields:
        allowed = "; ".join(choice.told.said(language) for choice in field.choices)
        required = language.say("bắt buộc") if field.required else ""
        yield field.told.said(language), required, language.say(_HOW[field.form]), allowed


def guide_headings(language: Language) -> tuple[Heading, ...]:
    """Return the headings of what guide tells."""
    return tuple(
        Heading(text=language.say(text), look=Look.TEXT, width=width)
        for text, width in (("Cột", 32), ("Bắt buộc", 12), ("Cách ghi", 48), ("Các giá trị", 80))
    )


_HOW: Mapping[Form, str] = {
    Form.TEXT: "chữ trên một dòng",
    Form.CODE: "mã, ghi dạng văn bản để giữ số 0 ở đầu",
    Form.UNIT: "mã đơn vị (5 chữ số) hoặc tên đầy đủ",
    Form.ASSETS: "mã tài sản hoặc số sê-ri, cách nhau bằng dấu ;",
    Form.CHOICE: "một trong các giá trị bên cạnh",
    Form.LIST: "nhiều phần, cách nhau bằng dấu ;",
    Form.DATE: "ngày, như 25/11/2026",
    Form.MOMENT: "ngày và giờ, như 25/11/2026 07:30",
    Form.MONEY: "số đồng, như 12.500.000",
    Form.DECIMAL: "số, như 10,5",
    Form.COUNT: "số nguyên, như 2019",
}


def _said(field: Field, value: Value, language: Language) -> str:
    """Return a value as people write it: a choice, or each of several, by its label."""
    if isinstance(value, tuple) and field.choices:
        return SEPARATOR.join(_said(field, one, language) for one in value)
    return next((one.told.said(language) for one in field.choices if one.value == value), show(field, value))


def _cell(field: Field, value: Value, language: Language) -> Cell:
    if value is None or isinstance(value, tuple) or field.choices:
        return _said(field, value, language) or None
    if field.form is Form.MOMENT and isinstance(value, int):
        return datetime.fromtimestamp(value / 1000, _VIET_NAM).replace(tzinfo=None)
    if isinstance(value, date):
        return value if value >= _FIRST_DAY else show(field, value)
    if isinstance(value, float) and float(f"{value:.16G}") != value:
        return show(field, value)  # a workbook's numbers have 16 digits
    return value
