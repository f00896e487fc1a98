"""Read one cell of a file or form into a field's value, and write a value so that it reads back the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal, InvalidOperation
from typing import Protocol

from machxa_collector.registry.records.fields import Field, Form, Told, Value
from machxa_collector.registry.units.fold import words

Cell = str | int | float | bool | date | datetime | time | None  # what a spreadsheet's cell or a form's field gives

SEPARATOR = "; "
MOST_IN_LIST = 100
_VIET_NAM = timezone(timedelta(hours=7))  # no other offset since 1975, none to come in law
_DAYS = (re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})"), re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})"))
_CLOCK = re.compile(r"(\d{1,2})[:hg](\d{2})(?::(\d{2}))?")
_CURRENCY = re.compile(r"(?:đồng|vnđ|vnd|đ|₫)\.?$", re.IGNORECASE)
_GROUPED = re.compile(r"-?\d{1,3}(?:\.\d{3})+")
_UNIT_DIGITS = (5, 2)  # a commune's code, a province's
_MOST_DONG_DIGITS = 15


class BadCell(ValueError):
    """Say in both languages why a cell cannot be used."""

    def __init__(self, vi: str, en: str) -> None:
        """Take the sentence; the field and row are the caller's to add."""
        super().__init__(en)
        self.told = Told(vi=vi, en=en)


@dataclass(frozen=True, slots=True)
class Got:
    """Hold a value, and what was assumed in reading it, None when it was plain."""

    value: Value
    assumed: Told | None = None


class Known(Protocol):
    """Answer what a cell's text may stand for."""

    def units(self, text: str) -> tuple[str, ...]:
        """Return the codes of the units of exactly this code or name, several when the name repeats."""
        ...

    def assets(self, text: str) -> tuple[str, ...]:
        """Return the ids of the assets of exactly this id, code or serial."""
        ...


def read(field: Field, cell: Cell, known: Known) -> Got:
    """Return a cell as the field's value; an empty one is the field's empty value.

    Raises BadCell when it is none, with what was expected; a required field may not be empty.
    """
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        if field.required:
            raise BadCell("chưa có giá trị", "is empty")
        return Got(field.empty)
    return _READERS[field.form](field, cell, known)


def show(field: Field, value: Value) -> str:
    """Return a value as text that `read` takes back; the empty value is the empty text."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return SEPARATOR.join(value)
    if field.form is Form.MOMENT and isinstance(value, int):
        local = datetime.fromtimestamp(value / 1000, _VIET_NAM)
        return f"{local:%d/%m/%Y %H:%M}" + (f":{local:%S}" if local.second else "")
    if isinstance(value, date):
        return f"{value:%d/%m/}{value.year:04}"
    if isinstance(value, float):
        return f"{Decimal(repr(value)):f}".removesuffix(".0").replace(".", ",")
    return str(value)


def _text(field: Field, cell: Cell, _known: Known) -> Got:
    return Got(_line(field, _plain(cell)))


def _code(field: Field, cell: Cell, _known: Known) -> Got:
    text = _line(field, _plain(cell))
    if isinstance(cell, str):
        return Got(text)
    return Got(text, Told(vi=f"ô là số: đọc thành {text!r}", en=f"the cell is a number: read as {text!r}"))


def _unit(field: Field, cell: Cell, known: Known) -> Got:
    text = _line(field, _plain(cell))
    tried = [text, *(text.zfill(width) for width in _UNIT_DIGITS if text.isdecimal() and len(text) < width)]
    for one in tried:
        found = known.units(one)
        if len(found) == 1:
            code = found[0]
            told = Told(vi=f"đọc {text!r} thành mã {code}", en=f"{text!r} read as code {code}")
            return Got(code, None if code == text else told)
        if found:
            codes = ", ".join(found[:5])
            raise BadCell(f"{text!r} có thể là {codes}: hãy ghi mã", f"{text!r} may be {codes}: give the code")
    raise BadCell(f"không có đơn vị {text!r}", f"there is no unit {text!r}")


def _assets(field: Field, cell: Cell, known: Known) -> Got:
    ids = []
    for text in _parts(field, cell):
        found = known.assets(text)
        if len(found) != 1:
            vi = "không có thiết bị" if not found else "có nhiều thiết bị"
            raise BadCell(f"{vi} {text!r}", f"{'no asset' if not found else 'several assets'} {text!r}")
        ids.append(found[0])
    return Got(tuple(dict.fromkeys(ids)))


def _choice(field: Field, cell: Cell, _known: Known) -> Got:
    return Got(_one_of(field, _line(field, _plain(cell))))


def _one_of(field: Field, text: str) -> str:
    said = words(text)
    for choice in field.choices:
        names = (choice.value, choice.told.vi, choice.told.en, *choice.aliases)
        if text == choice.value or said in map(words, names):
            return choice.value
    allowed = ", ".join(choice.told.vi for choice in field.choices)
    english = ", ".join(choice.value for choice in field.choices)
    raise BadCell(f"là {text!r}, cần một trong: {allowed}", f"is {text!r}, expected one of: {english}")


def _list(field: Field, cell: Cell, _known: Known) -> Got:
    parts = _parts(field, cell)
    return Got(tuple(dict.fromkeys(_one_of(field, one) for one in parts) if field.choices else dict.fromkeys(parts)))


def _date(_field: Field, cell: Cell, _known: Known) -> Got:
    if isinstance(cell, datetime):
        return Got(cell.date())
    if isinstance(cell, date):
        return Got(cell)
    return Got(_day(_plain(cell)))


def _moment(_field: Field, cell: Cell, _known: Known) -> Got:
    if isinstance(cell, datetime):
        return Got(_ms(cell))
    day, _, clock = _plain(cell).replace("T", " ").partition(" ")
    told = _CLOCK.fullmatch(clock.strip())
    if told is None:
        raise BadCell(
            f"là {_plain(cell)!r}, cần ngày và giờ, như 25/11/2026 07:30",
            f"is {_plain(cell)!r}, expected a day and a time, such as 25/11/2026 07:30",
        )
    try:
        at = time(int(told[1]), int(told[2]), int(told[3] or 0))
    except ValueError:
        raise BadCell(f"không có giờ {clock.strip()!r}", f"there is no time {clock.strip()!r}") from None
    return Got(_ms(datetime.combine(_day(day), at)))


def _money(field: Field, cell: Cell, _known: Known) -> Got:
    number = _number(cell, grouped=True)
    if number != number.to_integral_value():
        raise BadCell(f"là {_plain(cell)!r}, cần số đồng nguyên", f"is {_plain(cell)!r}, expected whole đồng")
    _check_bounds(field, number)
    return Got(int(number))


def _decimal(field: Field, cell: Cell, _known: Known) -> Got:
    number = _number(cell, grouped=False)
    _check_bounds(field, number)
    return Got(float(number))


def _count(field: Field, cell: Cell, _known: Known) -> Got:
    number = _number(cell, grouped=True)
    if number != number.to_integral_value():
        raise BadCell(f"là {_plain(cell)!r}, cần số nguyên", f"is {_plain(cell)!r}, expected a whole number")
    _check_bounds(field, number)
    return Got(int(number))


def _plain(cell: Cell) -> str:
    """Return a cell as text; a whole number without its ".0", a text in one Unicode form."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return unicodedata.normalize("NFC", str(cell)).strip()


def _line(field: Field, text: str) -> str:
    if len(text) > field.longest:
        raise BadCell(
            f"dài {len(text)} ký tự, nhiều nhất {field.longest}", f"has {len(text)} characters, at most {field.longest}"
        )
    bare = " ".join(text.split())
    if not bare.isprintable():
        raise BadCell("có ký tự điều khiển", "has control characters")
    return bare


def _parts(field: Field, cell: Cell) -> list[str]:
    parts = [one.strip() for one in re.split(r"[;\n]", _plain(cell))]
    filled = [_line(field, one) for one in parts if one]
    if len(filled) > MOST_IN_LIST:
        raise BadCell(
            f"có {len(filled)} phần, nhiều nhất {MOST_IN_LIST}", f"has {len(filled)} parts, at most {MOST_IN_LIST}"
        )
    return filled


def _day(text: str) -> date:
    try:
        if told := _DAYS[0].fullmatch(text):
            return date(int(told[3]), int(told[2]), int(told[1]))
        if told := _DAYS[1].fullmatch(text):
            return date(int(told[1]), int(told[2]), int(told[3]))
    except ValueError:
        raise BadCell(f"không có ngày {text!r}", f"there is no day {text!r}") from None
    raise BadCell(f"là {text!r}, cần ngày như 25/11/2026", f"is {text!r}, expected a day such as 25/11/2026")


def _ms(local: datetime) -> int:
    aware = local if local.tzinfo else local.replace(tzinfo=_VIET_NAM)
    return round(aware.astimezone(UTC).timestamp() * 1000)


def _number(cell: Cell, *, grouped: bool) -> Decimal:
    """Return a number as Vietnamese or English write it; "1.234" is 1234 where grouped, refused where it is not."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _finite(str(cell))
    text = _CURRENCY.sub("", _plain(cell).replace(" ", "").replace("\u00a0", ""))
    if _GROUPED.fullmatch(text) and text.count(".") == 1 and not grouped:
        raise BadCell(
            f"{text!r} có thể hiểu hai cách: viết 1234 hoặc 1,234",
            f"{text!r} may be read two ways: write 1234 or 1,234",
        )
    if _GROUPED.fullmatch(text):
        text = text.replace(".", "")
    elif re.fullmatch(r"-?\d{1,3}(?:,\d{3})+", text) and grouped:
        text = text.replace(",", "")
    elif "," in text:
        whole, _, part = text.rpartition(",")
        text = f"{whole.replace('.', '')}.{part}"
    return _finite(text)


def _finite(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise BadCell(f"là {text!r}, cần một số", f"is {text!r}, expected a number") from None
    if not number.is_finite() or number.adjusted() > _MOST_DONG_DIGITS:
        raise BadCell(f"là {text!r}, cần một số thường", f"is {text!r}, expected an ordinary number")
    return number


def _check_bounds(field: Field, number: Decimal) -> None:
    if field.least is not None and number < Decimal(field.least):
        raise BadCell(f"là {number:f}, ít nhất {field.least:g}", f"is {number:f}, at least {field.least:g}")
    if field.most is not None and number > Decimal(field.most):
        raise BadCell(f"là {number:f}, nhiều nhất {field.most:g}", f"is {number:f}, at most {field.most:g}")


_READERS: Mapping[Form, Callable[[Field, Cell, Known], Got]] = {
    Form.TEXT: _text,
    Form.CODE: _code,
    Form.UNIT: _unit,
    Form.ASSETS: _assets,
    Form.CHOICE: _choice,
    Form.LIST: _list,
    Form.DATE: _date,
    Form.MOMENT: _moment,
    Form.MONEY: _money,
    Form.DECIMAL: _decimal,
    Form.COUNT: _count,
}
