"""Notice columns that hold a person's data, which no file of dossiers may bring: by their heading and their content.

A column of such a heading is let through while nothing stands in it. Nobody needs a name, number, telephone, address
or day of birth to tell what an outage does to dossiers (domain.md 9).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from machxa_collector.registry.records import Cell, Told
from machxa_collector.registry.sheets import BadFile, Column, Row
from machxa_collector.registry.sheets.rows import is_blank
from machxa_collector.registry.units.fold import fold, words

LOOKED_AT = 500  # rows
_LEAST = 3  # values of a column before its content is judged
_ADULT_YEARS = 15  # dossiers are younger; days of birth of those who file them are older
_NAME_SHARE, _ID_SHARE, _PHONE_SHARE, _MAIL_SHARE, _BIRTH_SHARE = 0.5, 0.3, 0.3, 0.2, 0.5


class Personal(Enum):
    """Name what of a person a column holds."""

    NAME = "name"
    ID_NUMBER = "id_number"
    PHONE = "phone"
    MAIL = "mail"
    BIRTH = "birth"
    ADDRESS = "address"


TOLD = {
    Personal.NAME: Told(vi="họ tên", en="names of persons"),
    Personal.ID_NUMBER: Told(vi="số căn cước, CMND hoặc hộ chiếu", en="numbers of identity papers"),
    Personal.PHONE: Told(vi="số điện thoại", en="telephone numbers"),
    Personal.MAIL: Told(vi="địa chỉ thư điện tử", en="e-mail addresses"),
    Personal.BIRTH: Told(vi="ngày sinh", en="dates of birth"),
    Personal.ADDRESS: Told(vi="địa chỉ của người dân", en="addresses of persons"),
}
_HEADINGS: Sequence[tuple[Personal, tuple[str, ...]]] = (
    (Personal.BIRTH, ("ngay sinh", "nam sinh", "birth", "birthday", "birthdate", "dob", "date of birth")),
    (
        Personal.ID_NUMBER,
        ("cccd", "cmnd", "cmtnd", "can cuoc", "so dinh danh", "chung minh", "ho chieu", "passport", "giay to tuy than",
         "identity", "id card", "applicant id no", "delegate id no", "ma so thue", "tax code", "ma dinh danh ca nhan"),
    ),
    (
        Personal.PHONE,
        ("dien thoai", "sdt", "so dt", "di dong", "phone", "mobile", "tel", "tel no", "contact tel no"),
    ),
    (Personal.MAIL, ("email", "e mail", "mail", "thu dien tu", "hop thu", "contact email")),
    (Personal.ADDRESS, ("dia chi", "address", "thuong tru", "tam tru", "noi o", "cho o", "que quan")),
    (
        Personal.NAME,
        ("ho ten", "ho va ten", "ho va dem", "ten nguoi", "nguoi nop", "nguoi dan", "nguoi yeu cau", "nguoi xu ly",
         "nguoi thu ly", "nguoi tiep nhan", "nguoi dung ten", "nguoi duoc", "nguoi uy quyen", "can bo", "cong dan",
         "chu ho so", "chu ho", "chu su dung", "khach hang", "applicant", "applicant name", "delegate name",
         "contact name", "full name", "fullname", "owner name", "cong chuc", "chuyen vien"),
    ),
)  # fmt: skip
_SURNAMES = frozenset(
    [
        "nguyễn",
        "trần",
        "lê",
        "phạm",
        "hoàng",
        "huỳnh",
        "phan",
        "vũ",
        "võ",
        "đặng",
        "bùi",
        "đỗ",
        "hồ",
        "ngô",
        "dương",
        "lý",
        "đào",
        "đinh",
        "đoàn",
        "lâm",
        "mai",
        "trịnh",
        "trương",
        "phùng",
        "hà",
        "cao",
        "thái",
        "châu",
        "tạ",
        "lưu",
        "lương",
        "vương",
        "quách",
        "tô",
        "thạch",
        "kiều",
        "sơn",
        "danh",
        "nông",
        "hứa",
        "triệu",
        "lò",
        "quàng",
        "giàng",
        "vàng",
        "sùng",
        "thào",
    ]
)
_BARE_SURNAMES = frozenset(
    [
        "nguyen",
        "tran",
        "le",
        "pham",
        "hoang",
        "huynh",
        "phan",
        "vu",
        "vo",
        "bui",
        "ngo",
        "duong",
        "dinh",
        "doan",
        "trinh",
        "truong",
        "phung",
    ]
)
_NOT_IN_NAMES = frozenset(
    [
        "ký",
        "kê",
        "khai",
        "xã",
        "phường",
        "cấp",
        "giấy",
        "đất",
        "hồ_sơ",
        "thủ",
        "tục",
        "đăng",
        "cục",
        "sở",
        "phòng",
        "ban",
        "ubnd",
        "lĩnh",
        "vực",
        "chứng",
        "thực",
        "hộ",
        "tịch",
    ]
)
_NAME_WORDS = range(2, 7)
_CCCD = re.compile(r"0(?:0[1-9]|[1-8]\d|9[0-6])\d{9}")  # a province of birth first: 001 to 096
_PHONE = re.compile(r"(?:\+?84|0)(?:3|5|7|8|9)\d{8}|(?:\+?84|0)2\d{9}")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_DAY = re.compile(r"(?:\d{1,2}[/.-]){0,2}(\d{4})(?:[ T].*)?|(\d{4})-\d{1,2}-\d{1,2}(?:[ T].*)?")
_SIGNS = re.compile(r"[\s.()-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Hold a column that holds a person's data; by_heading: its heading says so, else its content."""

    heading: str
    personal: Personal
    by_heading: bool


def find_personal(columns: Iterable[Column], rows: Sequence[Row], today: date) -> tuple[Found, ...]:
    """Return the columns of a file, judged by some of its rows, that hold a person's data."""
    found = []
    for column in columns:
        cells = [row.cells[column.place] for row in rows if column.place < len(row.cells)]
        filled = [cell for cell in cells if not is_blank(cell)]
        named = named_personal(column.heading)
        personal = (named if filled else None) or _of_content(filled, today)
        if personal is not None:
            found.append(Found(heading=column.heading, personal=personal, by_heading=named is not None))
    return tuple(found)


def named_personal(heading: str) -> Personal | None:
    """Return what of a person a heading names, None when nothing."""
    said = f" {' '.join(words(_CAMEL.sub(' ', heading)))} "
    for personal, names in _HEADINGS:
        if any(f" {name} " in said for name in names):
            return personal
    return None


def refusal(found: Sequence[Found]) -> BadFile:
    """Return the refusal of a file with such columns, each named."""
    vi = "; ".join(f"cột {one.heading!r} có {TOLD[one.personal].vi}" for one in found)
    en = "; ".join(f"column {one.heading!r} has {TOLD[one.personal].en}" for one in found)
    return BadFile(
        f"tệp có dữ liệu cá nhân nên không được nhận và không được giữ lại: {vi}. Hãy xóa các cột này rồi gửi lại",
        f"the file has personal data, so it was neither taken in nor kept: {en}. Delete these columns, send it again",
    )


def is_personal_number(text: str) -> bool:
    """Return whether a dossier's number looks like a citizen's or a telephone's."""
    if text.lower() != text.upper():  # with letters it is neither, and most have some
        return False
    bare = _SIGNS.sub("", text)
    return bool(_CCCD.fullmatch(bare) or _PHONE.fullmatch(bare))


def _of_content(cells: Sequence[Cell], today: date) -> Personal | None:
    if len(cells) < _LEAST:
        return None
    texts = [_text(cell) for cell in cells]
    bare = [_SIGNS.sub("", text) for text in texts]
    shares = (
        (Personal.MAIL, sum(1 for text in texts if _MAIL.search(text)), _MAIL_SHARE),
        (Personal.ID_NUMBER, sum(1 for text in bare if _CCCD.fullmatch(text)), _ID_SHARE),
        (Personal.PHONE, sum(1 for text in bare if _PHONE.fullmatch(text)), _PHONE_SHARE),
        (Personal.NAME, sum(1 for text in texts if is_name(text)), _NAME_SHARE),
        (Personal.BIRTH, sum(1 for cell in cells if _is_old_day(cell, today)), _BIRTH_SHARE),
    )
    return next((personal for personal, count, share in shares if count >= share * len(cells)), None)


def is_name(text: str) -> bool:
    """Return whether a text looks like a Vietnamese person's name: a surname, and one to five words more."""
    parts = text.lower().split()
    if len(parts) not in _NAME_WORDS or not all(part.isalpha() for part in parts):
        return False
    if _NOT_IN_NAMES.intersection(parts[1:]):
        return False
    if text.isascii():
        return parts[0] in _BARE_SURNAMES
    return parts[0] in _SURNAMES or (fold(parts[0]) in _BARE_SURNAMES and fold(parts[0]) == parts[0])


def _text(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = str(cell).strip()
    if isinstance(cell, int) and len(text) in (9, 11):  # a spreadsheet took the 0 of a telephone or a citizen's number
        return f"0{text}"
    return text


def _is_old_day(cell: Cell, today: date) -> bool:
    if isinstance(cell, (date, datetime)):
        return cell.year <= today.year - _ADULT_YEARS
    if not isinstance(cell, str):
        return False
    told = _DAY.fullmatch(cell.strip())
    year = int(told[1] or told[2]) if told else today.year
    return 1900 <= year <= today.year - _ADULT_YEARS  # noqa: PLR2004 - nobody files who was born before
