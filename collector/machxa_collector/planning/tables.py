"""Lay a plan out as the tables that finance expects, with real numbers and days, and formulas for sums. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from machxa_collector.planning import spoken
from machxa_collector.planning.needs import UnitNeeds
from machxa_collector.planning.norms import Gap
from machxa_collector.planning.outcome import Outcome, Settled, override_of, settled
from machxa_collector.planning.wear import worn
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
    sources = (outcome.ceilings.shared_source, outcome.ceilings.own_source)
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
    ("Phương án", Look.TEXT, 16),
    ("Lý do phương án", Look.TEXT, 36),
    ("Quy tắc", Look.TEXT, 16),
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
    rows = [_line(at, one, outcome) for at, one in enumerate(lines)]
    total = sum_row(rows, (19, 21), len(_LINE))
    return Table(name=name, headings=_LINE, rows=(*rows, total))


def _line(at: int, one: Settled, outcome: Outcome) -> Row:
    line, judged, decided = one.line, one.judged, override_of(outcome, one.line)
    asset = None if judged is None else judged.asset
    value = None if asset is None else worn(asset, outcome.needs.basis.rules, outcome.needs.basis.today).book_value
    scored = None if judged is None else judged.scored
    case = None if judged is None else judged.advice.disposal
    gap = next((gap for gap in one.unit.gaps if gap.item is line.item), None)
    return (
        at + 1,
        one.unit.commune.name or line.unit,
        line.unit,
        spoken.ITEMS[line.item],
        None if asset is None else ", ".join(filter(None, (asset.code, asset.serial))) or asset.name,
        None if asset is None else asset.acquired_on,
        None if asset is None else asset.cost_vnd,
        None if value is None else _whole(value.low),
        None if value is None else _whole(value.high),
        None if scored is None else round(scored.total.low or 0.0, 1),
        None if scored is None else round(scored.total.high or 0.0, 1),
        None if scored is None else ", ".join(spoken.PARTS[name] for name, _ in scored.reasons) or None,
        None if asset is None else asset.failures,
        None if asset is None else asset.downtime_hours,
        spoken.ACTIONS[line.action],
        spoken.reason(line.why),
        line.rule,
        None if case is None else spoken.ANSWERS[case.eligible],
        None if case is None else spoken.reason(case.reason),
        1,
        line.vnd,
        None if line.vnd is None else times(at, 19, 20, line.vnd),
        one.source,
        None if gap is None else gap.allowed,
        line.priority,
        None if scored is None else round(scored.completeness, 3),
        None if one.left_out is None else spoken.reason(one.left_out),
        line.id,
        None if decided is None else spoken.decision(decided),
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
    ("Ghi chú", Look.TEXT, 50),
)


def _summary(outcome: Outcome, lines: Sequence[Settled]) -> Table:
    there = {gap.item for unit in outcome.needs.units for gap in unit.gaps}
    rows = [_class(item, outcome, lines) for item in Item if item in there]
    total = list(sum_row(rows, (11, 12), len(_SUMMARY)))
    total[0], total[1] = total[1], None
    total[13] = f"Giảm {round(outcome.plan.hours)} giờ-hồ sơ/năm (tính chung, không cộng theo loại)"
    return Table(name="Tổng hợp", headings=_SUMMARY, rows=(*rows, total))


def _class(item: Item, outcome: Outcome, lines: Sequence[Settled]) -> Row:
    gaps = [gap for unit in outcome.needs.units for gap in unit.gaps if gap.item is item]
    own = [one for one in lines if one.line.item is item]
    unpriced = sum(one.line.vnd is None for one in own)
    unknown = sum(gap.expected.low is None for gap in gaps)
    price = outcome.needs.basis.prices.price(item, Action.BUY)
    remarks = [f"{unknown}/{len(gaps)} đơn vị chưa có định mức hoặc số biên chế"] * bool(unknown)
    remarks += [f"{unpriced}/{len(own)} dòng chưa có đơn giá, chưa tính vào toàn bộ nhu cầu"] * bool(unpriced)

    def counted(action: Action) -> int:
        return sum(one.line.action is action for one in own)

    return (
        spoken.ITEMS[item],
        _whole(sum(gap.expected.low or 0 for gap in gaps)) if unknown < len(gaps) else None,
        sum(gap.have for gap in gaps),
        sum(gap.works for gap in gaps),
        counted(Action.REPLACE),
        counted(Action.UPGRADE),
        counted(Action.REPAIR),
        sum(one.item is item for one in outcome.needs.transfers),
        _whole(sum(max(0.0, gap.lacking.low or 0.0) for gap in gaps)) if unknown < len(gaps) else None,
        counted(Action.BUY),
        None if price is None else price.vnd,
        sum(one.line.vnd or 0 for one in own if one.source is not None),
        sum(one.line.vnd or 0 for one in own) if len(own) > unpriced or not own else None,
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
