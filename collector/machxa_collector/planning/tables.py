"""Lay a plan out as the tables that finance expects, with real numbers and days, and formulas for sums. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from machxa_collector.planning import spoken
from machxa_collector.planning.line_rows import LineRow, line_rows
from machxa_collector.planning.outcome import Outcome, Settled
from machxa_collector.planning.summary import ClassRow, class_rows
from machxa_collector.registry.records import Cell
from machxa_collector.registry.sheets.formula import Formula
from machxa_collector.registry.sheets.showing import Heading, Look, said_in
from machxa_collector.registry.speech import Language

Row = Sequence[Cell | Formula]
TOTAL = "Tổng cộng"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Hold one sheet: its name, headings and rows."""

    name: str
    headings: tuple[Heading, ...]
    rows: tuple[Row, ...]


def line_tables(
    outcome: Outcome, lines: Sequence[Settled], language: Language = Language.VIETNAMESE
) -> tuple[Table, ...]:
    """Return the lines that each source pays, a sheet for each, and last those that nobody pays."""
    sources = (*(one.name for one in outcome.ceilings.shared()), outcome.ceilings.own_source)
    paid = [
        _lines(language.say("Nguồn {name}").format(name=source), _of(lines, source), outcome, language)
        for source in dict.fromkeys(sources)
    ]
    return (*paid, _lines(language.say("Chưa bố trí"), _of(lines, None), outcome, language))


def _of(lines: Sequence[Settled], source: str | None) -> list[Settled]:
    return [one for one in lines if one.source == source]


def headings(*told: tuple[str, Look, int]) -> tuple[Heading, ...]:
    """Return headings from their texts, looks and widths."""
    return tuple(Heading(text=text, look=look, width=width) for text, look, width in told)


def column(place: int) -> str:
    """Return a column's letters, from 0."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def sum_row(rows: Sequence[Row], places: Sequence[int], width: int, label: str = TOTAL) -> Row:
    """Return the row of sums below rows that begin in the sheet's second line."""
    cells: list[Cell | Formula] = [None] * width
    cells[1] = label
    for place in places:
        total = sum(value for row in rows if (value := number(row[place])) is not None)
        letters = column(place)
        cells[place] = Formula(f"=SUM({letters}2:{letters}{len(rows) + 1})", total) if rows else 0
    return cells


def number(cell: Cell | Formula) -> int | float | None:
    """Return a cell's number, None where it holds none."""
    value = cell.value if isinstance(cell, Formula) else cell
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def times(row: int, one: int, other: int, value: int) -> Formula:
    """Return the product of two cells of a row, counted from 0 below the headings."""
    return Formula(f"={column(one)}{row + 2}*{column(other)}{row + 2}", value)


_LINE = headings(
    ("STT", Look.NUMBER, 6),
    ("Xã/phường", Look.TEXT, 24),
    ("Mã đơn vị", Look.TEXT, 10),
    ("Loại", Look.TEXT, 24),
    ("Mã tài sản, số sê-ri", Look.TEXT, 24),
    ("Ngày đưa vào sử dụng (sổ)", Look.DATE, 14),
    ("Nguyên giá", Look.MONEY, 16),
    ("Giá trị còn lại, thấp nhất", Look.MONEY, 16),
    ("Giá trị còn lại, cao nhất", Look.MONEY, 16),
    ("Điểm lạc hậu, thấp nhất", Look.NUMBER, 10),
    ("Điểm lạc hậu, cao nhất", Look.NUMBER, 10),
    ("Ba lý do lớn nhất", Look.TEXT, 40),
    ("Số lần hỏng 12 tháng", Look.NUMBER, 10),
    ("Giờ ngừng trong giờ làm việc", Look.NUMBER, 12),
    ("Hồ sơ bị giữ 12 tháng (ước tính)", Look.NUMBER, 12),
    ("Phương án", Look.TEXT, 16),
    ("Lý do phương án", Look.TEXT, 36),
    ("Quy tắc", Look.TEXT, 36),
    ("Đủ điều kiện thanh lý", Look.TEXT, 16),
    ("Căn cứ thanh lý", Look.TEXT, 30),
    ("Số lượng", Look.NUMBER, 8),
    ("Đơn giá", Look.MONEY, 14),
    ("Thành tiền", Look.MONEY, 16),
    ("Nguồn kinh phí", Look.TEXT, 20),
    ("Định mức còn được phép", Look.NUMBER, 10),
    ("Ưu tiên", Look.NUMBER, 8),
    ("Độ đầy đủ dữ liệu", Look.NUMBER, 10),
    ("Chưa bố trí vì", Look.TEXT, 30),
    ("Mã dòng", Look.TEXT, 40),
    ("Điều chỉnh", Look.TEXT, 40),
)


def _lines(name: str, lines: Sequence[Settled], outcome: Outcome, language: Language) -> Table:
    rows = [_line(at, one, language) for at, one in enumerate(line_rows(lines, outcome))]
    total = sum_row(rows, (20, 22), len(_LINE), language.say(TOTAL))
    return Table(name=name, headings=said_in(_LINE, language), rows=(*rows, total))


def _line(at: int, one: LineRow, language: Language) -> Row:
    say = language.say
    return (
        at + 1,
        one.unit_name,
        one.unit,
        say(spoken.ITEMS[one.item]),
        one.asset,
        one.acquired_on,
        one.cost_vnd,
        one.book_low,
        one.book_high,
        one.score_low,
        one.score_high,
        None if one.reasons is None else ", ".join(say(spoken.PARTS[name]) for name in one.reasons) or None,
        one.failures,
        one.downtime_hours,
        one.held,
        say(spoken.ACTIONS[one.action]),
        spoken.reason(one.why, language),
        spoken.rule(one.rule, language),
        None if one.disposal is None else say(spoken.ANSWERS[one.disposal]),
        None if one.disposal_why is None else spoken.reason(one.disposal_why, language),
        1,
        one.vnd,
        None if one.vnd is None else times(at, 20, 21, one.vnd),
        one.source,
        one.allowed,
        one.priority,
        one.completeness,
        None if one.left_out is None else spoken.reason(one.left_out, language),
        one.id,
        None if one.decided is None else spoken.decision(one.decided, language),
    )


_SUMMARY = headings(
    ("Loại", Look.TEXT, 28),
    ("Số định mức", Look.NUMBER, 12),
    ("Hiện có", Look.NUMBER, 10),
    ("Đang tốt", Look.NUMBER, 10),
    ("Cần thay", Look.NUMBER, 10),
    ("Cần nâng cấp", Look.NUMBER, 12),
    ("Cần sửa", Look.NUMBER, 10),
    ("Điều chuyển được", Look.NUMBER, 12),
    ("Thiếu", Look.NUMBER, 10),
    ("Đề nghị mua", Look.NUMBER, 12),
    ("Đơn giá mua", Look.MONEY, 14),
    ("Thành tiền (đã bố trí)", Look.MONEY, 18),
    ("Thành tiền (toàn bộ nhu cầu)", Look.MONEY, 18),
    ("Giờ-hồ sơ giảm mất/năm (nếu chỉ mua loại này)", Look.NUMBER, 16),
    ("Ghi chú", Look.TEXT, 50),
)


def summary(outcome: Outcome, lines: Sequence[Settled], language: Language = Language.VIETNAMESE) -> Table:
    """Return what each class needs and gets."""
    rows = [_class(one, language) for one in class_rows(outcome, lines)]
    total = list(sum_row(rows, (11, 12), len(_SUMMARY), language.say(TOTAL)))
    total[0], total[1] = total[1], None
    saved = language.say("Giảm {hours} giờ-hồ sơ/năm (tính chung, không cộng theo loại)")
    total[14] = saved.format(hours=round(outcome.plan.hours))
    return Table(name=language.say("Tổng hợp"), headings=said_in(_SUMMARY, language), rows=(*rows, total))


def _class(one: ClassRow, language: Language) -> Row:
    no_norm = language.say("{count}/{of} đơn vị chưa có định mức hoặc số biên chế")
    no_price = language.say("{count}/{of} dòng chưa có đơn giá, chưa tính vào toàn bộ nhu cầu")
    remarks = [no_norm.format(count=one.no_norm, of=one.units)] * bool(one.no_norm)
    remarks += [no_price.format(count=one.no_price, of=one.lines)] * bool(one.no_price)
    return (
        language.say(spoken.ITEMS[one.item]),
        one.norm,
        one.have,
        one.works,
        one.replace,
        one.upgrade,
        one.repair,
        one.transfer,
        one.lacking,
        one.buy,
        one.price_vnd,
        one.paid_vnd,
        one.need_vnd,
        None if one.hours is None else round(one.hours),
        "; ".join(remarks) or None,
    )
