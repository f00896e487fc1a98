"""Lay out the tables whose columns and words a decree or a ministry's form fixes: always in Vietnamese. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from machxa_collector.planning import spoken
from machxa_collector.planning.needs import UnitNeeds
from machxa_collector.planning.norms import Gap
from machxa_collector.planning.outcome import Outcome, Settled
from machxa_collector.planning.province import Needs
from machxa_collector.planning.tables import Row, Table, headings, sum_row, times
from machxa_collector.planning.words import Action, Answer, Item
from machxa_collector.registry.sheets.showing import Look

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


def with_basis(outcome: Outcome, lines: Sequence[Settled]) -> Table:
    """Return each unit's classes with the norm, what is there and what is proposed."""
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


def central(lines: Sequence[Settled]) -> Table:
    """Return what is bought, for the list of centralised purchases."""
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


_FORM_ITEMS = (Item.PC, Item.PRINTER, Item.SCANNER)
_FORM_OTHERS = (
    "Bộ họp trực tuyến",
    "Phần mềm bản quyền",
    "Tường lửa",
    "Switch",
    "Wifi",
    "Kênh Internet",
    "Kênh TSLCD",
    "Âm thanh ánh sáng",
    "Camera",
    "Màn hình LED",
    "Thiết bị CNTT khác",
)
_FORM = headings(
    ("STT", Look.NUMBER, 6),
    ("Xã/phường", Look.TEXT, 24),
    ("Tổng số cán bộ, công chức", Look.NUMBER, 12),
    *(
        (f"{spoken.ITEMS[item]}: {what}", look, 14)
        for item in _FORM_ITEMS
        for what, look in (
            ("định mức", Look.NUMBER),
            ("hiện có", Look.NUMBER),
            ("nhu cầu", Look.NUMBER),
            ("thành tiền", Look.MONEY),
        )
    ),
    *((name, Look.NUMBER, 12) for name in _FORM_OTHERS),
)


def commune_form(needs: Needs) -> Table:
    """Return the communes' IT-needs form filled; what no norm and no inventory tells is left to the commune."""
    rows: list[Row] = []
    for unit in needs.units:
        staff = unit.commune.staff
        cells: list[object] = [
            len(rows) + 1,
            unit.commune.name or unit.commune.code,
            sum(staff.values()) if staff else None,
        ]
        for item in _FORM_ITEMS:
            gap = next((gap for gap in unit.gaps if gap.item is item), None)
            price = needs.basis.prices.price(item, Action.BUY)
            need = None if gap is None or gap.lacking.low is None else max(0, round(gap.lacking.low))
            norm = None if gap is None or gap.expected.low is None else round(gap.expected.low)
            vnd = None if need is None or price is None else need * price.vnd
            cells += [norm, None if gap is None else gap.have, need, vnd]
        rows.append((*cells, *[None] * len(_FORM_OTHERS)))  # type: ignore[arg-type] # numbers and texts
    places = range(2, 3 + 4 * len(_FORM_ITEMS))
    return Table(name="Nhu cầu CNTT cấp xã", headings=_FORM, rows=(*rows, sum_row(rows, list(places), len(_FORM))))


_DISPOSAL = headings(
    ("STT", Look.NUMBER, 6),
    ("Đơn vị", Look.TEXT, 24),
    ("Tên tài sản", Look.TEXT, 30),
    ("Mã tài sản", Look.TEXT, 24),
    ("Số lượng", Look.NUMBER, 8),
    ("Nguyên giá", Look.MONEY, 16),
    ("Giá trị còn lại, thấp nhất", Look.MONEY, 16),
    ("Giá trị còn lại, cao nhất", Look.MONEY, 16),
    ("Lý do thanh lý", Look.TEXT, 36),
    ("Căn cứ", Look.TEXT, 36),
)


def disposals(needs: Needs) -> Table:
    """Return what form 01/TSC-XLTS asks of the assets whose disposal is proposed, or comes with a replacement."""
    rule, rows = needs.basis.rules.disposal, list[Row]()
    for unit in needs.units:
        for one in unit.judged:
            case = one.advice.disposal
            if one.advice.action not in (Action.DISPOSE, Action.REPLACE) or case.eligible is not Answer.YES:
                continue
            low, high = case.book_value.low, case.book_value.high
            rows.append(
                (
                    len(rows) + 1,
                    unit.commune.name or unit.commune.code,
                    case.name,
                    one.asset.code,
                    case.quantity,
                    case.cost_vnd,
                    None if low is None else round(low),
                    None if high is None else round(high),
                    spoken.reason(case.reason),
                    rule.source,
                )
            )
    return Table(name="Thanh lý 01-TSC-XLTS", headings=_DISPOSAL, rows=(*rows, sum_row(rows, (4, 5), len(_DISPOSAL))))


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)
