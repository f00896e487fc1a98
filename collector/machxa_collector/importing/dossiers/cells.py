"""Read the cells of dossier files: moments in the forms that exports write, numbers, yes and no. Each text once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from machxa_collector.impact.dossiers import Status
from machxa_collector.impact.words import Group
from machxa_collector.registry.records import BadCell, Cell
from machxa_collector.registry.units.fold import words
from machxa_collector.store.dossiers.words import DAY_MS, LOCAL_MS, midnight_ms, ms_of

_LAST_MS = DAY_MS - 1
_YEARS = range(1990, 2101)
_SERIALS = range(32_874, 73_415)  # Excel's days of those years; day 0 is 1899-12-30
_SERIAL_ZERO = date(1899, 12, 30)
_EPOCHS = range(10**12 // 2, 5 * 10**12)  # ms since 1970 of 1985 to 2128
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})")
_CLOCK = re.compile(r"(\d{1,2})[:hg](\d{2})(?::(\d{2})(?:[.,]\d{1,6})?)?")
_WITH_ZONE = re.compile(r".*T.*(?:Z|[+-]\d{2}:?\d{2})")
_EMPTY = frozenset({"", "null", "none", "n/a", "-", "--"})
_LONGEST_EMPTY = 6
_SERIAL_DIGITS = range(5, 41)
_MOST_DIGITS = 12  # of a count, with zeros before it
_MOST_COUNT = 1_000_000  # dossiers of one day
_MOST_KEPT = 200_000  # texts held with what they mean

_YES = frozenset({"1", "true", "yes", "x", "co"})
_NO = frozenset({"0", "false", "no", "khong"})
_ONLINE_WORDS, _DIRECT_WORDS = (
    ("truc tuyen", "online", "qua mang", "dvc"),
    ("truc tiep", "direct", "buu chinh", "buu dien"),
)
_CHANNELS = {"1": False, "2": True, "3": False}  # KenhThucHien: in person, online, by post (domain.md 3.4)
_STATUSES: Mapping[Status, tuple[str, ...]] = {
    Status.STOPPED: ("tu choi", "dung xu ly", "rut ho so", "huy", "khong giai quyet", "tra lai", "cancel", "denied"),
    Status.WAITING: ("bo sung", "cho bo sung", "tam dung", "waiting", "paus"),
    Status.FINISHED: ("da tra", "tra ket qua", "hoan thanh", "done", "finished", "da tra ket qua"),
    Status.RELEASED: ("da xu ly xong", "co ket qua", "cho tra", "da giai quyet", "releas"),
    Status.PROCESSING: ("dang", "moi", "tiep nhan", "cho", "xu ly", "processing", "new"),
}
_GROUPS: Mapping[Group, tuple[str, ...]] = {
    Group.CIVIL_STATUS: ("ho tich", "khai sinh", "ket hon", "khai tu", "hon nhan", "cai chinh"),
    Group.CERTIFICATION: ("chung thuc", "sao y", "ban sao"),
    Group.LAND: ("dat dai", "quyen su dung dat", "dia chinh", "thua dat", "dat"),
    Group.CONSTRUCTION: ("xay dung", "cap phep xay dung", "quy hoach"),
}


def is_empty(cell: Cell) -> bool:
    """Return whether a cell says nothing, in any of the ways that exports have for it."""
    if cell is None or cell == "":
        return True
    return isinstance(cell, str) and (len(cell) <= _LONGEST_EMPTY or cell.isspace()) and cell.strip().lower() in _EMPTY


class Moments:
    """Read moments as ms since 1970 UTC; what a day without a time means, the caller says.

    Day before month, as Việt Nam writes. A file has few days and few times of day, so each is read once.
    """

    def __init__(self) -> None:
        """Begin with nothing read."""
        self._days: dict[str, int] = {}
        self._clocks: dict[str, int] = {}

    def read(self, cell: Cell, *, at_day_end: bool) -> int:
        """Return a cell as a moment; raises BadCell when it is none. at_day_end: a day alone means its last moment."""
        if isinstance(cell, str):
            day, _, clock = cell.strip().partition(" ")
            midnight, since = self._days.get(day), self._clocks.get(clock)
            if midnight is not None and since is not None:
                return midnight + (since if clock else _LAST_MS if at_day_end else 0)
            return self._text(cell.strip(), at_day_end=at_day_end)
        if isinstance(cell, datetime):
            _check_year(cell)
            return ms_of(cell) if cell.tzinfo else ms_of(cell.replace(tzinfo=UTC)) - LOCAL_MS
        if isinstance(cell, date):
            return midnight_ms(_check_year(cell)) + (_LAST_MS if at_day_end else 0)
        if isinstance(cell, (int, float)) and not isinstance(cell, bool):
            return _of_number(cell, at_day_end=at_day_end)
        raise _no_moment(cell)

    def _text(self, text: str, *, at_day_end: bool) -> int:
        if text.replace(".", "", 1).isdecimal() and len(text) in _SERIAL_DIGITS:
            return _of_number(float(text) if "." in text else int(text), at_day_end=at_day_end)
        if _WITH_ZONE.fullmatch(text):
            try:
                when = datetime.fromisoformat(text)
            except ValueError:
                raise _no_moment(text) from None
            _check_year(when)
            return ms_of(when)
        parts = text.replace("T", " ").replace(",", " ").split()
        clock = next((part for part in parts if _CLOCK.fullmatch(part)), "")
        days = [part for part in parts if part != clock]
        if len(days) != 1 or len(parts) > 2:  # noqa: PLR2004 - a day and a time
            raise _no_moment(text)
        midnight, since = midnight_ms(_day(days[0])), _since(clock) if clock else 0
        if max(len(self._days), len(self._clocks)) < _MOST_KEPT:
            self._days[days[0]], self._clocks[clock] = midnight, since
        return midnight + (since if clock else _LAST_MS if at_day_end else 0)


def read_day(cell: Cell) -> int:
    """Return a cell as whole days since 1970; raises BadCell when it is no day."""
    moment = Moments().read(cell, at_day_end=False)
    return (moment + LOCAL_MS) // DAY_MS


def read_count(cell: Cell) -> int:
    """Return a cell as a number of dossiers; raises BadCell for what is none."""
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
    if re.fullmatch(r"\d{1,3}(?:[.,\s]\d{3})+", text):
        text = re.sub(r"[.,\s]", "", text)
    text = re.sub(r"[.,]0+$", "", text)
    is_number = text.isdecimal() and text.isascii() and len(text) <= _MOST_DIGITS
    if isinstance(cell, bool) or not is_number or int(text) > _MOST_COUNT:
        raise BadCell(f"là {str(cell)[:40]!r}, cần số hồ sơ từ 0", f"is {str(cell)[:40]!r}, expected a count from 0")
    return int(text)


def read_online(cell: Cell) -> bool | None:
    """Return whether a cell says that a dossier came online; None for what we do not know, such as another word."""
    if isinstance(cell, bool):
        return cell
    said = " ".join(words(str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)))
    if said in _YES or any(one in said for one in _ONLINE_WORDS):
        return True
    return False if said in _NO or any(one in said for one in _DIRECT_WORDS) else None


def read_channel(cell: Cell) -> bool | None:
    """Return whether a cell with a channel's number says that a dossier came online; None for another."""
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
    return _CHANNELS[text] if text in _CHANNELS else read_online(cell)


def status_of(text: str) -> Status | None:
    """Return the status that an export's word stands for by its words, None when we do not know."""
    said = " ".join(words(text))
    return next((status for status, names in _STATUSES.items() if any(name in said for name in names)), None)


def group_of(text: str) -> Group | None:
    """Return the group that a field's or procedure's name stands for, None when no word of it tells."""
    short = text.strip().upper()
    for group in Group:
        if short == group.value.upper():
            return group
    said = f" {' '.join(words(text))} "
    return next((group for group, names in _GROUPS.items() if any(f" {name} " in said for name in names)), None)


def _of_number(number: float, *, at_day_end: bool) -> int:
    if not abs(number) < _EPOCHS.stop:  # nor is it NaN
        raise _no_moment(number)
    if int(number) in _SERIALS:
        whole = int(number)
        since = round((number - whole) * 86_400) * 1000  # Excel keeps seconds as parts of a day
        midnight = midnight_ms(_SERIAL_ZERO + timedelta(days=whole))
        return midnight + (since or (_LAST_MS if at_day_end else 0))
    if int(number) in _EPOCHS:
        return int(number)
    raise _no_moment(number)


def _day(text: str) -> date:
    told, year_at = _DAY_FIRST.fullmatch(text), 3
    if told is None:
        told, year_at = _YEAR_FIRST.fullmatch(text), 1
    if told is None:
        raise _no_moment(text)
    try:
        day = date(int(told[year_at]), int(told[2]), int(told[4 - year_at]))
    except ValueError:
        raise BadCell(
            f"không có ngày {text!r} (viết ngày/tháng/năm)", f"there is no day {text!r} (write day/month/year)"
        ) from None
    return _check_year(day)


def _check_year(day: date) -> date:
    """Return a day; raises BadCell for a year in which no dossier is, such as the ends of a program's calendar."""
    if day.year not in _YEARS:
        raise BadCell(f"năm {day.year} không hợp lý", f"the year {day.year} is out of the way")
    return day


def _since(text: str) -> int:
    told = _CLOCK.fullmatch(text)
    try:
        at = time(int(told[1]), int(told[2]), int(told[3] or 0)) if told else None
    except ValueError:
        at = None
    if at is None:
        raise BadCell(f"không có giờ {text!r}", f"there is no time {text!r}")
    return ((at.hour * 60 + at.minute) * 60 + at.second) * 1000


def _no_moment(cell: object) -> BadCell:
    text = str(cell)[:40]
    return BadCell(
        f"là {text!r}, cần ngày giờ như 25/11/2026 07:30", f"is {text!r}, expected a time such as 25/11/2026 07:30"
    )
