"""Lay a plan out as the tables that finance expects, with real numbers and days, and formulas for sums. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from machxa_collector.planning import spoken
from machxa_collector.planning.line_rows import LineRow, line_rows
from machxa_collector.planning.needs import UnitNeeds
from machxa_collector.planning.norms import Gap
from machxa_collector.planning.outcome import Outcome, Settled, settled
from machxa_collector.planning.summary import ClassRow, class_rows
from machxa_collector.planning.words import Action, Answer, Item
from machxa_collector.registry.records import Cell
from machxa_collector.registry.sheets.formula import Formula
from machxa_collector.registry.sheets.showing import Heading, Look

Row = Sequence[Cell | Formula]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Hold one sheet: its name, headings and rows."""

    name: str
    headings: tuple[Heading, ...]
    rows: tuple[Row, ...]


def tables(outcome: Outcome) -> tuple[Table, ...]:
    """Return every sheet of a plan: the summary, one for each source, and what stands beside them."""
    lines = tuple(settled(outcome))
    sources = (*(one.name for one in outcome.ceilings.shared()), outcome.ceilings.own_source)
    paid = [
        _lines(f"Nguồn {source}", [one for one in lines if one.source == source], outcome)
        for source in dict.fromkeys(sources)
    ]
    left = _lines("Chưa bố trí", [one for one in lines if one.source is None], outcome)
    return (_summary(outcome, lines), *paid, left, _with_basis(outcome, lines), _central(lines))


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


def sum_row(rows: Sequence[Row], places: Sequence[int], width: int, label: str = "Tổng cộng") -> Row:
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


def _lines(name: str, lines: Sequence[Settled], outcome: Outcome) -> Table:
    rows = [_line(at, one) for at, one in enumerate(line_rows(lines, outcome))]
    total = sum_row(rows, (20, 22), len(_LINE))
    return Table(name=name, headings=_LINE, rows=(*rows, total))


def _line(at: int, one: LineRow) -> Row:
    return (
        at + 1,
        one.unit_name,
        one.unit,
        spoken.ITEMS[one.item],
        one.asset,
        one.acquired_on,
        one.cost_vnd,
        one.book_low,
        one.book_high,
        one.score_low,
        one.score_high,
        None if one.reasons is None else ", ".join(spoken.PARTS[name] for name in one.reasons) or None,
        one.failures,
        one.downtime_hours,
        one.held,
        spoken.ACTIONS[one.action],
        spoken.reason(one.why),
        spoken.rule(one.rule),
        None if one.disposal is None else spoken.ANSWERS[one.disposal],
        None if one.disposal_why is None else spoken.reason(one.disposal_why),
        1,
        one.vnd,
        None if one.vnd is None else times(at, 20, 21, one.vnd),
        one.source,
        one.allowed,
        one.priority,
        one.completeness,
        None if one.left_out is None else spoken.reason(one.left_out),
        one.id,
        None if one.decided is None else spoken.decision(one.decided),
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


def _summary(outcome: Outcome, lines: Sequence[Settled]) -> Table:
    rows = [_class(one) for one in class_rows(outcome, lines)]
    total = list(sum_row(rows, (11, 12), len(_SUMMARY)))
    total[0], total[1] = total[1], None
    total[14] = f"Giảm {round(outcome.plan.hours)} giờ-hồ sơ/năm (tính chung, không cộng theo loại)"
    return Table(name="Tổng hợp", headings=_SUMMARY, rows=(*rows, total))


def _class(one: ClassRow) -> Row:
    remarks = [f"{one.no_norm}/{one.units} đơn vị chưa có định mức hoặc số biên chế"] * bool(one.no_norm)
    remarks += [f"{one.no_price}/{one.lines} dòng chưa có đơn giá, chưa tính vào toàn bộ nhu cầu"] * bool(one.no_price)
    return (
        spoken.ITEMS[one.item],
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


_BASIS = headings(
    ("STT", Look.NUMBER, 6),
    ("Xã/phường", Look.TEXT, 24),
    ("Tên thiết bị", Look.TEXT, 28),
    ("ĐVT", Look.TEXT, 8),
    ("Tiêu chuẩn theo QĐ 15", Look.NUMBER, 12),
    ("Hiện có", Look.NUMBER, 10),
    ("Trong đó hỏng/hết khấu hao", Look.NUMBER, 14),
    ("Còn thiếu", Look.NUMBER, 10),
    ("Đề nghị trang bị", Look.NUMBER, 12),
    ("Đơn giá", Look.MONEY, 14),
    ("Thành tiền", Look.MONEY, 16),
    ("Nguồn", Look.TEXT, 24),
    ("Lý do", Look.TEXT, 40),
)


def _with_basis(outcome: Outcome, lines: Sequence[Settled]) -> Table:
    bought: dict[tuple[str, Item], list[Settled]] = {}
    for one in lines:
        if one.source is not None and one.line.action in (Action.BUY, Action.REPLACE):
            bought.setdefault((one.line.unit, one.line.item), []).append(one)
    rows: list[Row] = []
    for unit in outcome.needs.units:
        for gap in unit.gaps:
            own = bought.get((gap.unit, gap.item), [])
            price = own[0].line.vnd if own else None
            rows.append(
                (
                    len(rows) + 1,
                    unit.commune.name or gap.unit,
                    spoken.ITEMS[gap.item],
                    "chiếc",
                    _whole(gap.expected.low),
                    gap.have,
                    gap.broken + _worn_out(unit, gap),
                    _whole(gap.lacking.low),
                    len(own),
                    price,
                    None if price is None else times(len(rows), 8, 9, price * len(own)),
                    ", ".join(sorted({one.source for one in own if one.source})) or None,
                    "; ".join(sorted({spoken.reason(one.line.why) for one in own})) or None,
                )
            )
    return Table(name="Danh mục có căn cứ", headings=_BASIS, rows=(*rows, sum_row(rows, (8, 10), len(_BASIS))))


def _worn_out(unit: UnitNeeds, gap: Gap) -> int:
    return sum(
        one.asset.item is gap.item
        and one.asset.works is not False
        and one.advice.disposal.eligible is Answer.YES
        and one.advice.disposal.reason == "past_life"
        for one in unit.judged
    )


_CENTRAL = headings(
    ("STT", Look.NUMBER, 6),
    ("Tên tài sản", Look.TEXT, 28),
    ("Số lượng (chiếc)", Look.NUMBER, 12),
    ("Chủng loại", Look.TEXT, 24),
    ("Dự toán (đồng)", Look.MONEY, 18),
    ("Nguồn vốn mua sắm", Look.TEXT, 24),
    ("Phương thức thanh toán", Look.TEXT, 24),
    ("Dự kiến thời gian, địa điểm", Look.TEXT, 28),
    ("Các đề xuất khác", Look.TEXT, 24),
    ("Ghi chú", Look.TEXT, 24),
)


def _central(lines: Sequence[Settled]) -> Table:
    sums: dict[tuple[Item, str], list[int]] = {}
    for one in lines:
        if one.source is not None and one.line.action in (Action.BUY, Action.REPLACE):
            sums.setdefault((one.line.item, one.source), []).append(one.line.vnd or 0)
    order: Callable[[tuple[Item, str]], tuple[int, str]] = lambda key: (list(Item).index(key[0]), key[1])  # noqa: E731 - typed
    rows: list[Row] = [
        (at + 1, spoken.ITEMS[key[0]], len(sums[key]), None, sum(sums[key]), key[1], None, None, None, None)
        for at, key in enumerate(sorted(sums, key=order))
    ]
    return Table(name="Mua sắm tập trung", headings=_CENTRAL, rows=(*rows, sum_row(rows, (2, 4), len(_CENTRAL))))


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)
